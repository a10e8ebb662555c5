// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/small_float.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace lapidary::core {
namespace {

constexpr DType smallFloats[]{DType::Float8E4M3,     DType::Float8E4M3Fnuz, DType::Float8E5M2,
                              DType::Float8E5M2Fnuz, DType::Float8E8M0,     DType::Float4E2M1};

TEST(SmallFloat, EveryCodeComesBack) {
  for (const DType type : smallFloats)
    for (unsigned code = 0; code < 1u << bitsOf(type); ++code) {
      const float value = smallFloatValues(type)[code];
      const float again = smallFloatValues(type)[smallFloatCode(type, value)];
      if (std::isnan(value))
        EXPECT_TRUE(std::isnan(again)) << name(type) << ' ' << code;
      else
        EXPECT_EQ(smallFloatCode(type, value), code) << name(type) << ' ' << value;
    }
}

/// The published limits of the formats.
TEST(SmallFloat, LargestSmallestAndSpecialValues) {
  EXPECT_EQ(smallFloatValues(DType::Float8E4M3)[0x7e], 448);
  EXPECT_TRUE(std::isnan(smallFloatValues(DType::Float8E4M3)[0x7f]));
  EXPECT_EQ(smallFloatValues(DType::Float8E4M3)[1], 0x1p-9f);
  EXPECT_EQ(smallFloatValues(DType::Float8E4M3Fnuz)[0x7f], 240);
  EXPECT_TRUE(std::isnan(smallFloatValues(DType::Float8E4M3Fnuz)[0x80]));
  EXPECT_EQ(smallFloatValues(DType::Float8E5M2)[0x7b], 57344);
  EXPECT_EQ(smallFloatValues(DType::Float8E5M2)[0x7c], std::numeric_limits<float>::infinity());
  EXPECT_EQ(smallFloatValues(DType::Float8E5M2Fnuz)[0x7f], 57344);
  EXPECT_EQ(smallFloatValues(DType::Float8E8M0)[127], 1);
  EXPECT_EQ(smallFloatValues(DType::Float4E2M1)[7], 6);
}

TEST(SmallFloat, RoundsToTheNearestAndSaturates) {
  const auto rounded = [](DType type, float value) {
    return smallFloatValues(type)[smallFloatCode(type, value)];
  };
  EXPECT_EQ(rounded(DType::Float8E4M3, 1000), 448);
  EXPECT_EQ(rounded(DType::Float8E4M3, 17), 16);  // of 16 and 18 the even one
  EXPECT_EQ(rounded(DType::Float8E4M3, 19), 20);
  EXPECT_EQ(rounded(DType::Float4E2M1, -2.6f), -3);
  EXPECT_EQ(rounded(DType::Float4E2M1, -100), -6);
  EXPECT_EQ(rounded(DType::Float8E8M0, 3.1f), 4);
  EXPECT_FALSE(std::signbit(rounded(DType::Float8E4M3Fnuz, -0.0f)));
}

TEST(SmallFloat, TensorsConvert) {
  const Tensor values = Tensor::from<float>({3}, {1.5f, -0.5f, 6});
  for (const DType type : smallFloats) {
    if (type == DType::Float8E8M0) continue;
    const Tensor stored = convert(values, type);
    EXPECT_EQ(stored.bytes().size(), type == DType::Float4E2M1 ? 2u : 3u);
    EXPECT_THAT(toFloat32(stored).as<float>(), ::testing::ElementsAre(1.5f, -0.5f, 6)) << name(type);
  }
}

}  // namespace
}  // namespace lapidary::core
