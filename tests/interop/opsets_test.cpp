// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of the newest and of the oldest operator sets, held against ONNX Runtime, node by node.
#include <gtest/gtest.h>

#include <limits>

#include "core/model/element_codes.h"
#include "tests/core/run/graph_building.h"
#include "tests/interop/node_cases.h"

namespace lapidary::tests {
namespace {

using core::DType;
using core::Shape;
using core::Tensor;
using core::testing::randomTensor;

core::Attribute listed(std::vector<std::int64_t> values) { return values; }
core::Attribute words(const std::string& value) { return value; }

Tensor indices(std::vector<std::int64_t> values) {
  return Tensor::from<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}
Tensor index(std::int64_t value) { return Tensor::scalar(value); }

Tensor truthsOf(Shape shape, unsigned seed) {
  const Tensor drawn = randomTensor(shape, seed);
  core::TensorBuilder builder(DType::Bool, shape);
  for (std::size_t i = 0; i < builder.as<bool>().size(); ++i)
    builder.as<bool>()[i] = drawn.as<float>()[i] > -0.3f;
  return std::move(builder).build();
}

const Tensor queries = randomTensor({2, 6, 3, 8}, 1), keys = randomTensor({2, 6, 5, 8}, 2),
             values = randomTensor({2, 6, 5, 8}, 3), groupedKeys = randomTensor({2, 2, 5, 8}, 4),
             groupedValues = randomTensor({2, 2, 5, 4}, 5);

NodeCase attentionCase(const std::string& name, std::vector<Tensor> inputs, Attributes attributes = {},
                       std::size_t outputs = 1, std::int64_t opset = 23) {
  return {"attention_" + name, "Attention", opset, std::move(inputs), std::move(attributes), outputs};
}

TEST(OpsetInterop, Attention) {
  const Tensor past = randomTensor({2, 6, 4, 8}, 6), pastValue = randomTensor({2, 6, 4, 8}, 7);
  const Tensor rows = randomTensor({2, 3, 48}, 8), keyRows = randomTensor({2, 5, 16}, 9),
               valueRows = randomTensor({2, 5, 8}, 10);
  const Attributes heads{{"q_num_heads", whole(6)}, {"kv_num_heads", whole(2)}};
  Attributes causalHeads = heads;
  causalHeads["is_causal"] = whole(1);
  std::vector<NodeCase> cases{
      attentionCase("plain", {queries, keys, values}),
      attentionCase("grouped", {queries, groupedKeys, groupedValues}),
      attentionCase("one_group", {queries, randomTensor({2, 1, 5, 8}, 4), randomTensor({2, 1, 5, 3}, 4)}),
      attentionCase("scaled", {queries, keys, values}, {{"scale", 0.01f}}),
      attentionCase("causal", {queries, keys, values}, {{"is_causal", whole(1)}}),
      attentionCase("mask", {queries, keys, values, randomTensor({3, 5}, 11)}),
      attentionCase("mask_of_heads", {queries, keys, values, randomTensor({1, 6, 3, 5}, 11)}),
      attentionCase("mask_of_samples", {queries, keys, values, randomTensor({2, 1, 3, 5}, 11)}),
      attentionCase("truths", {queries, keys, values, truthsOf({3, 5}, 12)}),
      attentionCase("truths_causal", {queries, keys, values, truthsOf({2, 1, 3, 5}, 13)},
                    {{"is_causal", whole(1)}}),
      attentionCase("nothing_seen",
                    {queries, keys, values,
                     Tensor::from<bool>({3, 5}, {true, false, true, true, false, false, false, false, false,
                                                 false, true, true, true, true, true})}),
      attentionCase("softcap", {queries, keys, values, truthsOf({3, 5}, 12)}, {{"softcap", 0.7f}}),
      attentionCase("past", {queries, keys, values, {}, past, pastValue}, {}, 3),
      attentionCase("past_causal", {queries, keys, values, randomTensor({3, 9}, 14), past, pastValue},
                    {{"is_causal", whole(1)}}, 3),
      attentionCase("rows", {rows, keyRows, valueRows}, heads, 3),
      attentionCase("rows_causal", {rows, keyRows, valueRows}, causalHeads),
      attentionCase("lengths", {queries, keys, values, {}, {}, {}, indices({2, 4})}, {}, 1, 24),
      attentionCase("lengths_causal", {queries, keys, values, {}, {}, {}, indices({3, 5})},
                    {{"is_causal", whole(1)}}, 1, 24),
      attentionCase("lengths_fewer_than_queries", {queries, keys, values, {}, {}, {}, indices({1, 5})},
                    {{"is_causal", whole(1)}}, 1, 24),
      attentionCase("lengths_mask",
                    {queries, keys, values, randomTensor({3, 5}, 15), {}, {}, indices({3, 5})}, {}, 1, 24),
      attentionCase("precision", {queries, keys, values}, {{"softmax_precision", whole(1)}}),
  };
  for (const std::int64_t mode : {0, 1, 2, 3})
    for (const float softcap : {0.0f, 0.8f})
      cases.push_back(attentionCase("step_" + std::to_string(mode) + (softcap > 0 ? "_capped" : ""),
                                    {queries, keys, values, randomTensor({3, 5}, 16)},
                                    {{"qk_matmul_output_mode", whole(mode)}, {"softcap", softcap}}, 4, 24));
  NodeCase half = attentionCase("half", {convert(queries, DType::Float16), convert(keys, DType::Float16),
                                         convert(values, DType::Float16)});
  half.tolerance = 2e-3;
  cases.push_back(half);
  expectNodesJudged(cases);
}

TEST(OpsetInterop, RotaryEmbedding) {
  const Tensor x = randomTensor({2, 3, 4, 8}, 1), rows = randomTensor({2, 4, 24}, 2),
               cosines = randomTensor({10, 4}, 3), sines = randomTensor({10, 4}, 4);
  const Tensor positions = indices({0, 1, 2, 9, 4, 4, 0, 7}).reshaped({2, 4});
  const Attributes heads{{"num_heads", whole(3)}}, neighbours{{"interleaved", whole(1)}};
  expectNodesJudged({
      {"heads", "RotaryEmbedding", 23, {x, cosines, sines, positions}},
      {"neighbours", "RotaryEmbedding", 23, {x, cosines, sines, positions}, neighbours},
      {"rows", "RotaryEmbedding", 23, {rows, cosines, sines, positions}, heads},
      {"part",
       "RotaryEmbedding",
       23,
       {x, randomTensor({10, 2}, 5), randomTensor({10, 2}, 6), positions},
       {{"rotary_embedding_dim", whole(4)}, {"num_heads", whole(3)}}},
      {"part_neighbours",
       "RotaryEmbedding",
       23,
       {rows, randomTensor({10, 2}, 5), randomTensor({10, 2}, 6), positions},
       {{"rotary_embedding_dim", whole(4)}, {"num_heads", whole(3)}, {"interleaved", whole(1)}}},
      {"no_positions", "RotaryEmbedding", 23, {x, randomTensor({2, 4, 4}, 7), randomTensor({2, 4, 4}, 8)}},
      {"no_positions_rows",
       "RotaryEmbedding",
       23,
       {rows, randomTensor({2, 4, 4}, 7), randomTensor({2, 4, 4}, 8)},
       heads},
  });
}

TEST(OpsetInterop, SmallOperators) {
  const Tensor x = randomTensor({2, 3, 4}, 1, 2),
               numbers = core::convert(randomTensor({3, 4}, 2, 4), DType::Int32);
  std::vector<NodeCase> cases{
      {"swish", "Swish", 24, {x}},
      {"swish_alpha", "Swish", 24, {x}, {{"alpha", 2.5f}}},
      {"rms", "RMSNormalization", 23, {x, randomTensor({4}, 3)}},
      {"rms_axis",
       "RMSNormalization",
       23,
       {x, randomTensor({3, 4}, 3)},
       {{"axis", whole(-2)}, {"epsilon", 0.1f}}},
      {"bits_to_ints", "BitCast", 26, {x}, {{"to", whole(6)}}},
      {"bits_to_floats",
       "BitCast",
       26,
       {Tensor::from<std::int32_t>({2}, {1065353216, -1071644672})},
       {{"to", whole(1)}}},
      {"bits_to_signed", "BitCast", 26, {Tensor::from<std::uint8_t>({3}, {1, 200, 255})}, {{"to", whole(3)}}},
      {"gelu", "Gelu", 20, {x}},
      {"best", "TopK", 24, {x, indices({2})}, {}, 2},
      {"cumprod_int", "CumProd", 26, {numbers, index(0)}},
  };
  for (const std::int64_t exclusive : {0, 1})
    for (const std::int64_t reverse : {0, 1})
      cases.push_back({"cumprod_" + std::to_string(exclusive) + std::to_string(reverse),
                       "CumProd",
                       26,
                       {x, index(-1)},
                       {{"exclusive", whole(exclusive)}, {"reverse", whole(reverse)}}});
  const Tensor cache = randomTensor({2, 3, 6, 2}, 4), update = randomTensor({2, 3, 4, 2}, 5);
  cases.push_back({"cache", "TensorScatter", 24, {cache, update, indices({0, 2})}});
  cases.push_back({"cache_start", "TensorScatter", 24, {cache, update}});
  cases.push_back(
      {"cache_round", "TensorScatter", 24, {cache, update, indices({5, 3})}, {{"mode", words("circular")}}});
  cases.push_back({"cache_axis",
                   "TensorScatter",
                   24,
                   {cache, randomTensor({2, 2, 6, 2}, 6), indices({1, 0})},
                   {{"axis", whole(1)}}});
  expectNodesJudged(cases);
}

const Tensor manyValues = Tensor::from<float>({4, 8}, {0.48f,
                                                       -0.0f,
                                                       1e-9f,
                                                       0.0009765625f,
                                                       448,
                                                       460,
                                                       464,
                                                       465,
                                                       500,
                                                       1e6f,
                                                       -1e6f,
                                                       std::numeric_limits<float>::quiet_NaN(),
                                                       std::numeric_limits<float>::infinity(),
                                                       -std::numeric_limits<float>::infinity(),
                                                       57344,
                                                       3.4f,
                                                       -7.5f,
                                                       5.5f,
                                                       2.5f,
                                                       2.75f,
                                                       0.25f,
                                                       0.75f,
                                                       -0.25f,
                                                       1.5f,
                                                       240,
                                                       247,
                                                       249,
                                                       3.5f,
                                                       -1.5f,
                                                       -2.5f,
                                                       1e-40f,
                                                       60000});

NodeCase castCase(const std::string& name, const Tensor& x, DType to, Attributes attributes = {},
                  std::int64_t opset = 24) {
  attributes["to"] = whole(core::codeOf(to));
  return {"cast_" + name, "Cast", opset, {x}, std::move(attributes)};
}

TEST(OpsetInterop, CastsToSmallFloats) {
  std::vector<NodeCase> cases;
  for (const DType type :
       {DType::Float8E4M3, DType::Float8E4M3Fnuz, DType::Float8E5M2, DType::Float8E5M2Fnuz}) {
    const std::string name(core::name(type));
    cases.push_back(castCase(name, manyValues, type));
    cases.push_back(castCase(name + "_unsaturated", manyValues, type, {{"saturate", whole(0)}}));
    cases.push_back(castCase(name + "_of_half", core::convert(manyValues, DType::Float16), type));
  }
  const Tensor powers = Tensor::from<float>(
      {18},
      {1, 1.2f, 1.5f, 1.6f, 1.41421f, 0, -1, -3, 3, std::numeric_limits<float>::infinity(),
       std::numeric_limits<float>::quiet_NaN(), 1e-40f, 3e38f, 6, 5.9f, 0x1p-127f, 0x1.8p-127f, 0x1p-128f});
  for (const std::string mode : {"up", "down", "nearest"})
    for (const std::int64_t saturate : {0, 1})
      cases.push_back(castCase("power_" + mode + std::to_string(saturate), powers, DType::Float8E8M0,
                               {{"round_mode", words(mode)}, {"saturate", whole(saturate)}}));
  expectNodesJudged(cases);
}

TEST(OpsetInterop, CastsToFewBits) {
  const Tensor fractions = Tensor::from<float>({8}, {0.48f, -0.5f, 1.5f, 2.5f, -2.5f, 3.49f, 6.5f, -7.6f});
  const Tensor positive = Tensor::from<float>({6}, {0.48f, 0.5f, 1.5f, 2.5f, 3.49f, 14.6f});
  const Tensor inRange = Tensor::from<float>({4}, {-2, -1, 0, 1}),
               natural = Tensor::from<float>({4}, {0, 1, 2, 3});
  expectNodesJudged(
      {castCase("int2", inRange, DType::Int2, {}, 25), castCase("uint2", natural, DType::UInt2, {}, 25),
       castCase("int4", fractions, DType::Int4), castCase("uint4", positive, DType::UInt4),
       castCase("int4_of_int8", Tensor::from<std::int8_t>({4}, {-8, 7, 0, 3}), DType::Int4),
       castCase("uint4_of_int32", Tensor::from<std::int32_t>({4}, {0, 15, 7, 8}), DType::UInt4)});
}

/// The standard leaves open what becomes of floats that no whole number of the type is near to: what a
/// runtime makes of them is what the exported file does.
TEST(OpsetInterop, CastsToWholeNumbersThatDoNotFit) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const Tensor floats =
      Tensor::from<float>({20}, {8.5f, 7.5f, 15.5f,   16.5f, -8.5f, -9.5f, 100,  -100,  127.6f,   130,
                                 200,  -129, 1000.7f, 32770, 70000, 1e6f,  3e9f, -3e9f, infinity, -infinity});
  const Tensor wholes = Tensor::from<std::int64_t>({8}, {-9, -3, 9, 17, 128, 300, 70000, (1LL << 40) + 5});
  std::vector<NodeCase> cases;
  for (const DType type : {DType::Int2, DType::UInt2, DType::Int4, DType::UInt4, DType::Int8, DType::UInt8,
                           DType::Int16, DType::UInt16, DType::Int32, DType::UInt32, DType::Int64}) {
    const std::string name(core::name(type));
    cases.push_back(castCase(name + "_of_floats", floats, type, {}, 25));
    cases.push_back(castCase(name + "_of_doubles", core::convert(floats, DType::Float64), type, {}, 25));
    cases.push_back(castCase(name + "_of_wholes", wholes, type, {}, 25));
    cases.push_back(castCase(name + "_of_bytes", core::convert(wholes, DType::Int8), type, {}, 25));
  }
  expectNodesJudged(cases);
}

TEST(OpsetInterop, PadsThatTakeAwayWhatWouldBeRepeated) {
  const Tensor x = randomTensor({2, 5}, 1);
  std::vector<NodeCase> cases;
  for (const std::string mode : {"wrap", "edge", "reflect"})
    for (const auto& [before, after] : {std::pair{-1, 3}, {3, -1}, {-2, 2}, {0, 2}, {-1, -1}})
      cases.push_back({"pad_" + mode + std::to_string(cases.size()),
                       "Pad",
                       21,
                       {x, indices({0, before, 0, after})},
                       {{"mode", words(mode)}}});
  expectNodesJudged(cases);
}

TEST(OpsetInterop, MeansOfNothing) {
  const Tensor nothing = Tensor::from<float>({2, 0, 3}, {});
  expectNodesJudged({{"mean", "ReduceMean", 18, {nothing, indices({1})}, {}, 1, "", {0, 1}},
                     {"mean_of_all", "ReduceMean", 18, {nothing}, {}, 1, "", {0}},
                     {"sum", "ReduceSum", 18, {nothing, indices({1})}, {}, 1, "", {0, 1}},
                     {"most", "ReduceMax", 20, {nothing, indices({1})}, {}, 1, "", {0, 1}}});
}

TEST(OpsetInterop, Quantizers) {
  const Tensor x = randomTensor({3, 8}, 1, 30), scale = Tensor::scalar(0.25f);
  std::vector<NodeCase> cases;
  for (const DType type :
       {DType::Float8E4M3, DType::Float8E4M3Fnuz, DType::Float8E5M2, DType::Float8E5M2Fnuz}) {
    const std::string name(core::name(type));
    const Tensor zero = core::convert(Tensor::scalar(0.0f), type);
    cases.push_back({"quantize_" + name, "QuantizeLinear", 23, {x, scale, zero}, {}, 1, "", {2}});
    cases.push_back({"dequantize_" + name,
                     "DequantizeLinear",
                     23,
                     {core::convert(x, type), scale, zero},
                     {},
                     1,
                     "",
                     {0, 2}});
  }
  const Tensor blockScales = Tensor::from<float>({3, 2}, {0.5f, 0.25f, 1, 2, 0.125f, 3});
  const Tensor codes = core::convert(randomTensor({3, 8}, 2, 7), DType::Int4);
  cases.push_back({"dequantize_blocks",
                   "DequantizeLinear",
                   23,
                   {codes, blockScales},
                   {{"axis", whole(1)}, {"block_size", whole(4)}},
                   1,
                   "",
                   {0, 1}});
  cases.push_back({"quantize_blocks",
                   "QuantizeLinear",
                   23,
                   {x, blockScales, core::convert(blockScales, DType::Int8)},
                   {{"axis", whole(1)}, {"block_size", whole(4)}},
                   1,
                   "",
                   {2}});
  expectNodesJudged(cases);
}

TEST(OpsetInterop, FourierBackToRealValues) {
  const Tensor spectrum = randomTensor({2, 6, 2}, 1);
  expectNodesJudged({
      {"even", "DFT", 20, {spectrum, {}, index(1)}, {{"inverse", whole(1)}, {"onesided", whole(1)}}},
      {"odd", "DFT", 20, {spectrum, index(11), index(1)}, {{"inverse", whole(1)}, {"onesided", whole(1)}}},
      {"old", "DFT", 17, {spectrum}, {{"inverse", whole(1)}, {"onesided", whole(1)}, {"axis", whole(1)}}},
  });
}

TEST(OpsetInterop, ProductsOfSignedCodes) {
  const Tensor a = Tensor::from<std::int8_t>({2, 4}, {81, 109, -127, 111, -124, 87, -128, -98}),
               b = Tensor::from<std::int8_t>({4, 3},
                                             {25, -76, 117, -67, -101, -128, -127, 0, 119, 0, 127, 120});
  const auto scale = [](float x) { return Tensor::scalar(x); };
  const auto zero = [](std::int8_t x) { return Tensor::scalar(x); };
  for (const std::int64_t opset : {10, 21})
    expectNodesJudged(
        {{"signed",
          "QLinearMatMul",
          opset,
          {a, scale(0.0066f), zero(-14), b, scale(0.00705f), zero(-13), scale(0.0107f), zero(-9)}}});
}

TEST(OpsetInterop, ExperimentsOfTheFirstVersions) {
  const Tensor x = randomTensor({2, 2, 4, 4}, 1, 2);
  std::vector<NodeCase> cases;
  for (const std::int64_t opset : {1, 8}) {
    const std::string at = std::to_string(opset);
    const Attributes both{{"alpha", 2.0f}, {"beta", 0.5f}};
    cases.push_back({"affine" + at, "Affine", opset, {x}, both});
    cases.push_back({"softplus" + at, "ParametricSoftplus", opset, {x}, both});
    cases.push_back({"tanh" + at, "ScaledTanh", opset, {x}, both});
    cases.push_back({"scale" + at, "Scale", opset, {x}, {{"scale", 3.0f}}});
    cases.push_back({"threshold" + at, "ThresholdedRelu", opset, {x}, {{"alpha", 0.5f}}});
    cases.push_back(
        {"image" + at, "ImageScaler", opset, {x}, {{"scale", 2.0f}, {"bias", std::vector<float>{1, 2}}}});
    cases.push_back({"crop" + at, "Crop", opset, {x}, {{"border", listed({1, 0, 1, 2})}}});
    cases.push_back(
        {"crop_to" + at, "Crop", opset, {x}, {{"border", listed({1, 0, 1, 2})}, {"scale", listed({2, 1})}}});
    cases.push_back(
        {"slice" + at, "DynamicSlice", opset, {x, indices({1, 0}), indices({3, -1}), indices({2, 3})}});
    for (const std::int64_t across : {0, 1})
      for (const std::int64_t variance : {0, 1})
        cases.push_back({"mean" + at + std::to_string(across) + std::to_string(variance),
                         "MeanVarianceNormalization",
                         opset,
                         {x},
                         {{"across_channels", whole(across)}, {"normalize_variance", whole(variance)}}});
  }
  expectNodesJudged(cases);
}

}  // namespace
}  // namespace lapidary::tests
