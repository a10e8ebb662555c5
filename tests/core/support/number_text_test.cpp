// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as they are shown, at the edges between units, figures and signs.
#include "core/support/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lapidary::core {
namespace {

TEST(NumberText, BytesHaveDecimalUnitsAndThreeFigures) {
  EXPECT_EQ(bytesText(0), "0 B");
  EXPECT_EQ(bytesText(999), "999 B");
  EXPECT_EQ(bytesText(1000), "1.00 kB");
  EXPECT_EQ(bytesText(9'994), "9.99 kB");
  EXPECT_EQ(bytesText(9'995), "10.0 kB");
  EXPECT_EQ(bytesText(74'312), "74.3 kB");
  EXPECT_EQ(bytesText(99'950), "100 kB");
  EXPECT_EQ(bytesText(107'900), "108 kB");
  EXPECT_EQ(bytesText(1'724'000), "1.72 MB");
  EXPECT_EQ(bytesText(3'000'000'000'000), "3.00 TB");
}

TEST(NumberText, BytesNeverReadAsAThousandOfAUnit) {
  EXPECT_EQ(bytesText(999'499), "999 kB");
  EXPECT_EQ(bytesText(999'500), "1.00 MB");
  EXPECT_EQ(bytesText(999'999), "1.00 MB");
  EXPECT_EQ(bytesText(999'499'999), "999 MB");
  EXPECT_EQ(bytesText(999'999'999), "1.00 GB");
  EXPECT_EQ(bytesText(999'999'999'999), "1.00 TB");
  EXPECT_EQ(bytesText(999'999'999'999'999), "1.00 PB");
  EXPECT_EQ(bytesText(std::numeric_limits<std::uint64_t>::max()), "18.4 EB");
  for (std::uint64_t bytes = 1; bytes < 10'000'000'000'000'000'000u; bytes *= 10)
    for (const std::uint64_t near : {bytes - 1, bytes, bytes + bytes / 2000, bytes - bytes / 2000})
      EXPECT_EQ(bytesText(near).find("1000"), std::string::npos) << near << ": " << bytesText(near);
}

TEST(NumberText, CountsAreGrouped) {
  EXPECT_EQ(countText(0), "0");
  EXPECT_EQ(countText(999), "999");
  EXPECT_EQ(countText(1000), "1,000");
  EXPECT_EQ(countText(431'080), "431,080");
  EXPECT_EQ(countText(-5), "-5");
  EXPECT_EQ(countText(-100), "-100");
  EXPECT_EQ(countText(-1'234'567), "-1,234,567");
  EXPECT_EQ(countText(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(shortCountText(520), "520");
  EXPECT_EQ(shortCountText(-1500), "-1.5 k");
  EXPECT_EQ(shortCountText(400'500), "400.5 k");
  EXPECT_EQ(shortCountText(999'990), "1.0 M");
}

TEST(NumberText, SharesAndPoints) {
  EXPECT_EQ(percentText(0.984), "98.40 %");
  EXPECT_EQ(percentText(-0.95, 0), "-95 %");
  EXPECT_EQ(percentText(12.5), "1,250.00 %");
  EXPECT_EQ(pointsText(-0.001), "-0.10");
  EXPECT_EQ(pointsText(0.0011), "+0.11");
  EXPECT_EQ(pointsText(0), "0.00");
  EXPECT_EQ(pointsText(-0.00001), "0.00");
  EXPECT_EQ(pointsText(0.00001), "0.00");
}

TEST(NumberText, FixedDecimals) {
  EXPECT_EQ(fixedText(1234.5, 2), "1,234.50");
  EXPECT_EQ(fixedText(-123456, 0), "-123,456");
  EXPECT_EQ(fixedText(-0.001, 2), "0.00") << "no sign on what rounds to zero";
  EXPECT_EQ(fixedText(-0.001, 3), "-0.001");
}

TEST(NumberText, SignificantFigures) {
  EXPECT_EQ(significantText(0.0142), "0.0142");
  EXPECT_EQ(significantText(0.5), "0.500");
  EXPECT_EQ(significantText(9.994), "9.99");
  EXPECT_EQ(significantText(9.996), "10.0");
  EXPECT_EQ(significantText(0.09996), "0.100");
  EXPECT_EQ(significantText(999.6), "1,000");
  EXPECT_EQ(significantText(5912.4, 5), "5,912.4");
  EXPECT_EQ(significantText(0), "0.00");
  EXPECT_EQ(significantText(0.0001), "0.000100");
  EXPECT_EQ(significantText(0.000012), "1.20e-05");
  EXPECT_EQ(significantText(-2.5e9), "-2.50e+09");
  EXPECT_EQ(significantText(std::numeric_limits<double>::infinity()), "∞");
  EXPECT_EQ(significantText(-std::numeric_limits<double>::infinity()), "-∞");
  EXPECT_EQ(significantText(std::nan("")), "–");
}

TEST(NumberText, ShortTextDropsZerosThatSayNothing) {
  EXPECT_EQ(shortText(0), "0");
  EXPECT_EQ(shortText(50), "50");
  EXPECT_EQ(shortText(0.03), "0.03");
  EXPECT_EQ(shortText(-1.5), "-1.5");
  EXPECT_EQ(shortText(12345.6), "12,346");
  EXPECT_EQ(shortText(1200), "1,200");
  EXPECT_EQ(shortText(1.2e12), "1.2e+12");
  EXPECT_EQ(shortText(3e10), "3e+10");
  EXPECT_EQ(shortText(std::nan("")), "–");
}

TEST(NumberText, ATrueMinusStandsForEveryHyphen) {
  EXPECT_EQ(withTrueMinus("-1.2e-05"), "\u22121.2e\u221205");
  EXPECT_EQ(withTrueMinus("1.2"), "1.2");
}

}  // namespace
}  // namespace lapidary::core
