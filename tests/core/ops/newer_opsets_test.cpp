// SPDX-License-Identifier: GPL-3.0-or-later
// What operators of the newest sets, and experiments of the oldest, refuse, and gradients of theirs.
#include <limits>

#include "core/model/element_codes.h"
#include "core/model/small_float.h"
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

const Tensor cache = randomTensor({2, 3, 6, 2}, 1), update = randomTensor({2, 3, 4, 2}, 2);

TEST(NewerOpsets, CacheWritesRefuseWhatDoesNotFit) {
  const auto refuses = [](std::vector<Tensor> inputs, Attributes attributes, const std::string& why) {
    expectError([&] { runOp("TensorScatter", inputs, attributes, 24); }, why);
  };
  refuses({cache, update, int64s({0, 3})}, {}, "is 3, 4 positions from there do not fit a cache of 6");
  refuses({cache, update, int64s({0, -1})}, {}, "input 2 (write_indices): is -1");
  refuses({cache, update, int64s({0})}, {}, "1 indices for 2 samples");
  refuses({cache, update}, {{"mode", text("round")}}, "attribute 'mode': is 'round'");
  refuses({cache, update}, {{"axis", number(0)}}, "attribute 'axis': is that of the samples");
  refuses({cache, randomTensor({2, 3, 7, 2}, 1)}, {}, "does not fit the cache");
  refuses({cache, convert(update, DType::Float64)}, {}, "but the cache is float32");
}

TEST(NewerOpsets, BitCastRefusesOtherWidths) {
  const Tensor x = randomTensor({2}, 1);
  expectError([&] { runOne("BitCast", {x}, {}, 26); }, "attribute 'to': is missing");
  expectError(
      [&] {
        runOne("BitCast", {x}, {{"to", number(7)}}, 26);
      },
      "is int64 of 64 bits, but the input is float32");
  expectError([&] { runOne("BitCast", {x}, {{"to", number(99)}}, 26); }, "element type 99");
  EXPECT_EQ(runOne("BitCast", {x}, {{"to", number(6)}}, 26).dtype(), DType::Int32);
  const Tensor bits = Tensor::from<std::uint8_t>({2}, {0, 1});
  EXPECT_TRUE(
      isClose(runOne("BitCast", {bits}, {{"to", number(9)}}, 26), Tensor::from<bool>({2}, {false, true})));
}

TEST(NewerOpsets, TensorsStandForOptionalValues) {
  const Tensor x = randomTensor({2, 3}, 1);
  EXPECT_TRUE(isClose(runOne("OptionalGetElement", {x}, {}, 18), x, 0, 0));
  EXPECT_TRUE(runOne("OptionalHasElement", {x}, {}, 18).as<bool>()[0]);
  EXPECT_FALSE(runOne("OptionalHasElement", {Tensor()}, {}, 18).as<bool>()[0]);
  EXPECT_FALSE(runOne("OptionalHasElement", {}, {}, 18).as<bool>()[0]);
  expectError([] { runOne("OptionalGetElement", {Tensor()}, {}, 18); }, "input 0 (input): is missing");
}

TEST(NewerOpsets, CastsRefuseUnknownRules) {
  const Tensor x = randomTensor({2}, 1);
  expectError(
      [&] {
        runOne("Cast", {x}, {{"to", number(10)}, {"saturate", number(2)}}, 19);
      },
      "attribute 'saturate': is 2");
  expectError(
      [&] {
        runOne("Cast", {x}, {{"to", number(10)}, {"round_mode", text("odd")}}, 24);
      },
      "attribute 'round_mode': is 'odd'");
}

/// Ties of a float of 8 bits go to the even code, and what is half a step above the largest value is too
/// large where the largest code is odd.
TEST(NewerOpsets, CastsRoundTiesToEven) {
  const auto castTo = [](float x, DType type, std::int64_t saturate) {
    const Tensor like = convert(Tensor::scalar(0.0f), type);
    return toFloat32(runOne("CastLike", {Tensor::scalar(x), like}, {{"saturate", number(saturate)}}, 19))
        .as<float>()[0];
  };
  EXPECT_EQ(castTo(464, DType::Float8E4M3, 0), 448);
  EXPECT_TRUE(std::isnan(castTo(464.1f, DType::Float8E4M3, 0)));
  EXPECT_TRUE(std::isnan(castTo(248, DType::Float8E4M3Fnuz, 0)));
  EXPECT_EQ(castTo(248, DType::Float8E4M3Fnuz, 1), 240);
  EXPECT_EQ(castTo(61440, DType::Float8E5M2, 0), std::numeric_limits<float>::infinity());
  EXPECT_EQ(castTo(-61440, DType::Float8E5M2, 1), -57344);
  EXPECT_EQ(castTo(17, DType::Float8E4M3, 1), 16);
  EXPECT_EQ(castTo(19, DType::Float8E4M3, 1), 20);
  EXPECT_EQ(castTo(9, DType::Float4E2M1, 1), 6);
  EXPECT_EQ(castTo(-std::numeric_limits<float>::infinity(), DType::Float4E2M1, 1), -6);
  EXPECT_EQ(castTo(2.5f, DType::Float4E2M1, 1), 2);
  EXPECT_EQ(castTo(0.75f, DType::Float4E2M1, 1), 1);
}

TEST(NewerOpsets, CastsToTwoBitsPackFourToAByte) {
  const Tensor x = floats({7}, {-3, -2, -1, 0, 1, 2, 3});
  const Tensor whole = runOne("Cast", {x}, {{"to", number(26)}}, 25),
               natural = runOne("Cast", {x}, {{"to", number(25)}}, 25);
  EXPECT_EQ(whole.bytes().size(), 2u);
  EXPECT_TRUE(isClose(toFloat32(whole), floats({7}, {1, -2, -1, 0, 1, -2, -1})));
  EXPECT_TRUE(isClose(toFloat32(natural), floats({7}, {1, 2, 3, 0, 1, 2, 3})));
  EXPECT_EQ(std::to_integer<int>(whole.bytes()[0]), 0b00111001);
  const Tensor scale = Tensor::scalar(2.0f);
  EXPECT_TRUE(
      isClose(runOne("DequantizeLinear", {whole, scale}, {}, 25), floats({7}, {2, -4, -2, 0, 2, -4, -2})));
  const Tensor codes = runOne("QuantizeLinear", {x, scale}, {{"output_dtype", number(26)}}, 25);
  EXPECT_TRUE(isClose(toFloat32(codes), floats({7}, {-2, -1, 0, 0, 0, 1, 1})));
  EXPECT_TRUE(isClose(toFloat32(runOne("Transpose", {natural.reshaped({1, 7})}, {}, 25)),
                      toFloat32(natural).reshaped({7, 1})));
}

/// Low bits are kept: of whole numbers because the standard says so, of floats because runtimes do so.
TEST(NewerOpsets, CastsToWholeNumbersKeepLowBits) {
  const auto castTo = [](const Tensor& x, std::int64_t code) {
    return runOne("Cast", {x}, {{"to", number(code)}}, 25);
  };
  constexpr std::int64_t uint8 = 2, int8 = 3, int32 = 6, truth = 9, uint32 = 12, uint64 = 13, uint4 = 21,
                         int4 = 22;
  const Tensor wholes = Tensor::from<std::int32_t>({4}, {200, -9, 300, 17});
  EXPECT_TRUE(isClose(toFloat32(castTo(wholes, int8)), floats({4}, {-56, -9, 44, 17})));
  EXPECT_TRUE(isClose(toFloat32(castTo(wholes, int4)), floats({4}, {-8, 7, -4, 1})));
  EXPECT_TRUE(isClose(toFloat32(castTo(wholes, uint4)), floats({4}, {8, 7, 12, 1})));
  EXPECT_TRUE(isClose(castTo(wholes, truth), Tensor::from<bool>({4}, {true, true, true, true})));
  const Tensor fractions = floats({5}, {-9.5f, 15.5f, 300.9f, -1.9f, std::nanf("")});
  EXPECT_TRUE(isClose(toFloat32(castTo(fractions, int4)), floats({5}, {6, 0, -3, -2, 0})));
  EXPECT_TRUE(isClose(toFloat32(castTo(fractions, uint8)), floats({5}, {247, 15, 44, 255, 0})));
  constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();
  EXPECT_TRUE(
      isClose(castTo(floats({2}, {3e9f, -3e9f}), int32), Tensor::from<std::int32_t>({2}, {least, least})));
  EXPECT_TRUE(isClose(castTo(floats({3}, {3e9f, -8, 1e10f}), uint32),
                      Tensor::from<std::uint32_t>({3}, {3000000000u, 4294967288u, 0})));
  EXPECT_TRUE(isClose(castTo(floats({2}, {1e10f, 1e19f}), uint64),
                      Tensor::from<std::uint64_t>({2}, {10000000000u, 9999999980506447872u})));
}

/// Every value that a small type has comes back as itself.
TEST(NewerOpsets, CastsKeepWhatTheTypeHas) {
  for (const DType type : {DType::Float8E4M3, DType::Float8E4M3Fnuz, DType::Float8E5M2, DType::Float8E5M2Fnuz,
                           DType::Float8E8M0, DType::Float4E2M1}) {
    const auto& all = smallFloatValues(type);
    const std::int64_t count = bitsOf(type) == 4 ? 16 : 256;
    const Tensor values =
        Tensor::from<float>({count}, std::span(all.data(), static_cast<std::size_t>(count)));
    const Tensor like = convert(Tensor::scalar(1.0f), type);
    const Tensor back = toFloat32(runOne("CastLike", {values, like}, {{"saturate", number(0)}}, 24));
    EXPECT_TRUE(isClose(back, values, 0, 0)) << name(type);
  }
}

TEST(NewerOpsets, QuantizersOfFloatsHaveNoZeroPoint) {
  const Tensor x = floats({3}, {1, -2, 900}), scale = Tensor::scalar(2.0f);
  const Tensor zero = convert(Tensor::scalar(0.0f), DType::Float8E4M3),
               one = convert(Tensor::scalar(1.0f), DType::Float8E4M3);
  const Tensor codes = runOne("QuantizeLinear", {x, scale, zero}, {}, 23);
  EXPECT_EQ(codes.dtype(), DType::Float8E4M3);
  EXPECT_TRUE(isClose(runOne("DequantizeLinear", {codes, scale, zero}, {}, 23), floats({3}, {1, -2, 896})));
  expectError(
      [&] {
        runOne("QuantizeLinear", {x, scale, one}, {}, 23);
      },
      "input 2 (zero point): is not zero");
  expectError([&] { runOne("DequantizeLinear", {codes, scale, one}, {}, 23); }, "is not zero");
  EXPECT_EQ(runOne("DequantizeLinear", {codes, scale}, {{"output_dtype", number(10)}}, 23).dtype(),
            DType::Float16);
  expectError(
      [&] {
        runOne("DequantizeLinear", {codes, scale}, {{"output_dtype", number(7)}}, 23);
      },
      "attribute 'output_dtype': is int64");
  expectError(
      [&] {
        runOne("QuantizeLinear", {x, scale}, {{"precision", number(7)}}, 23);
      },
      "attribute 'precision'");
}

/// 2049 is no half float: with quotients of that type the code is another.
TEST(NewerOpsets, QuotientsAreRoundedToTheirPrecision) {
  const Tensor x = floats({1}, {2049}), scale = Tensor::scalar(1.0f), zero = Tensor::scalar<std::int16_t>(0);
  EXPECT_EQ(runOne("QuantizeLinear", {x, scale, zero}, {}, 23).as<std::int16_t>()[0], 2049);
  EXPECT_EQ(runOne("QuantizeLinear", {x, scale, zero}, {{"precision", number(10)}}, 23).as<std::int16_t>()[0],
            2048);
}

TEST(NewerOpsets, OneSidedSpectraGoBack) {
  const Tensor x = randomTensor({2, 7, 1}, 1), axis = Tensor::scalar<std::int64_t>(1);
  const Tensor spectrum = runOne("DFT", {x, {}, axis}, {{"onesided", number(1)}}, 20);
  const Attributes back{{"onesided", number(1)}, {"inverse", number(1)}};
  EXPECT_TRUE(isClose(runOne("DFT", {spectrum, Tensor::scalar<std::int64_t>(7), axis}, back, 20), x));
  // Of more values the spectrum is filled up with zeros, of fewer it is cut.
  for (const std::int64_t length : {5, 12}) {
    const std::int64_t bins = length / 2 + 1, kept = std::min<std::int64_t>(bins, 4);
    TensorBuilder cut(DType::Float32, {2, bins, 2});
    std::ranges::fill(cut.as<float>(), 0.0f);
    for (std::int64_t b = 0; b < 2; ++b)
      std::copy_n(spectrum.as<float>().data() + b * 8, 2 * kept, cut.as<float>().data() + b * bins * 2);
    const Tensor count = Tensor::scalar(length);
    EXPECT_TRUE(isClose(runOne("DFT", {spectrum, count, axis}, back, 20),
                        runOne("DFT", {std::move(cut).build(), count, axis}, back, 20)));
  }
  expectError([&] { runOne("DFT", {x, {}, axis}, back, 20); }, "a one-sided spectrum was expected");
}

TEST(NewerOpsets, CodesOfFewBitsRefuseOtherForms) {
  const Tensor x = randomTensor({2, 32}, 1), scales = randomTensor({3, 1}, 2);
  const Tensor codes = Tensor::from<std::uint8_t>({3, 1, 16}, std::vector<std::uint8_t>(48, 7));
  const Attributes form{{"N", number(3)}, {"K", number(32)}, {"bits", number(4)}, {"block_size", number(32)}};
  const auto refuses = [&](std::vector<Tensor> inputs, const std::string& key, std::int64_t value,
                           const std::string& why) {
    Attributes all = form;
    all[key] = number(value);
    expectError([&] { runOp("MatMulNBits", inputs, all, 1, 1, "com.microsoft"); }, why);
  };
  refuses({x, codes, scales}, "bits", 3, "attribute 'bits': is 3");
  refuses({x, codes, scales}, "block_size", 24, "attribute 'block_size': is 24");
  refuses({x, codes, scales}, "N", 0, "attribute 'N': is 0");
  refuses({x, codes, scales}, "K", 31, "rows of 31 were expected");
  refuses({x, codes, randomTensor({2}, 1)}, "N", 3, "input 2 (scales)");
  refuses({x, scales, scales}, "N", 3, "input 1 (B): is float32");
  refuses({x, codes, scales, codes}, "N", 3, "input 3 (zero_points)");
}

TEST(FusedEmbedding, RefusesWhatDoesNotFit) {
  const Tensor words = Tensor::from<std::int32_t>({1, 2}, {0, 1}), table = randomTensor({3, 4}, 1),
               scale = randomTensor({4}, 2);
  const auto refuses = [&](std::vector<Tensor> inputs, const std::string& why) {
    expectError([&] { runOp("EmbedLayerNormalization", inputs, {}, 1, 2, "com.microsoft"); }, why);
  };
  refuses({words.reshaped({2}), {}, table, table, {}, scale, scale}, "2 dimensions were expected");
  refuses({words, words, table, table, {}, scale, scale}, "a table of their embeddings");
  refuses({Tensor::from<std::int32_t>({1, 2}, {0, 3}), {}, table, table, {}, scale, scale}, "index 3");
}

TEST(OldestOpsets, ExperimentsRefuseBadAttributes) {
  const Tensor x = randomTensor({1, 2, 4, 4}, 1);
  expectError([&] { runOne("ScaledTanh", {x}, {{"alpha", 1.0f}}, 1); }, "attribute 'beta': is missing");
  expectError([&] { runOne("ParametricSoftplus", {x}, {}, 1); }, "attribute 'alpha': is missing");
  expectError([&] { runOne("ImageScaler", {x}, {{"bias", std::vector<float>{1}}}, 1); }, "holds 1 values");
  expectError([&] { runOne("Crop", {x}, {{"border", ints({0, 0, 0})}}, 1); }, "holds 3 numbers, 4 expected");
  expectError([&] { runOne("Crop", {x}, {{"border", ints({2, 0, 2, 0})}}, 1); }, "attribute 'border'");
  expectError(
      [&] {
        runOne("Crop", {x}, {{"border", ints({2, 0, 0, 0})}, {"scale", ints({1})}}, 1);
      },
      "attribute 'scale'");
}

class GradientsOfOtherOpsets : public ::testing::TestWithParam<GradientCase> {};

TEST_P(GradientsOfOtherOpsets, AreThoseOfDifferences) { checkGradients(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Rows, GradientsOfOtherOpsets,
    ::testing::Values(
        GradientCase{"Swish", "Swish", {randomTensor({3, 4}, 1, -2, 2)}, {{"alpha", 1.5f}}, 24},
        GradientCase{"CacheWrite", "TensorScatter", {cache, update, int64s({0, 2})}, {}, 24},
        GradientCase{
            "CacheRound", "TensorScatter", {cache, update, int64s({5, 3})}, {{"mode", text("circular")}}, 24},
        GradientCase{"Affine", "Affine", {cache}, {{"alpha", 2.0f}, {"beta", 1.0f}}, 1},
        GradientCase{"Scale", "Scale", {cache}, {{"scale", 2.0f}}, 1},
        GradientCase{
            "ParametricSoftplus", "ParametricSoftplus", {cache}, {{"alpha", 2.0f}, {"beta", 1.5f}}, 1},
        GradientCase{"ScaledTanh", "ScaledTanh", {cache}, {{"alpha", 2.0f}, {"beta", 1.5f}}, 1},
        GradientCase{"ImageScaler",
                     "ImageScaler",
                     {cache},
                     {{"scale", 2.0f}, {"bias", std::vector<float>{1, 2, 3}}},
                     1},
        GradientCase{"Crop", "Crop", {cache}, {{"border", ints({0, 1, 1, 2})}}, 1},
        GradientCase{"DynamicSlice", "DynamicSlice", {cache, int64s({1}), int64s({3}), int64s({2})}, {}, 1},
        GradientCase{
            "MeanOfChannels", "MeanVarianceNormalization", {cache}, {{"across_channels", number(1)}}, 1},
        GradientCase{
            "MeanAlone", "MeanVarianceNormalization", {cache}, {{"normalize_variance", number(0)}}, 1}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace lapidary::core::testing
