// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the user's keys in the settings and settles who has which.
#include "ui/actions/key_bindings.h"

#include <algorithm>

#include "ui/look/settings.h"

namespace lapidary::ui {

namespace {

QString settingOf(const QString& id) { return QStringLiteral("keys/") + id; }

bool clashesWithAny(const QKeySequence& keys, const QList<QKeySequence>& others) {
  return std::any_of(others.begin(), others.end(), [&](const auto& other) { return clash(keys, other); });
}

}  // namespace

KeyBindings& KeyBindings::instance() {
  static KeyBindings bindings;
  return bindings;
}

void KeyBindings::declare(std::vector<ActionInfo> actions) {
  m_actions = std::move(actions);
  m_chosen.clear();
  for (const ActionInfo& action : m_actions) {
    const QVariant chosen = action.editable ? settings::value(settingOf(action.id)) : QVariant();
    if (chosen.isValid())
      m_chosen.insert(action.id, QKeySequence(chosen.toString(), QKeySequence::PortableText));
  }
  resolve();
  emit declared();
}

const ActionInfo* KeyBindings::find(const QString& id) const {
  const auto found =
      std::find_if(m_actions.begin(), m_actions.end(), [&](const ActionInfo& a) { return a.id == id; });
  return found == m_actions.end() ? nullptr : &*found;
}

QString KeyBindings::withKeys(const QString& sentence, const QString& id) const {
  const QString shown = text(id);
  return shown.isEmpty() ? sentence : QStringLiteral("%1 (%2)").arg(sentence, shown);
}

QList<const ActionInfo*> KeyBindings::conflicts(const QString& id, const QKeySequence& keys) const {
  QList<const ActionInfo*> found;
  const ActionInfo* own = find(id);
  for (const ActionInfo& other : m_actions)
    if (own != nullptr && other.id != id && overlap(own->context, other.context) &&
        clashesWithAny(keys, m_keys.value(other.id)))
      found << &other;
  return found;
}

/// A settings file edited by hand, or an action that is new in this version, may bring keys that have an
/// owner: the keys of controls stand first, then those that were chosen, then the usual ones.
void KeyBindings::resolve() {
  m_keys.clear();
  for (const ActionInfo& action : m_actions)
    if (!action.editable) m_keys.insert(action.id, action.keys);
  const auto give = [this](const ActionInfo& action, const QKeySequence& keys) {
    if (!keys.isEmpty() && conflicts(action.id, keys).isEmpty()) m_keys.insert(action.id, {keys});
  };
  for (const ActionInfo& action : m_actions)
    if (action.editable && isChanged(action.id)) give(action, m_chosen.value(action.id));
  for (const ActionInfo& action : m_actions)
    if (action.editable && !isChanged(action.id)) give(action, action.keys.value(0));
  emit changed();
}

void KeyBindings::set(const QString& id, const QKeySequence& keys) {
  const ActionInfo* action = find(id);
  if (action == nullptr || !action->editable) return;
  if (keys == action->keys.value(0)) return reset(id);
  settings::setValue(settingOf(id), keys.toString(QKeySequence::PortableText));
  m_chosen.insert(id, keys);
  resolve();
}

void KeyBindings::take(const QString& id, const QKeySequence& keys) {
  for (const ActionInfo* other : conflicts(id, keys)) set(other->id, {});
  set(id, keys);
}

void KeyBindings::reset(const QString& id) {
  settings::remove(settingOf(id));
  m_chosen.remove(id);
  resolve();
}

void KeyBindings::resetAll() {
  for (const QString& id : m_chosen.keys()) settings::remove(settingOf(id));
  m_chosen.clear();
  resolve();
}

}  // namespace lapidary::ui
