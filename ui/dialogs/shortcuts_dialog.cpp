// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of keys in two columns of about the same height.
#include "ui/dialogs/shortcuts_dialog.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QScreen>
#include <QScrollArea>

#include "ui/actions/key_bindings.h"
#include "ui/manual/help.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

struct KeyGroup {
  QString name;
  QList<std::pair<QString, QString>> lines;  ///< text and keys
};

/// Actions without keys are left out.
QList<KeyGroup> keyGroups() {
  QList<KeyGroup> groups;
  const KeyBindings& bindings = KeyBindings::instance();
  for (const ActionInfo& action : bindings.actions()) {
    const QString keys = keysText(bindings.keys(action.id), action.gesture);
    if (keys.isEmpty()) continue;
    if (groups.isEmpty() || groups.back().name != action.group) groups.append({action.group, {}});
    groups.back().lines.append({action.text, keys});
  }
  return groups;
}

/// One grid for all groups of a column, so that their keys stand below each other.
QGridLayout* makeKeyColumn() {
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(20);
  grid->setVerticalSpacing(3);
  grid->setColumnStretch(0, 1);
  return grid;
}

void addGroup(QGridLayout* grid, const KeyGroup& group) {
  if (grid->count() > 0) grid->setRowMinimumHeight(grid->rowCount(), 12);
  grid->addWidget(makeGroupCaption(group.name), grid->rowCount(), 0, 1, 2);
  for (const auto& [text, keys] : group.lines) {
    const int row = grid->rowCount();
    grid->addWidget(new QLabel(text), row, 0);
    grid->addWidget(makeLabel(keys, "muted"), row, 1);
  }
}

/// A group's lines and its caption with the space above.
qsizetype heightOf(const KeyGroup& group) { return group.lines.size() + 2; }

}  // namespace

ShortcutsDialog::ShortcutsDialog(QWidget* parent)
    : QDialog(parent), m_area(new QScrollArea), m_change(makeButton(tr("Change keys…"), "")) {
  m_area->setAccessibleName(tr("Keyboard shortcuts"));
  setWindowTitle(tr("Shortcuts"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 16, 20, 16);
  column->setSpacing(12);
  m_area->setWidgetResizable(true);
  m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  column->addWidget(m_area, 1);
  auto* close = makeButton(tr("Close"), "primary");
  auto* foot = new QHBoxLayout;
  foot->addWidget(help::addTo(this));
  foot->addStretch();
  foot->addWidget(m_change);
  foot->addWidget(close);
  column->addLayout(foot);
  connect(m_change, &QPushButton::clicked, this, &ShortcutsDialog::changeAsked);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  connect(&KeyBindings::instance(), &KeyBindings::changed, this, &ShortcutsDialog::fill);
  fill();
  const QSize body = m_area->widget()->sizeHint();
  resize(body.width() + 60, std::min(body.height() + 100, screen()->availableGeometry().height() - 60));
  close->setFocus();
}

void ShortcutsDialog::fill() {
  const auto groups = keyGroups();
  qsizetype all = 0, placed = 0;
  for (const KeyGroup& group : groups) all += heightOf(group);
  auto* body = new QWidget;
  body->setObjectName(QStringLiteral("plain"));
  auto* columns = new QHBoxLayout(body);
  columns->setContentsMargins(0, 0, 8, 0);
  columns->setSpacing(40);
  QGridLayout* grid = nullptr;
  for (const KeyGroup& group : groups) {
    if (grid == nullptr || (columns->count() == 1 && placed + heightOf(group) / 2 > all / 2)) {
      grid = makeKeyColumn();
      columns->addLayout(grid, 1);
    }
    addGroup(grid, group);
    placed += heightOf(group);
  }
  for (int i = 0; i < columns->count(); ++i) {
    auto* filled = static_cast<QGridLayout*>(columns->itemAt(i)->layout());
    filled->setRowStretch(filled->rowCount(), 1);
  }
  m_area->setWidget(body);
}

}  // namespace lapidary::ui
