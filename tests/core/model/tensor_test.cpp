// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors, their shapes, and conversions between element types.
#include "core/model/tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/model/element_codes.h"
#include "tests/support/messages.h"

namespace lapidary::core {
namespace {

using ::testing::ElementsAre;
using testing::messageOf;

TEST(Tensor, ShapesAreChecked) {
  EXPECT_EQ(elementCount({}), 1);
  EXPECT_EQ(elementCount({2, 0, 5}), 0);
  EXPECT_EQ(messageOf([] { elementCount({2, -1}); }), "shape 2x-1 has a negative dimension");
  EXPECT_EQ(messageOf([] {
              elementCount({std::int64_t{1} << 62, 4});
            }),
            "shape 4611686018427387904x4 holds more elements than can be counted");
  EXPECT_EQ(messageOf([] { Tensor(DType::Float32, {2}, {}); }),
            "float32 tensor of shape 2 has 0 bytes, 8 expected");
  EXPECT_EQ(messageOf([] { Tensor::from<float>({3}, {1, 2}); }), "2 values do not fill shape 3");
  EXPECT_EQ(messageOf([] { Tensor::scalar(1.0f).as<double>(); }), "tensor is float32, float64 expected");
}

TEST(Tensor, CopiesShareAndReshapesAreNew) {
  const Tensor a = Tensor::from<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor b = a, c = a.reshaped({6});
  EXPECT_EQ(a.id(), b.id());
  EXPECT_NE(a.id(), c.id());
  EXPECT_EQ(a.bytes().data(), c.bytes().data());
  EXPECT_THROW(a.reshaped({5}), Error);
  EXPECT_FALSE(Tensor().defined());
}

TEST(Convert, EveryHalfRoundTrips) {
  for (unsigned i = 0; i < 65536; ++i) {
    const auto half = static_cast<std::uint16_t>(i);
    const float wide = halfToFloat(half);
    if (std::isnan(wide))
      EXPECT_TRUE(std::isnan(halfToFloat(floatToHalf(wide))));
    else
      EXPECT_EQ(floatToHalf(wide), half);
  }
}

/// The compiler's own half type is the judge, over floats of every exponent.
TEST(Convert, FloatToHalfRoundsToNearestEven) {
  for (std::uint32_t bits = 0; bits < 0x7f800000u; bits += 4099) {
    const float value = std::bit_cast<float>(bits);
    const auto expected = std::bit_cast<std::uint16_t>(static_cast<_Float16>(value));
    ASSERT_EQ(floatToHalf(value), expected) << value;
    ASSERT_EQ(floatToHalf(-value), expected | 0x8000) << value;
  }
  EXPECT_EQ(floatToHalf(65520.0f), 0x7c00);
  EXPECT_EQ(floatToHalf(2049.0f), floatToHalf(2048.0f));
  EXPECT_EQ(floatToHalf(2051.0f), floatToHalf(2052.0f));
}

TEST(Convert, Bfloat16) {
  const Tensor t = convert(Tensor::from<float>({3}, {1.0f, 1.00390625f, -3.0e38f}), DType::BFloat16);
  EXPECT_THAT(toFloat32(t).as<float>(), ElementsAre(1.0f, 1.0f, ::testing::FloatNear(-3.0e38f, 2e36f)));
}

TEST(Convert, PackedIntegersSaturateAndComeBack) {
  const Tensor t = Tensor::from<std::int32_t>({5}, {-100, -8, -1, 7, 100});
  const Tensor four = convert(t, DType::Int4);
  EXPECT_EQ(four.bytes().size(), 3u);
  EXPECT_EQ(four.bytes()[0], std::byte{0x88});
  EXPECT_EQ(four.bytes()[1], std::byte{0x7f});
  EXPECT_THAT(toInt64(four), ElementsAre(-8, -8, -1, 7, 7));
  EXPECT_THAT(toInt64(convert(t, DType::UInt4)), ElementsAre(0, 0, 0, 7, 15));
}

TEST(Convert, PacksBytesIntoNibblesOfAnyNumber) {
  for (const std::size_t count : {1u, 2u, 31u, 32u, 33u, 64u, 95u, 257u})
    for (const DType from : {DType::Int8, DType::UInt8})
      for (const DType to : {DType::Int4, DType::UInt4}) {
        std::vector<std::int64_t> numbers;
        for (std::size_t i = 0; i < count; ++i)
          numbers.push_back(static_cast<std::int64_t>(i * 37 % 256) - (from == DType::Int8 ? 128 : 0));
        const Shape shape{static_cast<std::int64_t>(count)};
        const Tensor packed = convert(convert(Tensor::from<std::int64_t>(shape, numbers), from), to);
        ASSERT_EQ(packed.bytes().size(), (count + 1) / 2);
        const std::int64_t low = to == DType::Int4 ? -8 : 0, high = to == DType::Int4 ? 7 : 15;
        for (std::int64_t& number : numbers) number = std::clamp(number, low, high);
        EXPECT_EQ(toInt64(packed), numbers);
        for (std::size_t i = 0; i < count; ++i)
          EXPECT_EQ(std::to_integer<unsigned>(packed.bytes()[i / 2]) >> (i % 2 * 4) & 15u,
                    static_cast<unsigned>(numbers[i]) & 15u);
        if (count % 2 == 1) {
          EXPECT_EQ(std::to_integer<unsigned>(packed.bytes().back()) >> 4, 0u);
        }
      }
}

TEST(Convert, FloatsOutOfRangeSaturateToIntegers) {
  const float infinity = std::numeric_limits<float>::infinity();
  const Tensor t = Tensor::from<float>({4}, {infinity, -infinity, std::nanf(""), -3.7f});
  EXPECT_THAT(convert(t, DType::Int8).as<std::int8_t>(), ElementsAre(127, -128, 0, -3));
  EXPECT_THAT(
      convert(t, DType::Int64).as<std::int64_t>(),
      ElementsAre(std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min(), 0, -3));
  EXPECT_THAT(convert(t, DType::Bool).as<bool>(), ElementsAre(true, true, true, true));
}

TEST(Convert, ToInt64WidensEveryIntegerType) {
  for (const DType type : {DType::Int8, DType::UInt8, DType::Int16, DType::UInt16, DType::Int32,
                           DType::UInt32, DType::Int64, DType::UInt64, DType::Int4, DType::UInt4})
    EXPECT_THAT(toInt64(convert(Tensor::from<std::int64_t>({2}, {1, 7}), type)), ElementsAre(1, 7))
        << name(type);
  EXPECT_EQ(messageOf([] { toInt64(Tensor::scalar(1.0f)); }), "tensor is float32, an integer type expected");
}

TEST(ElementCodes, NumbersOfOnnx) {
  for (std::int64_t code = 0; code < 30; ++code) {
    const auto type = dtypeOfCode(code);
    EXPECT_EQ(type ? codeOf(*type) : code, code);
  }
  EXPECT_EQ(dtypeOfCode(1), DType::Float32);
  EXPECT_EQ(dtypeOfCode(22), DType::Int4);
  EXPECT_FALSE(dtypeOfCode(8));
  EXPECT_EQ(nameOfCode(8), "string");
  EXPECT_EQ(nameOfCode(1), "float32");
  EXPECT_EQ(nameOfCode(77), "element type 77");
}

}  // namespace
}  // namespace lapidary::core
