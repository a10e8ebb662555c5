// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing that is shown stays untranslated.
#include <gtest/gtest.h>

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QXmlStreamReader>

namespace lapidary::ui {

namespace {

struct Message {
  QString context, source;
  QStringList translations;
  bool finished = true, plural = false;
};

std::vector<Message> messagesOf(const QString& name) {
  QFile file(QStringLiteral(LAPIDARY_SOURCE_DIR "/translations/") + name);
  if (!file.open(QIODevice::ReadOnly)) return {};
  QXmlStreamReader xml(&file);
  std::vector<Message> messages;
  QString context;
  while (!xml.atEnd()) {
    if (xml.readNext() != QXmlStreamReader::StartElement) continue;
    if (xml.name() == u"name") context = xml.readElementText();
    if (xml.name() == u"message")
      messages.push_back({context, {}, {}, true, xml.attributes().hasAttribute("numerus")});
    if (xml.name() == u"source") messages.back().source = xml.readElementText();
    if (xml.name() == u"translation") {
      messages.back().finished = !xml.attributes().hasAttribute("type");
      if (!messages.back().plural) messages.back().translations << xml.readElementText();
    }
    if (xml.name() == u"numerusform") messages.back().translations << xml.readElementText();
  }
  EXPECT_FALSE(xml.hasError()) << xml.errorString().toStdString();
  return messages;
}

/// %1, %2, %n in order of value.
QStringList placeholders(const QString& text) {
  QStringList found;
  auto it = QRegularExpression("%(\\d|n)").globalMatch(text);
  while (it.hasNext()) found << it.next().captured();
  found.sort();
  found.removeDuplicates();
  return found;
}

}  // namespace

TEST(Translations, ChineseIsComplete) {
  const auto messages = messagesOf("lapidary_zh_CN.ts");
  ASSERT_GT(messages.size(), 100u);
  for (const auto& message : messages) {
    EXPECT_TRUE(message.finished) << message.context.toStdString() << ": " << message.source.toStdString();
    for (const auto& translation : message.translations) {
      EXPECT_FALSE(translation.trimmed().isEmpty()) << message.source.toStdString();
      EXPECT_EQ(placeholders(translation), placeholders(message.source)) << message.source.toStdString();
    }
  }
}

TEST(Translations, EnglishPluralsAreComplete) {
  const auto messages = messagesOf("lapidary_en.ts");
  ASSERT_GT(messages.size(), 3u);
  for (const auto& message : messages) {
    EXPECT_TRUE(message.finished) << message.source.toStdString();
    EXPECT_EQ(message.translations.size(), 2) << message.source.toStdString();
    for (const auto& translation : message.translations) EXPECT_FALSE(translation.contains("(s)"));
  }
}

TEST(Translations, EveryStringOfTheSourcesIsInTheFile) {
  QSet<QString> known;
  for (const auto& message : messagesOf("lapidary_zh_CN.ts")) known << message.source;
  const QRegularExpression call("\\btr\\(\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*)+)");
  const QRegularExpression literal("\"((?:[^\"\\\\]|\\\\.)*)\"");
  QDirIterator files(LAPIDARY_SOURCE_DIR "/ui", {"*.cpp", "*.h"}, QDir::Files, QDirIterator::Subdirectories);
  while (files.hasNext()) {
    QFile file(files.next());
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    auto it = call.globalMatch(QString::fromUtf8(file.readAll()));
    while (it.hasNext()) {
      QString source;
      auto parts = literal.globalMatch(it.next().captured(1));
      while (parts.hasNext()) source += parts.next().captured(1);
      source.replace("\\n", "\n").replace("\\\"", "\"");
      EXPECT_TRUE(known.contains(source)) << file.fileName().toStdString() << ": " << source.toStdString();
    }
  }
}

}  // namespace lapidary::ui
