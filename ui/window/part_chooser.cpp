// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/part_chooser.h"

#include <QAction>
#include <QActionGroup>
#include <QMenu>

#include "ui/files/part_text.h"
#include "ui/look/number_text.h"
#include "ui/window/window_actions.h"

namespace lapidary::ui {

PartChooser::PartChooser(QWidget* parent) : QPushButton(parent), m_menu(new QMenu(this)) {
  setObjectName(QStringLiteral("dataPart"));
  setProperty("look", "small");
  setCursor(Qt::PointingHandCursor);
  setFocusPolicy(Qt::TabFocus);
  setAccessibleName(tr("Part of the data"));
  connect(this, &QPushButton::clicked, this, &PartChooser::openMenu);
  hide();
}

void PartChooser::followKeys(const QAction& action) {
  const auto follow = [this, &action] { setToolTip(tipWithKeys(action)); };
  connect(&action, &QAction::changed, this, follow);
  follow();
}

void PartChooser::offer(const core::Dataset* samples) {
  m_parts = samples != nullptr ? samples->source().parts() : core::DataParts{};
  if (samples != nullptr) m_place = core::dataPlace(samples->source().path());
  setVisible(severalParts());
  m_menu->clear();
  if (severalParts()) fill();
}

void PartChooser::fill() {
  setText(partText(*m_parts.taken) + QStringLiteral(" ▾"));
  auto* group = new QActionGroup(m_menu);
  for (const auto& [part, samples] : m_parts.samples) {
    QAction* action = m_menu->addAction(
        tr("%1 · %2 samples").arg(partText(part), countText(static_cast<std::int64_t>(samples))));
    action->setCheckable(true);
    action->setChecked(part == m_parts.taken);
    group->addAction(action);
    connect(action, &QAction::triggered, this, [this, wanted = part] {
      if (wanted != m_parts.taken) emit chosen(QString::fromStdString(core::pathOf({m_place.file, wanted})));
    });
  }
}

void PartChooser::openMenu() {
  if (!severalParts()) return;
  m_menu->popup(mapToGlobal(QPoint(0, height() + 2)));
  for (QAction* action : m_menu->actions())
    if (action->isChecked()) m_menu->setActiveAction(action);
}

}  // namespace lapidary::ui
