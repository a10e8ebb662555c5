// SPDX-License-Identifier: GPL-3.0-or-later
// What is found, in which order, and the lines that show why.
#include "ui/manual/manual_search.h"

#include <gtest/gtest.h>

#include "tests/ui/manual/pages_on_disk.h"
#include "ui/manual/manual_pages.h"

namespace lapidary::ui {

namespace {

QStringList titles(const std::vector<ManualHit>& hits) {
  QStringList list;
  for (const auto& hit : hits) list << hit.title;
  return list;
}

class ManualSearchTest : public testing::Test {
 protected:
  std::vector<ManualHit> find(const char* words, const char* language = "en") const {
    return ManualSearch(ManualPages(language, m_disk.root())).find(QString::fromUtf8(words));
  }
  PagesOnDisk m_disk;
};

}  // namespace

TEST_F(ManualSearchTest, HeadingsComeBeforeText) {
  const auto hits = find("layers");
  ASSERT_GE(hits.size(), 3u);
  EXPECT_EQ(hits[0].title, QString::fromUtf8("Cut › Layers"));
  EXPECT_GT(hits[0].score, hits[1].score);
}

TEST_F(ManualSearchTest, SectionsWithAllWordsComeBeforeThoseWithOne) {
  const auto hits = find("removing channels");
  ASSERT_GE(hits.size(), 2u);
  EXPECT_EQ(hits[0].section, 2) << "the other section of that name has only its heading";
  EXPECT_TRUE(hits[0].excerpt.contains("removes whole channels"));
}

TEST_F(ManualSearchTest, CaseWidthAndEndingsDoNotMatter) {
  const QStringList usual = titles(find("channel"));
  ASSERT_FALSE(usual.isEmpty());
  EXPECT_EQ(titles(find("CHANNELS")), usual);
  EXPECT_EQ(titles(find("ｃｈａｎｎｅｌ")), usual);
  EXPECT_EQ(titles(find("prune")), titles(find("pruning")));
  EXPECT_TRUE(find("annel").empty()) << "words are found by their beginning";
}

TEST_F(ManualSearchTest, ChineseIsFoundInsideASentenceAndInPieces) {
  const auto whole = find("移除整个通道", "zh_CN");
  ASSERT_FALSE(whole.empty());
  EXPECT_EQ(whole[0].title, QString::fromUtf8("剪裁 › 通道"));
  const auto pieces = find("移除通道", "zh_CN");  // these characters follow each other nowhere
  ASSERT_FALSE(pieces.empty());
  EXPECT_EQ(pieces[0].section, 2);
  EXPECT_EQ(find("onnx", "zh_CN").size(), 1u) << "full-width letters";
}

TEST_F(ManualSearchTest, MarksStandOnTheWordsOfTheExcerpt) {
  m_disk.write("en/long.md", "# Long\n\n" + QByteArray("filler words ").repeated(100) +
                                 "the NEEDLE\u4e2d is here " + QByteArray("and more ").repeated(100));
  const auto hits = find("needle");
  ASSERT_EQ(hits.size(), 1u);
  ASSERT_EQ(hits[0].marks.size(), 1u);
  EXPECT_EQ(hits[0].excerpt.mid(hits[0].marks[0].start, hits[0].marks[0].length), "NEEDLE");
  EXPECT_TRUE(hits[0].excerpt.startsWith(QString::fromUtf8("…")));
  EXPECT_TRUE(hits[0].excerpt.endsWith(QString::fromUtf8("…")));
  EXPECT_LT(hits[0].excerpt.size(), 200);
}

TEST_F(ManualSearchTest, WholeWordsComeBeforeBeginningsAndTitlesBeforeText) {
  m_disk.write("en/a.md", "# Ports\n\nportable portable portable portable portable\n");
  m_disk.write("en/b.md", "# Harbour\n\nThe portal is portable. Portable portable portable portable.\n");
  m_disk.write("en/c.md", "# Sea\n\nA port lies there.\n");
  EXPECT_EQ(titles(find("port")), (QStringList{"Ports", "Sea", "Harbour"}));
}

TEST_F(ManualSearchTest, OtherWordsForTheSameAreFoundBehindTheWordsThemselves) {
  m_disk.write("en/a.md", "# One\n\nHow to shrink it.\n");
  m_disk.write("en/b.md", "# Two\n\nHow to compress it.\n");
  EXPECT_EQ(titles(find("shrink")).first(), QStringLiteral("One"));
  EXPECT_TRUE(titles(find("shrink")).contains(QStringLiteral("Two")));
  EXPECT_EQ(titles(find("compressing")).first(), QStringLiteral("Two"));
}

TEST_F(ManualSearchTest, AWordThatTheManualLacksIsMarkedByWhatMeansTheSame) {
  m_disk.write("en/a.md", "# One\n\nThe latency of a sample.\n");
  const auto hits = find("speed");
  ASSERT_FALSE(hits.empty());
  ASSERT_FALSE(hits[0].marks.empty());
  EXPECT_EQ(hits[0].excerpt.mid(hits[0].marks[0].start, hits[0].marks[0].length), "latency");
}

TEST_F(ManualSearchTest, BitsAreTypesAndChineseHasItsOwnWords) {
  m_disk.write("en/a.md", "# Types\n\nPacked as INT4.\n");
  m_disk.write("zh_CN/a.md", QStringLiteral("# 类型\n\n撤销一步。\n").toUtf8());
  for (const char* typed : {"4 bit", "4-bit", "4bits"})
    EXPECT_TRUE(titles(find(typed)).contains(QStringLiteral("Types"))) << typed;
  EXPECT_TRUE(titles(find("后退", "zh_CN")).contains(QStringLiteral("类型")));
}

TEST_F(ManualSearchTest, NothingIsFoundForNothing) {
  EXPECT_TRUE(find("").empty());
  EXPECT_TRUE(find("?!").empty());
  EXPECT_TRUE(find("xylophone").empty());
}

}  // namespace lapidary::ui
