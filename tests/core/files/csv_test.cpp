// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values.
#include "core/files/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/messages.h"

namespace lapidary::core {
namespace {

using ::testing::ElementsAre;

TEST(Csv, ReadsFieldsAndLines) {
  const auto rows = parseCsv(
      "\xef\xbb\xbf"
      "file,label\r\na.png,cat\n\nb.png,\n\"c\"");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_THAT(rows[0].fields, ElementsAre("file", "label"));
  EXPECT_THAT(rows[1].fields, ElementsAre("a.png", "cat"));
  EXPECT_THAT(rows[2].fields, ElementsAre("b.png", ""));
  EXPECT_EQ(rows[2].line, 4u);
  EXPECT_THAT(rows[3].fields, ElementsAre("c"));
}

TEST(Csv, ReadsQuotes) {
  const auto rows = parseCsv("\"a,\"\"b\"\".png\",\"two\nlines\"\nnext,1\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].fields, ElementsAre("a,\"b\".png", "two\nlines"));
  EXPECT_EQ(rows[1].line, 3u);
}

TEST(Csv, FindsTheSeparator) {
  EXPECT_EQ(csvSeparator("file,label\na.png,1\n"), ',');
  EXPECT_EQ(csvSeparator("file;label\r\na,b.png;1\r\n"), ';') << "a comma in a name is none";
  EXPECT_EQ(csvSeparator("\xef\xbb\xbf"
                         "file\tlabel\na.png\t1\n"),
            '\t');
  EXPECT_EQ(csvSeparator("\"a;b;c\",1\n\"d\",2"), ',') << "those in quotes do not count";
  EXPECT_EQ(csvSeparator("a;b,c;d\n1;2,5;3\n"), ';');
  EXPECT_EQ(csvSeparator("a.png\n"), ',');
  EXPECT_EQ(csvSeparator("sep=;\na,b;c\n"), ';');
}

TEST(Csv, ReadsWhatProgramsForTablesWrite) {
  const auto excel = parseCsv("sep=;\r\nfile;label\r\n\"a;b\";1\r\n;\r\n");
  ASSERT_EQ(excel.size(), 2u);
  EXPECT_THAT(excel[1].fields, ElementsAre("a;b", "1"));
  EXPECT_EQ(excel[1].line, 3u);
  const auto spaced = parseCsv("file , label\n a.png,  3 \n \"b, c.png\" ,\t4\n");
  ASSERT_EQ(spaced.size(), 3u);
  EXPECT_THAT(spaced[0].fields, ElementsAre("file", "label"));
  EXPECT_THAT(spaced[1].fields, ElementsAre("a.png", "3"));
  EXPECT_THAT(spaced[2].fields, ElementsAre("b, c.png", "4"));
  const auto tabs = parseCsv("file\tlabel\na b.png\t\n");
  EXPECT_THAT(tabs[1].fields, ElementsAre("a b.png", ""));
  EXPECT_EQ(parseCsv("a,b\rc,d\r").size(), 2u) << "ends of lines of old Macintoshes";
}

TEST(Csv, NamesAnotherEncoding) {
  EXPECT_EQ(testing::messageOf([] {
              parseCsv(
                  std::string_view("\xff\xfe"
                                   "a\0",
                                   4));
            }),
            "line 1: the text is UTF-16; save it as UTF-8");
}

TEST(Csv, EmptyTextHasNoRows) {
  EXPECT_TRUE(parseCsv("").empty());
  EXPECT_TRUE(parseCsv("\n\r\n").empty());
}

}  // namespace
}  // namespace lapidary::core
