// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as they are shown.
#include "ui/look/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lapidary::ui {

TEST(NumberText, BytesHaveDecimalUnitsAndThreeFigures) {
  EXPECT_EQ(bytesText(0), "0 B");
  EXPECT_EQ(bytesText(999), "999 B");
  EXPECT_EQ(bytesText(1000), "1.00 kB");
  EXPECT_EQ(bytesText(74'312), "74.3 kB");
  EXPECT_EQ(bytesText(107'900), "108 kB");
  EXPECT_EQ(bytesText(999'499), "999 kB");
  EXPECT_EQ(bytesText(999'999), "1.00 MB");
  EXPECT_EQ(bytesText(1'724'000), "1.72 MB");
  EXPECT_EQ(bytesText(3'000'000'000'000), "3.00 TB");
}

TEST(NumberText, CountsAreGrouped) {
  EXPECT_EQ(countText(431'080), "431,080");
  EXPECT_EQ(countText(-5), "\u22125");
  EXPECT_EQ(shortCountText(520), "520");
  EXPECT_EQ(shortCountText(400'500), "400.5 k");
  EXPECT_EQ(shortCountText(999'990), "1.0 M");
}

TEST(NumberText, SharesAndPoints) {
  EXPECT_EQ(percentText(0.984, 2), "98.40 %");
  EXPECT_EQ(percentText(-0.95, 0), "\u221295 %");
  EXPECT_EQ(pointsText(-0.001), "\u22120.10");
  EXPECT_EQ(pointsText(0.0011), "+0.11");
  EXPECT_EQ(pointsText(0), "0.00");
  EXPECT_EQ(pointsText(-0.00001), "0.00") << "no sign on what rounds to zero";
}

TEST(NumberText, SignificantFigures) {
  EXPECT_EQ(significantText(0.0142), "0.0142");
  EXPECT_EQ(significantText(0.5), "0.500");
  EXPECT_EQ(significantText(9.996), "10.0");
  EXPECT_EQ(significantText(5912.4, 5), "5,912.4");
  EXPECT_EQ(significantText(-0.25), "\u22120.250");
  EXPECT_EQ(significantText(0), "0.00");
  EXPECT_EQ(significantText(-0.00002), "\u22122.00e\u221205");
  EXPECT_EQ(significantText(std::numeric_limits<double>::infinity()), "∞");
  EXPECT_EQ(significantText(std::nan("")), "–");
}

TEST(NumberText, Milliseconds) {
  EXPECT_EQ(millisecondsText(0.00021), "0.21 ms");
  EXPECT_EQ(millisecondsText(0.0123), "12.3 ms");
  EXPECT_EQ(millisecondsText(2.5), "2.50 s");
}

}  // namespace lapidary::ui
