// SPDX-License-Identifier: GPL-3.0-or-later
// Pages in either language, their order, and places named across languages.
#include "ui/manual/manual_pages.h"

#include <gtest/gtest.h>

#include "tests/ui/manual/pages_on_disk.h"

namespace lapidary::ui {

TEST(ManualPages, StandInTheOrderInWhichHomeListsThem) {
  const PagesOnDisk disk;
  const ManualPages pages("en", disk.root());
  ASSERT_EQ(pages.pages().size(), 3u);
  EXPECT_EQ(pages.pages()[0].file, "index.md");
  EXPECT_EQ(pages.pages()[1].file, "cut.md") << "zoo.md is linked to earlier, but not in the list";
  EXPECT_EQ(pages.pages()[1].title, "Cut");
}

TEST(ManualPages, AMissingTranslationIsSaidAndShownInEnglish) {
  const PagesOnDisk disk;
  const ManualPages pages("zh_CN", disk.root());
  const ManualPage* zoo = pages.find("zoo.md");
  ASSERT_NE(zoo, nullptr);
  EXPECT_FALSE(zoo->translated);
  EXPECT_EQ(zoo->title, "Zoo");
  EXPECT_TRUE(zoo->markdown.contains("not translated"));
  EXPECT_TRUE(pages.find("cut.md")->translated);
  EXPECT_EQ(pages.find("cut.md")->title, QString::fromUtf8("剪裁"));
  EXPECT_TRUE(ManualPages("en", disk.root()).find("zoo.md")->translated);
}

TEST(ManualPages, AnchorsNameHeadingsAndTheSecondOfAKind) {
  const PagesOnDisk disk;
  const ManualPages pages("en", disk.root());
  const ManualPage& cut = *pages.find("cut.md");
  EXPECT_EQ(pages.sectionOf(cut, "channels"), 2);
  EXPECT_EQ(pages.sectionOf(cut, "channels-1"), 3);
  EXPECT_EQ(pages.sectionOf(cut, "nowhere"), -1);
  EXPECT_EQ(pages.sectionOf(*pages.find("zoo.md"), "far-away"), 1);
}

TEST(ManualPages, EnglishAnchorsLeadToTheSameHeadingOfATranslation) {
  const PagesOnDisk disk;
  const ManualPages pages("zh_CN", disk.root());
  const ManualPage& cut = *pages.find("cut.md");
  EXPECT_EQ(pages.sectionOf(cut, "channels"), 2);
  EXPECT_EQ(pages.sectionOf(cut, QString::fromUtf8("通道")), 2);
}

TEST(ManualPages, PlacesAreReadAsLinksWriteThem) {
  EXPECT_EQ(ManualPlace::parse("cut.md#Low-rank").text(), "cut.md#low-rank");
  EXPECT_EQ(ManualPlace::parse("#layers", "cut.md").text(), "cut.md#layers");
  EXPECT_EQ(ManualPlace::parse("cut.md#%E5%B1%82").anchor, QString::fromUtf8("层"));
}

TEST(ManualPages, PicturesAreSharedByTheLanguagesAndNeverLeaveTheManual) {
  const PagesOnDisk disk;
  for (const char* language : {"en", "zh_CN"}) {
    const ManualPages pages(language, disk.root());
    EXPECT_TRUE(pages.picturePath("pictures/one.png").endsWith("en/pictures/one.png"));
    EXPECT_TRUE(pages.picturePath("pictures/two.png").isEmpty());
    EXPECT_TRUE(pages.picturePath("../../../../../../../../etc/hostname").isEmpty());
  }
}

}  // namespace lapidary::ui
