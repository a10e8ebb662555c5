// SPDX-License-Identifier: GPL-3.0-or-later
// The list of all tabs, which is there while some of them hide behind arrows.
#pragma once

#include <QTabWidget>
#include <QToolButton>

namespace lapidary::ui {

class TabList : public QToolButton {
  Q_OBJECT

 public:
  /// Puts itself into the left corner of the tabs.
  explicit TabList(QTabWidget& tabs);

  bool eventFilter(QObject* watched, QEvent* event) override;
  /// Nothing while it is not there: the tabs leave room for a corner that is hidden too.
  QSize sizeHint() const override { return isHidden() ? QSize(0, 0) : QToolButton::sizeHint(); }

 private:
  void followWidth();
  void fillMenu();

  QTabWidget& m_tabs;
};

}  // namespace lapidary::ui
