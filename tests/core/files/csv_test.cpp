// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values.
#include "core/files/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(Csv, EmptyTextHasNoRows) {
  EXPECT_TRUE(parseCsv("").empty());
  EXPECT_TRUE(parseCsv("\n\r\n").empty());
}

}  // namespace
}  // namespace lapidary::core
