// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of all actions: those that the user chose, before those that the actions come with.
#pragma once

#include <QHash>
#include <QObject>

#include "ui/actions/action_info.h"

namespace lapidary::ui {

/// Lives on the GUI thread. The user's choices are kept in the settings.
class KeyBindings : public QObject {
  Q_OBJECT

 public:
  static KeyBindings& instance();

  /// The actions that there are from now on, in the order in which they are listed.
  void declare(std::vector<ActionInfo> actions);
  const std::vector<ActionInfo>& actions() const { return m_actions; }
  /// Null for an unknown id.
  const ActionInfo* find(const QString& id) const;

  /// Empty where the action has none, or where another that the user gave the same keys has them.
  QList<QKeySequence> keys(const QString& id) const { return m_keys.value(id); }
  /// As the user reads them.
  QString text(const QString& id) const { return keysText(keys(id)); }
  /// `sentence`, with the keys behind it in brackets where there are any.
  QString withKeys(const QString& sentence, const QString& id) const;
  /// Whether the user chose other keys than the usual ones.
  bool isChanged(const QString& id) const { return m_chosen.contains(id); }
  bool anyChanged() const { return !m_chosen.isEmpty(); }
  /// The other actions whose present keys would get in the way.
  QList<const ActionInfo*> conflicts(const QString& id, const QKeySequence& keys) const;

  /// Holds at once and is remembered; no keys are a choice, too.
  void set(const QString& id, const QKeySequence& keys);
  /// Gives `keys` to the action and takes them from all others that are free to lose theirs.
  void take(const QString& id, const QKeySequence& keys);
  void reset(const QString& id);
  void resetAll();

 signals:
  void declared();  ///< there are other actions now
  void changed();   ///< of an action, or of several

 private:
  void resolve();

  std::vector<ActionInfo> m_actions;
  QHash<QString, QKeySequence> m_chosen;
  QHash<QString, QList<QKeySequence>> m_keys;
};

}  // namespace lapidary::ui
