// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of com.microsoft, held against ONNX Runtime, node by node.
#include <gtest/gtest.h>

#include "tests/core/run/graph_building.h"
#include "tests/interop/node_cases.h"

namespace lapidary::tests {
namespace {

using core::DType;
using core::Shape;
using core::Tensor;
using core::testing::randomTensor;

Tensor counts(Shape shape, std::vector<std::int32_t> values) {
  return Tensor::from<std::int32_t>(std::move(shape), values);
}

Tensor randomBytes(Shape shape, unsigned seed) {
  std::mt19937 engine(seed);
  core::TensorBuilder builder(DType::UInt8, std::move(shape));
  for (std::uint8_t& byte : builder.as<std::uint8_t>()) byte = static_cast<std::uint8_t>(engine());
  return std::move(builder).build();
}

NodeCase contribCase(const std::string& name, const std::string& type, std::vector<Tensor> inputs,
                     Attributes attributes, std::size_t outputs = 1, std::vector<std::size_t> stored = {}) {
  return {
      name, type, 17, std::move(inputs), std::move(attributes), outputs, "com.microsoft", std::move(stored)};
}

TEST(ContribInterop, RotaryEmbedding) {
  const Tensor x = randomTensor({2, 3, 4, 8}, 1), rows = randomTensor({2, 4, 24}, 2),
               cosines = randomTensor({10, 4}, 3), sines = randomTensor({10, 4}, 4);
  const Tensor positions = Tensor::from<std::int64_t>({2, 4}, {0, 1, 2, 9, 4, 4, 0, 7}),
               first = Tensor::from<std::int64_t>({1}, {3});
  expectNodesJudged({
      contribCase("rows", "RotaryEmbedding", {rows, positions, cosines, sines}, {}),
      contribCase("rows_neighbours", "RotaryEmbedding", {rows, positions, cosines, sines},
                  {{"interleaved", whole(1)}}),
      contribCase("heads", "RotaryEmbedding", {x, positions, cosines, sines}, {}),
      contribCase("first", "RotaryEmbedding", {rows, first, cosines, sines}, {}),
      contribCase("part", "RotaryEmbedding",
                  {rows, first, randomTensor({10, 2}, 5), randomTensor({10, 2}, 6)},
                  {{"rotary_embedding_dim", whole(4)}, {"num_heads", whole(3)}}),
  });
}

TEST(ContribInterop, MultiHeadAttention) {
  const Tensor q = randomTensor({2, 3, 12}, 1), k = randomTensor({2, 5, 12}, 2),
               v = randomTensor({2, 5, 9}, 3), self = randomTensor({2, 3, 12}, 4),
               selfValue = randomTensor({2, 3, 12}, 5);
  const Tensor bias = randomTensor({33}, 6), past = randomTensor({2, 3, 4, 4}, 7);
  const Attributes heads{{"num_heads", whole(3)}};
  const auto with = [&](const std::string& key, core::Attribute value) {
    Attributes all = heads;
    all[key] = std::move(value);
    return all;
  };
  const std::string type = "MultiHeadAttention";
  expectNodesJudged({
      contribCase("plain", type, {q, k, v}, heads),
      contribCase("scaled", type, {q, k, v}, with("scale", 0.3f)),
      contribCase("biased", type, {q, k, v, bias}, heads),
      contribCase("padded", type, {q, k, v, {}, counts({2}, {2, 5})}, heads),
      contribCase("padded_each", type, {q, k, v, {}, counts({2, 5}, {1, 1, 0, 1, 0, 1, 1, 1, 1, 1})}, heads),
      contribCase("filter", type, {q, k, v, {}, counts({2, 5}, {1, 1, 0, 1, 0, 1, 1, 1, 1, 1})},
                  with("mask_filter_value", -2.0f)),
      contribCase("bias_of_scores", type, {q, k, v, {}, {}, randomTensor({1, 3, 3, 5}, 8)}, heads),
      contribCase("both_masks", type, {q, k, v, {}, counts({2}, {2, 5}), randomTensor({2, 3, 3, 5}, 8)},
                  heads),
      contribCase("causal", type, {q, self, selfValue}, with("unidirectional", whole(1))),
      contribCase("past", type, {q, self, selfValue, {}, {}, {}, past, randomTensor({2, 3, 4, 4}, 9)}, heads,
                  3),
      contribCase("past_causal", type, {q, self, selfValue, {}, {}, {}, past, randomTensor({2, 3, 4, 4}, 9)},
                  with("unidirectional", whole(1)), 3),
      contribCase("crossed", type, {q, randomTensor({2, 3, 5, 4}, 10), randomTensor({2, 3, 5, 4}, 11)},
                  heads),
  });
}

TEST(ContribInterop, AttentionWithItsProjection) {
  const Tensor x = randomTensor({2, 4, 6}, 1), w = randomTensor({6, 36}, 2), b = randomTensor({36}, 3);
  const Attributes heads{{"num_heads", whole(3)}};
  const auto with = [&](const std::string& key, core::Attribute value) {
    Attributes all = heads;
    all[key] = std::move(value);
    return all;
  };
  const std::string type = "Attention";
  const Tensor past = randomTensor({2, 2, 3, 2, 4}, 4);
  expectNodesJudged({
      contribCase("plain", type, {x, w, b}, heads, 1, {1, 2}),
      contribCase("lengths", type, {x, w, b, counts({2}, {2, 4})}, heads, 1, {1, 2}),
      contribCase("ends_and_starts", type, {x, w, b, counts({4}, {3, 4, 1, 0})}, heads, 1, {1, 2}),
      contribCase("each", type, {x, w, b, counts({2, 4}, {1, 1, 0, 1, 0, 1, 1, 1})}, heads, 1, {1, 2}),
      contribCase("causal", type, {x, w, b}, with("unidirectional", whole(1)), 1, {1, 2}),
      contribCase("causal_lengths", type, {x, w, b, counts({2}, {2, 4})}, with("unidirectional", whole(1)), 1,
                  {1, 2}),
      contribCase("past", type, {x, w, b, {}, past}, heads, 2, {1, 2}),
      contribCase("past_causal", type, {x, w, b, {}, past}, with("unidirectional", whole(1)), 2, {1, 2}),
      contribCase("bias_of_scores", type, {x, w, b, {}, {}, randomTensor({2, 3, 4, 4}, 5)}, heads, 1, {1, 2}),
      contribCase("sizes", type, {x, randomTensor({6, 33}, 6), randomTensor({33}, 7)},
                  with("qkv_hidden_sizes", std::vector<std::int64_t>{12, 12, 9}), 1, {1, 2}),
  });
}

NodeCase groupedCase(const std::string& name, std::vector<Tensor> inputs, Attributes attributes = {}) {
  attributes["num_heads"] = whole(4);
  attributes["kv_num_heads"] = whole(2);
  return contribCase("grouped_" + name, "GroupQueryAttention", std::move(inputs), std::move(attributes), 3);
}

TEST(ContribInterop, GroupQueryAttention) {
  const Tensor q = randomTensor({2, 3, 64}, 1), k = randomTensor({2, 3, 32}, 2),
               v = randomTensor({2, 3, 32}, 3);
  const Tensor none = Tensor::from<float>({2, 2, 0, 16}, {}), full = counts({2}, {2, 2}),
               three = Tensor::scalar<std::int32_t>(3);
  const Tensor past = randomTensor({2, 2, 6, 16}, 4), pastValue = randomTensor({2, 2, 6, 16}, 5);
  const Tensor one = randomTensor({2, 1, 64}, 6), oneKey = randomTensor({2, 1, 32}, 7),
               oneValue = randomTensor({2, 1, 32}, 8);
  const Tensor last = counts({2}, {6, 3}), seven = Tensor::scalar<std::int32_t>(7);
  const Tensor cosines = randomTensor({10, 8}, 9), sines = randomTensor({10, 8}, 10);
  const Attributes turned{{"do_rotary", whole(1)}};
  expectNodesJudged({
      groupedCase("first", {q, k, v, {}, {}, full, three}),
      groupedCase("short_first", {q, k, v, {}, {}, counts({2}, {2, 1}), three}),
      groupedCase("no_past", {q, k, v, none, none, full, three}),
      groupedCase("next", {one, oneKey, oneValue, past, pastValue, last, seven}),
      groupedCase("packed", {randomTensor({2, 3, 128}, 11), {}, {}, {}, {}, full, three}),
      groupedCase("turned", {q, k, v, {}, {}, full, three, cosines, sines}, turned),
      groupedCase("turned_next", {one, oneKey, oneValue, past, pastValue, last, seven, cosines, sines},
                  turned),
      groupedCase("neighbours", {q, k, v, {}, {}, full, three, cosines, sines},
                  {{"do_rotary", whole(1)}, {"rotary_interleaved", whole(1)}}),
      groupedCase("window", {q, k, v, {}, {}, full, three}, {{"local_window_size", whole(2)}}),
      groupedCase("window_next", {one, oneKey, oneValue, past, pastValue, last, seven},
                  {{"local_window_size", whole(3)}}),
      groupedCase("softcap", {q, k, v, {}, {}, full, three}, {{"softcap", 0.5f}}),
      groupedCase("smooth", {q, k, v, {}, {}, full, three}, {{"smooth_softmax", whole(1)}}),
      groupedCase("sink", {q, k, v, {}, {}, full, three, {}, {}, {}, {}, randomTensor({4}, 12)}),
      groupedCase("bias_of_scores",
                  {q, k, v, {}, {}, full, three, {}, {}, {}, randomTensor({2, 4, 3, 3}, 13)}),
  });
}

TEST(ContribInterop, NormalisationsOfSums) {
  const Tensor x = randomTensor({2, 3, 8}, 1), skip = randomTensor({2, 3, 8}, 2),
               scale = randomTensor({8}, 3), shift = randomTensor({8}, 4), bias = randomTensor({8}, 5);
  expectNodesJudged({
      contribCase("layer", "SkipLayerNormalization", {x, skip, scale, shift, bias}, {{"epsilon", 1e-5f}}),
      contribCase("simplified", "SkipSimplifiedLayerNormalization", {x, skip, scale, bias},
                  {{"epsilon", 1e-5f}}),
      contribCase("simplified_plain", "SkipSimplifiedLayerNormalization", {x, skip, scale},
                  {{"epsilon", 1e-5f}}),
      {"alone", "SimplifiedLayerNormalization", 17, {x, scale}, {{"epsilon", 1e-5f}, {"axis", whole(-1)}}},
  });
}

TEST(ContribInterop, EmbeddingsOfWordsPositionsAndSegments) {
  const Tensor words = counts({2, 3}, {0, 4, 2, 1, 1, 3}), segments = counts({2, 3}, {0, 1, 1, 0, 0, 1}),
               wordTable = randomTensor({5, 8}, 1), positionTable = randomTensor({6, 8}, 2),
               segmentTable = randomTensor({2, 8}, 3), scale = randomTensor({8}, 4),
               shift = randomTensor({8}, 5);
  const std::vector<std::size_t> tables{2, 3, 4, 5, 6};
  expectNodesJudged({
      contribCase("all", "EmbedLayerNormalization",
                  {words, segments, wordTable, positionTable, segmentTable, scale, shift,
                   counts({2, 3}, {1, 1, 0, 1, 1, 1})},
                  {{"epsilon", 1e-5f}}, 2, tables),
      contribCase("no_segments", "EmbedLayerNormalization",
                  {words, {}, wordTable, positionTable, {}, scale, shift}, {{"epsilon", 1e-5f}}, 2,
                  {2, 3, 5, 6}),
      contribCase(
          "positions", "EmbedLayerNormalization",
          {words, {}, wordTable, positionTable, {}, scale, shift, {}, counts({2, 3}, {5, 0, 2, 1, 1, 4})},
          {{"epsilon", 1e-5f}}, 2, {2, 3, 5, 6}),
  });
}

TEST(ContribInterop, MatMulNBits) {
  std::vector<NodeCase> cases;
  for (const std::int64_t bits : {2, 4, 8})
    for (const std::int64_t depth : {64, 80}) {
      const std::int64_t block = 32, rows = 5, blocks = (depth + block - 1) / block;
      const Tensor x = randomTensor({2, 3, depth}, 1),
                   codes = randomBytes({rows, blocks, block * bits / 8}, 2),
                   scales = randomTensor({rows, blocks}, 3, 0.1f);
      const Attributes form{
          {"N", whole(rows)}, {"K", whole(depth)}, {"bits", whole(bits)}, {"block_size", whole(block)}};
      const std::string name = "bits" + std::to_string(bits) + "_" + std::to_string(depth);
      cases.push_back(contribCase(name, "MatMulNBits", {x, codes, scales}, form, 1, {1, 2}));
      cases.push_back(contribCase(name + "_zeros", "MatMulNBits",
                                  {x, codes, scales, randomBytes({rows, (blocks * bits + 7) / 8}, 4)}, form,
                                  1, {1, 2, 3}));
      cases.push_back(contribCase(name + "_bias", "MatMulNBits",
                                  {x, codes, scales, {}, {}, randomTensor({rows}, 5)}, form, 1, {1, 2, 5}));
    }
  for (NodeCase& each : cases) each.tolerance = 1e-4;
  expectNodesJudged(cases);
}

}  // namespace
}  // namespace lapidary::tests
