// SPDX-License-Identifier: GPL-3.0-or-later
// Attention rollout on a transformer of two layers, against matrices multiplied by hand.
#include <gtest/gtest.h>

#include <array>

#include "core/explain/explain_sample.h"
#include "core/explain/gradients/attention_rollout.h"
#include "core/run/executor.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t positions = 3, features = 4;

struct SmallTransformer {
  testing::GraphBuilder builder;
  unsigned seed = 40;

  ValueId weight(Shape shape) {
    ++seed;
    return builder.weight("w" + std::to_string(seed), testing::randomTensor(std::move(shape), seed, 1.5f));
  }
  ValueId attention(ValueId x) {
    const ValueId q = builder.node("MatMul", {x, weight({features, features})}),
                  k = builder.node("MatMul", {x, weight({features, features})}),
                  v = builder.node("MatMul", {x, weight({features, features})});
    const ValueId turned = builder.node("Transpose", {k}, {{"perm", testing::ints({0, 2, 1})}});
    const ValueId scores = builder.node("MatMul", {q, turned});
    const ValueId scaled =
        builder.node("Mul", {scores, builder.weight("half" + std::to_string(seed), Tensor::scalar(0.5f))});
    const ValueId shares = builder.node("Softmax", {scaled}, {{"axis", std::int64_t{-1}}});
    return builder.node("Add", {x, builder.node("MatMul", {shares, v})});
  }
  /// The class is read from position `first`.
  Model model(std::int64_t first) {
    const ValueId ids = builder.input("ids", {-1, positions}, DType::Int64);
    const ValueId x = builder.node("Gather", {weight({9, features}), ids});
    const ValueId mixed = attention(attention(x));
    const ValueId index = builder.weight("index", Tensor::scalar<std::int64_t>(first));
    const ValueId read = builder.node("Gather", {mixed, index}, {{"axis", std::int64_t{1}}});
    builder.output(builder.node("MatMul", {read, weight({features, 2})}));
    return builder.model();
  }
};

using Matrix = std::array<std::array<double, 3>, 3>;

Matrix mixedOf(const Tensor& shares) {
  Matrix matrix{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      matrix[i][j] = 0.5 * static_cast<double>(shares.as<float>()[3 * i + j]) + (i == j ? 0.5 : 0);
  return matrix;
}

TEST(AttentionRollout, MultipliesTheLayersAndReadsTheRowOfTheAnswer) {
  const Model model = SmallTransformer().model(1);
  const auto attentions = attentionsOf(model);
  ASSERT_EQ(attentions.size(), 2u);
  const Executor executor(model, {});
  const Tensor ids = Tensor::from<std::int64_t>({1, positions}, {4, 2, 7});
  const auto kept = executor.run(model, std::span(&ids, 1), {std::nullopt, attentions, {}}).wanted;
  const Matrix first = mixedOf(kept[0]), second = mixedOf(kept[1]);
  const SaliencyMap map =
      saliency(model, executor, std::span(&ids, 1), SaliencyMethod::AttentionRollout, -1, {});
  ASSERT_EQ(map.values.size(), 3u);
  for (std::size_t j = 0; j < 3; ++j) {
    double share = 0;
    for (std::size_t k = 0; k < 3; ++k) share += second[1][k] * first[k][j];
    EXPECT_NEAR(static_cast<double>(map.values[j]), share, 1e-5);
  }
}

TEST(AttentionRollout, NeedsAttention) {
  testing::GraphBuilder builder;
  const ValueId x = builder.input("x", {-1, 4});
  const ValueId product = builder.node("MatMul", {x, builder.weight("w", testing::randomTensor({4, 4}, 1))});
  builder.output(builder.node("Softmax", {product}));
  EXPECT_THROW(attentionsOf(builder.model()), Error);
}

}  // namespace
}  // namespace lapidary::core
