// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tab_list.h"

#include <QCoreApplication>
#include <QEvent>
#include <QMenu>
#include <QTabBar>

namespace lapidary::ui {

TabList::TabList(QTabWidget& tabs) : QToolButton(&tabs), m_tabs(tabs) {
  setObjectName(QStringLiteral("tabList"));
  setText(QStringLiteral("☰"));
  setToolTip(tr("All tabs"));
  setAccessibleName(toolTip());
  setFocusPolicy(Qt::TabFocus);
  setPopupMode(QToolButton::InstantPopup);
  setProperty("look", "button");
  setMenu(new QMenu(this));
  connect(menu(), &QMenu::aboutToShow, this, &TabList::fillMenu);
  tabs.setCornerWidget(this, Qt::TopLeftCorner);
  tabs.installEventFilter(this);
  tabs.tabBar()->installEventFilter(this);
  followWidth();
}

bool TabList::eventFilter(QObject*, QEvent* event) {
  switch (event->type()) {
    case QEvent::Resize:
    case QEvent::Show:
    case QEvent::LayoutRequest:
    case QEvent::StyleChange:
    case QEvent::FontChange:
      followWidth();
      break;
    default:
      break;
  }
  return false;
}

/// By the width of everything, not by what is left of it: showing this button must not call for it.
void TabList::followWidth() {
  int needed = 0;
  for (int i = 0; i < m_tabs.count(); ++i) needed += m_tabs.tabBar()->tabRect(i).width();
  if (const QWidget* corner = m_tabs.cornerWidget(Qt::TopRightCorner)) needed += corner->width();
  const bool wanted = needed > m_tabs.width();
  if (wanted == isVisibleTo(&m_tabs)) return;
  setVisible(wanted);
  QCoreApplication::postEvent(&m_tabs,
                              new QEvent(QEvent::LayoutRequest));  // it would leave the room as it was
}

void TabList::fillMenu() {
  menu()->clear();
  for (int i = 0; i < m_tabs.count(); ++i) {
    QAction* action = menu()->addAction(m_tabs.tabText(i));
    action->setCheckable(true);
    action->setChecked(i == m_tabs.currentIndex());
    connect(action, &QAction::triggered, &m_tabs, [this, i] { m_tabs.setCurrentIndex(i); });
  }
}

}  // namespace lapidary::ui
