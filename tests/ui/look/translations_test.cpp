// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing that is shown stays untranslated, and Chinese keeps its punctuation, its form of address and its
// terms.
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

/// Finds what the house does not write in Chinese, and says what it writes; empty: nothing was found.
QString flawOf(const QString& text) {
  struct Rule {
    QString pattern, cure;
  };
  const QString chinese = QStringLiteral("[\\x{3400}-\\x{9fff}]");
  static const Rule rules[]{
      {chinese + QStringLiteral("\\s*[;,!?:]|(?<!;)[;,!?:]\\s*") + chinese, QStringLiteral("；，！？：")},
      {chinese + QStringLiteral("\\((?!&)|\\)") + chinese, QStringLiteral("（）")},
      {QStringLiteral("你"), QStringLiteral("您")},
      {QStringLiteral("奈特"), QStringLiteral("nat")},
      {QStringLiteral("留出样本"), QStringLiteral("验证样本")},
  };
  for (const Rule& rule : rules)
    if (const auto found = QRegularExpression(rule.pattern).match(text); found.hasMatch())
      return QStringLiteral("“%1” is to be written with %2").arg(found.captured(), rule.cure);
  return {};
}

/// A page of the manual without code and without the addresses of links.
QString proseOf(QString page) {
  return page.remove(QRegularExpression("```.*?```", QRegularExpression::DotMatchesEverythingOption))
      .replace(QRegularExpression("`[^`]*`"), "X")
      .replace(QRegularExpression("!?\\[([^\\]]*)\\]\\([^)]*\\)"), "\\1");
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

TEST(Translations, ChineseIsWrittenAsTheHouseWritesIt) {
  for (const QString& text :
       {QString("正确率 %2;按等量"), QString("文件,标签"), QString("你的数据"), QString("层(三)")})
    EXPECT_FALSE(flawOf(text).isEmpty()) << text.toStdString();
  for (const auto& message : messagesOf("lapidary_zh_CN.ts"))
    for (const auto& translation : message.translations)
      EXPECT_TRUE(flawOf(translation).isEmpty())
          << flawOf(translation).toStdString() << ": " << translation.toStdString();
}

TEST(Translations, TheChineseManualIsWrittenAsTheHouseWritesIt) {
  QDirIterator pages(LAPIDARY_SOURCE_DIR "/resources/manual/zh_CN", {"*.md"}, QDir::Files);
  ASSERT_TRUE(pages.hasNext());
  while (pages.hasNext()) {
    QFile page(pages.next());
    ASSERT_TRUE(page.open(QIODevice::ReadOnly));
    for (const QString& line : proseOf(QString::fromUtf8(page.readAll())).split('\n'))
      EXPECT_TRUE(flawOf(line).isEmpty()) << flawOf(line).toStdString() << ": "
                                          << page.fileName().toStdString() << ": " << line.toStdString();
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
