// SPDX-License-Identifier: GPL-3.0-or-later
// The page of the manual that a part of the window has: a table in the manual's folder, asked upwards from
// what has focus.
#pragma once

#include <QHash>
#include <QString>

class QWidget;

namespace lapidary::ui {

class HelpTopics {
 public:
  /// Reads "pages.json" of the manual's folder: object name or class -> "page.md#anchor".
  explicit HelpTopics(const QString& root = QStringLiteral(":/manual"));

  /// Of the nearest widget upwards that has a row, by its object name, its class or a class that this derives
  /// from; of tabs, that of the one in front. Empty: none has.
  QString topicOf(const QWidget* widget) const;
  QString row(const QString& name) const { return m_rows.value(name); }
  const QHash<QString, QString>& rows() const { return m_rows; }

 private:
  QString ownTopic(const QWidget* widget) const;

  QHash<QString, QString> m_rows;
};

}  // namespace lapidary::ui
