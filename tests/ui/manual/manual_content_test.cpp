// SPDX-License-Identifier: GPL-3.0-or-later
// The manual itself: nothing in it leads nowhere, and no part of the window is without a page.
#include <gtest/gtest.h>

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include "ui/manual/help_topics.h"
#include "ui/manual/manual_pages.h"
#include "ui/manual/manual_search.h"
#include "ui/manual/page_style.h"

namespace lapidary::ui {

namespace {

const QString folder = QStringLiteral(LAPIDARY_SOURCE_DIR "/resources/manual");
const QStringList languages{"en", "zh_CN"};

std::string where(const QString& language, const ManualPage& page, const QString& what) {
  return QStringLiteral("%1/%2: %3").arg(language, page.file, what).toStdString();
}

/// Names of the classes of the window that a name pattern and a base class tell.
QStringList classesOfUi(const QString& name, const QString& base) {
  const QRegularExpression declared(
      QStringLiteral("\\bclass (%1)(?: final)? : public (?:%2)\\b").arg(name, base));
  QStringList found;
  QDirIterator files(LAPIDARY_SOURCE_DIR "/ui", {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
  while (files.hasNext()) {
    QFile file(files.next());
    if (!file.open(QIODevice::ReadOnly)) continue;
    auto it = declared.globalMatch(QString::fromUtf8(file.readAll()));
    while (it.hasNext()) found << it.next().captured(1);
  }
  return found;
}

void expectRows(const QStringList& classes) {
  const HelpTopics topics(folder);
  for (const QString& name : classes)
    EXPECT_FALSE(topics.row(name).isEmpty())
        << name.toStdString() << " has no row in resources/manual/pages.json";
}

}  // namespace

TEST(ManualContent, HasTheSamePagesAndHeadingsInBothLanguages) {
  const ManualPages english("en", folder), chinese("zh_CN", folder);
  ASSERT_GT(english.pages().size(), 10u);
  ASSERT_EQ(chinese.pages().size(), english.pages().size());
  for (const ManualPage& page : chinese.pages()) {
    EXPECT_TRUE(page.translated) << page.file.toStdString() << " is not translated";
    const ManualPage* other = english.find(page.file);
    ASSERT_TRUE(QFile::exists(folder + "/en/" + page.file))
        << page.file.toStdString() << " has no English page";
    ASSERT_EQ(page.sections.size(), other->sections.size()) << page.file.toStdString();
    for (std::size_t i = 0; i < page.sections.size(); ++i)
      EXPECT_EQ(page.sections[i].level, other->sections[i].level)
          << page.file.toStdString() << ": " << page.sections[i].heading.toStdString();
  }
}

TEST(ManualContent, EveryLinkLeadsToAHeading) {
  int followed = 0;
  for (const QString& language : languages) {
    const ManualPages pages(language, folder);
    for (const ManualPage& page : pages.pages())
      for (const QString& link : linksOf(page.markdown)) {
        if (isExternal(link)) continue;
        const ManualPlace place = ManualPlace::parse(link, page.file);
        const ManualPage* target = pages.find(place.file);
        ++followed;
        ASSERT_NE(target, nullptr) << where(language, page, link);
        EXPECT_TRUE(place.anchor.isEmpty() || pages.sectionOf(*target, place.anchor) >= 0)
            << where(language, page, link);
      }
  }
  EXPECT_GT(followed, 50);
}

TEST(ManualContent, EveryPictureIsThere) {
  int seen = 0;
  for (const QString& language : languages) {
    const ManualPages pages(language, folder);
    for (const ManualPage& page : pages.pages())
      for (const QString& picture : picturesOf(page.markdown)) {
        ++seen;
        EXPECT_FALSE(pages.picturePath(picture).isEmpty()) << where(language, page, picture);
      }
  }
  EXPECT_GT(seen, 5);
}

TEST(ManualContent, EveryPageHasATitleAndIsLinkedTo) {
  for (const QString& language : languages) {
    const ManualPages pages(language, folder);
    QStringList linked{pages.homeFile()};
    for (const ManualPage& page : pages.pages()) {
      ASSERT_FALSE(page.sections.empty()) << where(language, page, "empty");
      EXPECT_EQ(page.sections.front().level, 1) << where(language, page, "does not begin with its title");
      for (const QString& link : linksOf(page.markdown))
        if (!link.startsWith('#')) linked << ManualPlace::parse(link).file;
    }
    for (const ManualPage& page : pages.pages())
      EXPECT_TRUE(linked.contains(page.file)) << where(language, page, "no page links to it");
  }
}

TEST(ManualContent, EveryRowOfTheTableLeadsToAHeading) {
  const HelpTopics topics(folder);
  ASSERT_GT(topics.rows().size(), 20);
  for (const QString& language : languages) {
    const ManualPages pages(language, folder);
    for (auto row = topics.rows().begin(); row != topics.rows().end(); ++row) {
      const ManualPlace place = ManualPlace::parse(row.value());
      const ManualPage* page = pages.find(place.file);
      ASSERT_NE(page, nullptr) << row.key().toStdString() << ": " << row.value().toStdString();
      EXPECT_TRUE(place.anchor.isEmpty() || pages.sectionOf(*page, place.anchor) >= 0)
          << language.toStdString() << ", " << row.key().toStdString() << ": " << row.value().toStdString();
    }
  }
}

TEST(ManualContent, EveryDialogHasAPage) {
  const QStringList dialogs = classesOfUi("\\w+", "QDialog");
  ASSERT_GE(dialogs.size(), 7) << "the test looks in the wrong place";
  expectRows(dialogs);
}

TEST(ManualContent, EveryTabAndPanelHasAPage) {
  const QStringList parts =
      classesOfUi("\\w+(?:Panel|Section|View|Page|Strip)", "QWidget|QScrollArea|QFrame|QMainWindow");
  ASSERT_GE(parts.size(), 15) << "the test looks in the wrong place";
  // Parts of the Saliency tab and of the pages, which are asked for the page of what they stand in.
  QStringList own = parts;
  own.removeAll("StripView");
  expectRows(own);
}

TEST(ManualContent, IsCompiledIn) {
  QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
  int checked = 0;
  while (files.hasNext()) {
    const QString path = files.next();
    if (!path.endsWith(".md") && !path.endsWith(".png") && !path.endsWith(".json")) continue;
    ++checked;
    EXPECT_TRUE(QFile::exists(":/manual" + path.mid(folder.size()))) << path.toStdString();
  }
  EXPECT_GT(checked, 10);
}

TEST(ManualContent, AnswersWhatANewUserAsks) {
  const ManualSearch search{ManualPages("en", folder)};
  const std::vector<std::pair<const char*, const char*>> questions{
      {"why can channels not be removed", "troubleshooting.md"},
      {"calibration samples", "cut.md"},
      {"undo", "sessions.md"},
      {"run in onnxruntime", "export.md"},
      {"deploy", "export.md"},
      {"student", "distil.md"},
      {"shrink the model", "cut.md"},
      {"Ctrl+B", "keyboard.md"},
      {"does it send my data over the network", "privacy.md"}};
  for (const auto& [question, file] : questions) {
    const auto hits = search.find(question, 5);
    const bool found =
        std::any_of(hits.begin(), hits.end(), [&](const ManualHit& hit) { return hit.file == file; });
    EXPECT_TRUE(found) << question << (hits.empty() ? "" : ": first is " + hits[0].title.toStdString());
  }
}

}  // namespace lapidary::ui
