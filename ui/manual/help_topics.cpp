// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the table and walks the parents.
#include "ui/manual/help_topics.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTabWidget>

namespace lapidary::ui {

namespace {

/// "lapidary::ui::CutPanel" stands in the table as "CutPanel".
QString shortName(const QMetaObject& type) { return QString::fromLatin1(type.className()).section("::", -1); }

}  // namespace

HelpTopics::HelpTopics(const QString& root) {
  QFile file(root + QStringLiteral("/pages.json"));
  if (!file.open(QIODevice::ReadOnly)) return;
  const QJsonObject table = QJsonDocument::fromJson(file.readAll()).object();
  for (auto row = table.begin(); row != table.end(); ++row)
    if (row.value().isString()) m_rows.insert(row.key(), row.value().toString());
}

QString HelpTopics::ownTopic(const QWidget* widget) const {
  if (const auto* tabs = qobject_cast<const QTabWidget*>(widget); tabs != nullptr && tabs->count() > 0)
    if (const QString front = ownTopic(tabs->currentWidget()); !front.isEmpty()) return front;
  if (const QString named = m_rows.value(widget->objectName()); !named.isEmpty()) return named;
  for (const QMetaObject* type = widget->metaObject(); type != nullptr; type = type->superClass())
    if (const QString topic = m_rows.value(shortName(*type)); !topic.isEmpty()) return topic;
  return {};
}

QString HelpTopics::topicOf(const QWidget* widget) const {
  for (; widget != nullptr; widget = widget->parentWidget())
    if (const QString topic = ownTopic(widget); !topic.isEmpty()) return topic;
  return {};
}

}  // namespace lapidary::ui
