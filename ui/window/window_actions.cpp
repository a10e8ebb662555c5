// SPDX-License-Identifier: GPL-3.0-or-later
// Makes QActions of rows and keeps them up to date.
#include "ui/window/window_actions.h"

#include <QPointer>
#include <QPushButton>

#include "ui/actions/control_keys.h"
#include "ui/actions/key_bindings.h"
#include "ui/look/theme.h"
#include "ui/window/main_window.h"

namespace lapidary::ui {

WindowActions::WindowActions(MainWindow& window, std::vector<ActionRow> rows)
    : m_window(window), m_rows(std::move(rows)) {
  std::vector<ActionInfo> infos;
  for (const ActionRow& row : m_rows) {
    make(row);
    infos.push_back(row.info);
  }
  for (ActionInfo& info : controlKeys()) infos.push_back(std::move(info));
  KeyBindings::instance().declare(std::move(infos));
  connect(&KeyBindings::instance(), &KeyBindings::changed, this, &WindowActions::takeKeys);
  followWindow();
  takeKeys();
  refresh();
}

void WindowActions::make(const ActionRow& row) {
  auto* action = new QAction(row.info.text, this);
  action->setObjectName(row.info.id);
  action->setIconText(row.shortText.isEmpty() ? row.info.text : row.shortText);
  action->setCheckable(static_cast<bool>(row.checked));
  action->setAutoRepeat(!row.oncePerPress);
  action->setMenuRole(QAction::NoRole);
  connect(action, &QAction::triggered, this, [this, run = row.run] {
    const QPointer<WindowActions> self(this);  // the window may be built anew meanwhile
    run(m_window);
    if (self) refresh();
  });
  m_actions.insert(row.info.id, action);
  m_window.addAction(action);
}

void WindowActions::followWindow() {
  Document& document = m_window.document();
  connect(&document, &Document::opened, this, &WindowActions::refresh);
  connect(&document, &Document::recipeChanged, this, &WindowActions::refresh);
  for (const auto changed : {&QUndoStack::canUndoChanged, &QUndoStack::canRedoChanged})
    connect(document.undoStack(), changed, this, &WindowActions::refresh);
  for (const auto changed : {&QUndoStack::undoTextChanged, &QUndoStack::redoTextChanged})
    connect(document.undoStack(), changed, this, &WindowActions::refresh);
  connect(&Theme::instance(), &Theme::changed, this, &WindowActions::refresh);
}

QAction* WindowActions::at(const QString& id) const {
  QAction* action = m_actions.value(id);
  Q_ASSERT_X(action != nullptr, "WindowActions::at", qPrintable(id));
  return action;
}

QList<QAction*> WindowActions::startingWith(const QString& prefix) const {
  QList<QAction*> found;
  for (const ActionRow& row : m_rows)
    if (row.info.id.startsWith(prefix)) found << m_actions.value(row.info.id);
  return found;
}

void WindowActions::refresh() {
  for (const ActionRow& row : m_rows) {
    QAction* action = m_actions.value(row.info.id);
    action->setEnabled(!row.enabled || row.enabled(m_window));
    if (row.checked) action->setChecked(row.checked(m_window));
    const QString present = row.presentTip ? row.presentTip(m_window) : QString();
    action->setToolTip(present.isEmpty() ? row.info.tip : present);
  }
}

void WindowActions::takeKeys() {
  for (const ActionRow& row : m_rows)
    m_actions.value(row.info.id)->setShortcuts(KeyBindings::instance().keys(row.info.id));
}

QString tipWithKeys(const QAction& action) {
  const QString keys = action.shortcut().toString(QKeySequence::NativeText);
  return keys.isEmpty() ? action.toolTip() : QStringLiteral("%1 (%2)").arg(action.toolTip(), keys);
}

void followAction(QPushButton* button, QAction* action) {
  const auto refresh = [button, action] {
    button->setText(action->iconText());
    button->setToolTip(tipWithKeys(*action));
    button->setEnabled(action->isEnabled());
  };
  QObject::connect(action, &QAction::changed, button, refresh);
  QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
  refresh();
}

}  // namespace lapidary::ui
