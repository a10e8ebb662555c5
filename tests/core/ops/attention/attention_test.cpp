// SPDX-License-Identifier: GPL-3.0-or-later
// Attention and rotary positions against plain loops in double, their gradients, and what is refused.
#include <gtest/gtest.h>

#include <limits>

#include "tests/core/ops/gradient_check.h"

namespace lapidary::core {
namespace {

using testing::Attributes;
using testing::expectError;
using testing::GradientCase;
using testing::int64s;
using testing::isClose;
using testing::number;
using testing::randomTensor;
using testing::runOne;
using testing::runOp;
using testing::valueAt;

struct Plain {
  Tensor q, k, v;
  double scale = 1, softcap = 0;
  std::function<double(std::int64_t query, std::int64_t key)> mask = [](auto, auto) { return 0.0; };
};

/// softmax(cap(scale q k) + mask) v, one element at a time.
Tensor plainAttention(const Plain& p) {
  const Shape &q = p.q.shape(), &k = p.k.shape(), &v = p.v.shape();
  TensorBuilder y(DType::Float32, {q[0], q[1], q[2], v[3]});
  std::size_t at = 0;
  for (std::int64_t b = 0; b < q[0]; ++b)
    for (std::int64_t h = 0; h < q[1]; ++h)
      for (std::int64_t i = 0; i < q[2]; ++i) {
        const std::int64_t group = b * k[1] + h / (q[1] / k[1]);
        std::vector<double> shares;
        double total = 0;
        for (std::int64_t j = 0; j < k[2]; ++j) {
          double score = 0;
          for (std::int64_t d = 0; d < q[3]; ++d)
            score += valueAt(p.q, ((b * q[1] + h) * q[2] + i) * q[3] + d) *
                     valueAt(p.k, (group * k[2] + j) * k[3] + d);
          score *= p.scale;
          if (p.softcap > 0) score = p.softcap * std::tanh(score / p.softcap);
          shares.push_back(std::exp(score + p.mask(i, j)));
          total += shares.back();
        }
        for (std::int64_t d = 0; d < v[3]; ++d) {
          double sum = 0;
          for (std::int64_t j = 0; j < k[2]; ++j)
            sum += shares[static_cast<std::size_t>(j)] / total * valueAt(p.v, (group * k[2] + j) * v[3] + d);
          y.as<float>()[at++] = static_cast<float>(sum);
        }
      }
  return std::move(y).build();
}

constexpr double hidden = -std::numeric_limits<double>::infinity();
const Tensor queries = randomTensor({2, 4, 3, 6}, 1), keys = randomTensor({2, 2, 5, 6}, 2),
             values = randomTensor({2, 2, 5, 3}, 3);

TEST(Attention, IsTheSoftmaxOfScoresTimesValues) {
  const double scale = 1 / std::sqrt(6.0);
  EXPECT_TRUE(isClose(runOne("Attention", {queries, keys, values}, {}, 23),
                      plainAttention({queries, keys, values, scale})));
  EXPECT_TRUE(isClose(runOne("Attention", {queries, keys, values}, {{"scale", 2.0f}, {"softcap", 0.5f}}, 24),
                      plainAttention({queries, keys, values, 2, 0.5})));
}

TEST(Attention, HidesWhatMasksAndOrderHide) {
  const double scale = 1 / std::sqrt(6.0);
  const auto causal = [](auto i, auto j) { return j > i ? hidden : 0.0; };
  EXPECT_TRUE(isClose(runOne("Attention", {queries, keys, values}, {{"is_causal", number(1)}}, 23),
                      plainAttention({queries, keys, values, scale, 0, causal})));
  const Tensor mask = randomTensor({3, 5}, 4);
  const auto added = [&](auto i, auto j) { return valueAt(mask, i * 5 + j); };
  EXPECT_TRUE(isClose(runOne("Attention", {queries, keys, values, mask}, {}, 23),
                      plainAttention({queries, keys, values, scale, 0, added})));
  const Tensor shorter = randomTensor({3, 4}, 5);
  const auto padded = [&](auto i, auto j) { return j < 4 ? valueAt(shorter, i * 4 + j) : hidden; };
  EXPECT_TRUE(isClose(runOne("Attention", {queries, keys, values, shorter}, {}, 24),
                      plainAttention({queries, keys, values, scale, 0, padded})));
}

TEST(Attention, GivesZerosWhereNothingIsSeenAndIgnoresWhatNobodySees) {
  TensorBuilder poison(DType::Float32, values.shape());
  std::ranges::copy(values.as<float>(), poison.as<float>().begin());
  for (std::size_t head = 0; head < 4; ++head)
    for (std::size_t d = 0; d < 3; ++d)
      poison.as<float>()[head * 15 + 12 + d] = std::numeric_limits<float>::quiet_NaN();
  const Tensor poisoned = std::move(poison).build(), lengths = int64s({4, 0});
  const Tensor y = runOne("Attention", {queries, keys, poisoned, {}, {}, {}, lengths}, {}, 24);
  for (std::int64_t i = 0; i < y.size(); ++i) {
    EXPECT_FALSE(std::isnan(valueAt(y, i))) << i;
    if (i >= y.size() / 2) {
      EXPECT_EQ(valueAt(y, i), 0);
    }
  }
}

TEST(Attention, OfRowsIsThatOfHeads) {
  const auto rowsOf = [](const Tensor& heads) {
    const Shape& s = heads.shape();
    return runOne("Transpose", {heads}, {{"perm", testing::ints({0, 2, 1, 3})}})
        .reshaped({s[0], s[2], s[1] * s[3]});
  };
  const Attributes heads{{"q_num_heads", number(4)}, {"kv_num_heads", number(2)}};
  EXPECT_TRUE(isClose(runOne("Attention", {rowsOf(queries), rowsOf(keys), rowsOf(values)}, heads, 23),
                      rowsOf(runOne("Attention", {queries, keys, values}, {}, 23)), 0, 0));
}

TEST(Attention, OfASampleDoesNotDependOnTheOthers) {
  const Tensor both = runOne("Attention", {queries, keys, values}, {}, 23);
  const auto first = [](const Tensor& all) {
    Shape shape = all.shape();
    shape[0] = 1;
    return Tensor::from<float>(shape, all.as<float>().subspan(0, all.as<float>().size() / 2));
  };
  EXPECT_TRUE(
      isClose(runOne("Attention", {first(queries), first(keys), first(values)}, {}, 23), first(both), 0, 0));
}

TEST(Attention, KeepsThePresent) {
  const Tensor past = randomTensor({2, 2, 4, 6}, 6), pastValues = randomTensor({2, 2, 4, 3}, 7);
  const auto outputs = runOp("Attention", {queries, keys, values, {}, past, pastValues}, {}, 23, 3);
  const Tensor allKeys = runOne("Concat", {past, keys}, {{"axis", number(2)}}),
               allValues = runOne("Concat", {pastValues, values}, {{"axis", number(2)}});
  EXPECT_TRUE(isClose(outputs[0], runOne("Attention", {queries, allKeys, allValues}, {}, 23), 0, 0));
  EXPECT_TRUE(isClose(outputs[1], allKeys, 0, 0));
  EXPECT_TRUE(isClose(outputs[2], allValues, 0, 0));
}

TEST(Attention, RefusesWhatDoesNotFit) {
  const auto refuses = [](std::vector<Tensor> inputs, Attributes attributes, const std::string& why,
                          std::int64_t opset = 24) {
    expectError([&] { runOp("Attention", inputs, attributes, opset, 4); }, why);
  };
  refuses({queries, keys, values}, {{"is_causal", number(2)}}, "attribute 'is_causal': is 2");
  refuses({queries, keys, values}, {{"qk_matmul_output_mode", number(4)}}, "'qk_matmul_output_mode': is 4");
  refuses({queries, keys, values}, {{"softcap", -1.0f}}, "attribute 'softcap'");
  refuses({queries, keys, values}, {{"scale", -1.0f}}, "attribute 'scale'");
  refuses({queries, keys, values}, {{"softmax_precision", number(7)}}, "'softmax_precision': is int64");
  refuses({queries, keys, randomTensor({2, 2, 4, 3}, 1)}, {}, "every key needs a value");
  refuses({queries, randomTensor({2, 2, 5, 7}, 1), values}, {}, "differ in length");
  refuses({queries, randomTensor({2, 3, 5, 6}, 1), randomTensor({2, 3, 5, 6}, 1)}, {}, "cannot share");
  refuses({queries, keys, values, randomTensor({2, 5}, 1)}, {}, "does not broadcast to the scores 2x4x3x5");
  refuses({queries, keys, values, int64s({1})}, {}, "truth values or floats");
  refuses({queries, keys, values, {}, keys}, {}, "comes with past_value");
  refuses({queries, keys, values, {}, {}, {}, int64s({1})}, {}, "1 lengths for 2 samples");
  refuses({queries, keys, values, {}, {}, {}, int64s({1, 6})}, {}, "is 6 of 5 keys");
  refuses({queries, keys, values, {}, {}, {}, int64s({1, 1})}, {}, "since opset 24", 23);
  refuses({randomTensor({2, 3, 24}, 1), randomTensor({2, 3, 24}, 1), randomTensor({2, 3, 24}, 1)}, {},
          "'q_num_heads': is needed");
  refuses({randomTensor({2, 3, 24}, 1), randomTensor({2, 3, 24}, 1), randomTensor({2, 3, 24}, 1)},
          {{"q_num_heads", number(5)}, {"kv_num_heads", number(5)}}, "5 heads do not part evenly");
}

TEST(RotaryEmbedding, TurnsPairsByTheirAngle) {
  const Tensor x = randomTensor({1, 2, 3, 6}, 1), angles = randomTensor({5, 2}, 2, -3, 3);
  const Tensor cosines = runOne("Cos", {angles}), sines = runOne("Sin", {angles}),
               positions = int64s({4, 0, 2}).reshaped({1, 3});
  for (const std::int64_t neighbours : {0, 1}) {
    const Tensor y = runOne(
        "RotaryEmbedding", {x, cosines, sines, positions},
        {{"interleaved", number(neighbours)}, {"rotary_embedding_dim", number(4)}, {"num_heads", number(2)}},
        23);
    for (std::int64_t line = 0; line < 6; ++line)
      for (std::int64_t pair = 0; pair < 2; ++pair) {
        const std::int64_t a = line * 6 + (neighbours ? 2 * pair : pair), b = a + (neighbours ? 1 : 2);
        const double angle =
            valueAt(angles, toInt64(positions)[static_cast<std::size_t>(line % 3)] * 2 + pair);
        EXPECT_NEAR(valueAt(y, a), std::cos(angle) * valueAt(x, a) - std::sin(angle) * valueAt(x, b), 1e-5);
        EXPECT_NEAR(valueAt(y, b), std::sin(angle) * valueAt(x, a) + std::cos(angle) * valueAt(x, b), 1e-5);
        EXPECT_EQ(valueAt(y, line * 6 + 4 + pair), valueAt(x, line * 6 + 4 + pair));
      }
  }
}

TEST(RotaryEmbedding, RefusesWhatDoesNotFit) {
  const Tensor x = randomTensor({1, 2, 3, 4}, 1), cache = randomTensor({5, 2}, 2);
  const auto refuses = [&](std::vector<Tensor> inputs, Attributes attributes, const std::string& why) {
    expectError([&] { runOp("RotaryEmbedding", inputs, attributes, 23); }, why);
  };
  const Tensor positions = int64s({0, 1, 2});
  refuses({x, cache, cache, int64s({0, 1, 5})}, {}, "position 5 is outside caches of 5");
  refuses({x, cache, cache, int64s({0, 1})}, {}, "2 positions for 1 samples of 3");
  refuses({x, cache, randomTensor({5, 1}, 1), positions}, {}, "alike");
  refuses({x, randomTensor({5, 3}, 1), randomTensor({5, 3}, 1), positions}, {}, "turns more than heads of 4");
  refuses({x, cache, cache, positions}, {{"interleaved", number(2)}}, "attribute 'interleaved': is 2");
  refuses({x, cache, cache, positions}, {{"rotary_embedding_dim", number(2)}},
          "'rotary_embedding_dim': is 2");
  refuses({x, cache, cache}, {}, "without position_ids");
  expectError(
      [&] {
        runOp("RotaryEmbedding", {x, positions, cache, cache}, {{"scale", 2.0f}}, 1, 1, "com.microsoft");
      },
      "a scale");
}

TEST(GroupedAttention, RefusesWhatDoesNotFit) {
  const Tensor q = randomTensor({1, 2, 32}, 1), k = randomTensor({1, 2, 16}, 2),
               last = Tensor::from<std::int32_t>({1}, {1}), total = Tensor::scalar<std::int32_t>(2);
  const Attributes heads{{"num_heads", number(4)}, {"kv_num_heads", number(2)}};
  const auto refuses = [&](std::vector<Tensor> inputs, const std::string& key, Attribute value,
                           const std::string& why) {
    Attributes all = heads;
    all[key] = value;
    expectError([&] { runOp("GroupQueryAttention", inputs, all, 1, 3, "com.microsoft"); }, why);
  };
  const std::vector<Tensor> good{q, k, k, {}, {}, last, total};
  refuses(good, "num_heads", number(0), "attribute 'num_heads': is 0");
  refuses(good, "kv_num_heads", number(3), "does not divide 4 heads");
  refuses(good, "local_window_size", number(0), "'local_window_size': is 0");
  refuses(good, "softcap", -1.0f, "'softcap'");
  refuses(good, "k_quant_type", std::string("PER_TENSOR"), "a past in codes");
  refuses({q, k, {}, {}, {}, last, total}, "scale", 1.0f, "comes with value");
  refuses({q, k, k, {}, {}, Tensor::from<std::int32_t>({1}, {2}), total}, "scale", 1.0f, "seqlens_k");
  refuses({q, k, k, randomTensor({1, 3, 4, 8}, 1), randomTensor({1, 3, 4, 8}, 1), last, total}, "scale", 1.0f,
          "does not continue in");
  refuses({q, k, k, {}, {}, Tensor::from<std::int32_t>({1}, {3}), Tensor::scalar<std::int32_t>(4)}, "scale",
          1.0f, "fewer than the 2 keys");
}

TEST(FusedAttention, RefusesWhatDoesNotFit) {
  const Tensor q = randomTensor({1, 2, 12}, 1);
  const auto refuses = [&](const std::string& type, std::vector<Tensor> inputs, Attributes attributes,
                           const std::string& why) {
    expectError([&] { runOp(type, inputs, attributes, 1, 1, "com.microsoft"); }, why);
  };
  refuses("MultiHeadAttention", {q, q, q}, {}, "attribute 'num_heads': is 0");
  refuses("MultiHeadAttention", {q, q, q}, {{"num_heads", number(5)}}, "5 heads do not part evenly");
  refuses("MultiHeadAttention", {q}, {{"num_heads", number(3)}}, "samples x positions x 3 x 3 x size");
  refuses("MultiHeadAttention", {q, q, q, {}, Tensor::from<std::int32_t>({3}, {1, 1, 1})},
          {{"num_heads", number(3)}}, "key_padding_mask");
  refuses("MultiHeadAttention", {q, q, q, randomTensor({30}, 1)}, {{"num_heads", number(3)}},
          "more values were expected");
  refuses("Attention", {q, randomTensor({12, 36}, 1), {}},
          {{"num_heads", number(3)}, {"do_rotary", number(1)}}, "rotary positions");
  refuses("Attention", {q, randomTensor({11, 36}, 1), {}}, {{"num_heads", number(3)}}, "does not multiply");
  refuses("Attention", {q, randomTensor({12, 36}, 1), {}},
          {{"num_heads", number(3)}, {"qkv_hidden_sizes", testing::ints({12, 10, 14})}},
          "'qkv_hidden_sizes'");
}

class AttentionGradients : public ::testing::TestWithParam<GradientCase> {};

TEST_P(AttentionGradients, AreThoseOfDifferences) { testing::checkGradients(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Rows, AttentionGradients,
    ::testing::Values(
        GradientCase{"Grouped", "Attention", {queries, keys, values}, {}, 23},
        GradientCase{"Capped", "Attention", {queries, keys, values}, {{"softcap", 0.6f}}, 23},
        GradientCase{"Causal", "Attention", {queries, keys, values}, {{"is_causal", number(1)}}, 23},
        GradientCase{"Masked", "Attention", {queries, keys, values, randomTensor({1, 4, 1, 5}, 4)}, {}, 23},
        GradientCase{
            "MaskForFewerKeys", "Attention", {queries, keys, values, randomTensor({3, 4}, 4)}, {}, 24},
        GradientCase{
            "Past",
            "Attention",
            {queries, keys, values, {}, randomTensor({2, 2, 4, 6}, 6), randomTensor({2, 2, 4, 3}, 7)},
            {},
            23,
            3},
        GradientCase{"Rows",
                     "Attention",
                     {randomTensor({2, 3, 8}, 1), randomTensor({2, 4, 4}, 2), randomTensor({2, 4, 6}, 3)},
                     {{"q_num_heads", number(4)}, {"kv_num_heads", number(2)}},
                     23},
        GradientCase{"Turned",
                     "RotaryEmbedding",
                     {randomTensor({2, 3, 8}, 1), randomTensor({5, 2}, 2), randomTensor({5, 2}, 3),
                      int64s({0, 1, 2, 4, 3, 0}).reshaped({2, 3})},
                     {{"num_heads", number(2)}},
                     23,
                     1,
                     {1, 2}},
        GradientCase{
            "TurnedNeighbours",
            "RotaryEmbedding",
            {randomTensor({2, 2, 3, 4}, 1), int64s({1}), randomTensor({5, 2}, 2), randomTensor({5, 2}, 3)},
            {{"interleaved", number(1)}},
            1,
            1,
            {2, 3},
            5e-3,
            1e-2f,
            "com.microsoft"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace lapidary::core
