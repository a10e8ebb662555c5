// SPDX-License-Identifier: GPL-3.0-or-later
// Low rank: exact at full rank, with the error of the discarded singular values below it, and as graphs.
#include "core/compress/structure/low_rank.h"

#include <gmock/gmock.h>

#include <numeric>

#include "core/compress/cut/cutter.h"
#include "core/run/executor.h"
#include "tests/core/compress/masked_model.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core::test {
namespace {

using testing::GraphBuilder;
using ::testing::HasSubstr;
using testing::ints;
using testing::randomTensor;

/// ||w - second * first|| in double, by a naive loop.
double errorOf(const Decomposition& d, std::span<const float> weight, std::int64_t rank) {
  const auto first = d.first(rank), second = d.second(rank);
  const auto r = static_cast<std::size_t>(rank), n = static_cast<std::size_t>(d.inputs());
  double error = 0;
  for (std::size_t o = 0; o < static_cast<std::size_t>(d.outputs()); ++o)
    for (std::size_t i = 0; i < n; ++i) {
      double sum = weight[o * n + i];
      for (std::size_t k = 0; k < r; ++k)
        sum -= static_cast<double>(second[o * r + k]) * static_cast<double>(first[k * n + i]);
      error += sum * sum;
    }
  return std::sqrt(error);
}

TEST(LowRank, ErrorIsTheNormOfTheDiscardedSingularValues) {
  for (const auto& [outputs, inputs] : {std::pair<std::int64_t, std::int64_t>{12, 40}, {40, 12}, {16, 16}}) {
    const Tensor weight = randomTensor({outputs, inputs}, 7);
    const auto values = weight.as<float>();
    const Decomposition d(values, outputs, inputs);
    const double norm = std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
    const auto& sigma = d.singularValues();
    EXPECT_TRUE(std::ranges::is_sorted(sigma, std::greater{}));
    for (std::int64_t rank = 1; rank <= d.fullRank(); ++rank) {
      double discarded = 0;
      for (std::size_t k = static_cast<std::size_t>(rank); k < sigma.size(); ++k)
        discarded += sigma[k] * sigma[k];
      EXPECT_NEAR(errorOf(d, values, rank), std::sqrt(discarded), 1e-5 * norm) << rank;
    }
    EXPECT_LT(errorOf(d, values, d.fullRank()), 1e-6 * norm);
  }
}

TEST(LowRank, EnergyKeepsTheFewestThatHoldTheShare) {
  const Tensor weight = randomTensor({10, 30}, 3);
  const Decomposition d(weight.as<float>(), 10, 30);
  double total = 0;
  for (const double s : d.singularValues()) total += s * s;
  for (const double share : {0.1, 0.5, 0.9, 0.999}) {
    const std::int64_t rank = d.rankFor({LowRankMode::Energy, share});
    double held = 0;
    for (std::int64_t k = 0; k < rank; ++k)
      held += std::pow(d.singularValues()[static_cast<std::size_t>(k)], 2);
    EXPECT_GE(held, share * total);
    EXPECT_LT(held - std::pow(d.singularValues()[static_cast<std::size_t>(rank - 1)], 2), share * total);
  }
  EXPECT_EQ(d.rankFor({LowRankMode::Energy, 1}), 10);
  EXPECT_EQ(d.rankFor({LowRankMode::Rank, 4}), 4);
  EXPECT_EQ(d.rankFor({LowRankMode::Rank, 400}), 10);
}

TEST(LowRank, SavesFromTheRankOn) {
  EXPECT_EQ(greatestSavingRank(10, 10), 4);  // 5 * 20 = 100 is no less
  EXPECT_EQ(greatestSavingRank(64, 576), 57);
}

/// A strided convolution, then both kinds of Gemm and a MatMul with a bias.
struct Net {
  Model model;
  std::vector<Tensor> inputs;
};

Net net() {
  GraphBuilder b;
  const ValueId x =
      b.node("Relu", {b.node("Conv",
                             {b.input("x", {-1, 6, 9, 9}), b.weight("w", randomTensor({10, 6, 3, 3}, 1)),
                              b.weight("b", randomTensor({10}, 2))},
                             {{"strides", ints({2, 2})}, {"pads", ints({1, 1, 1, 1})}})});
  const ValueId flat = b.node("Flatten", {b.node("GlobalAveragePool", {x})});
  const ValueId up =
      b.node("Gemm", {flat, b.weight("g", randomTensor({24, 10}, 3)), b.weight("c", randomTensor({24}, 4))},
             {{"transB", std::int64_t{1}}, {"alpha", 0.5f}, {"beta", 2.0f}});
  const ValueId down = b.node("Gemm", {b.node("Tanh", {up}), b.weight("h", randomTensor({24, 16}, 5))});
  const ValueId last = b.node("MatMul", {b.node("Relu", {down}), b.weight("m", randomTensor({16, 12}, 6))});
  b.output(b.node("Add", {last, b.weight("a", randomTensor({12}, 7))}));
  Model model = b.model();
  model.layers = findLayers(*model.graph);
  return {model, {randomTensor({3, 6, 9, 9}, 9)}};
}

/// The same model with every weight replaced by its truncated product.
TEST(LowRank, TheSplitGraphComputesTheProducts) {
  const Net built = net();
  const Model& model = built.model;
  ASSERT_EQ(model.layers.size(), 4u);
  Recipe recipe;
  for (const Layer& layer : model.layers) recipe.set(layer.name, {{}, {}, {}, {LowRankMode::Rank, 3}});
  const Cutter cutter(model);
  const Model cut = cutter.apply(recipe);
  ASSERT_EQ(cut.layers.size(), 8u);
  EXPECT_EQ(cut.graph->nodes.size(), model.graph->nodes.size() + 4);
  Model dense = model;
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(cut.layers[i].name, model.layers[i].name);
    EXPECT_EQ(cut.layers[4 + i].partOf, LayerId{i});
    const auto whole = cutter.cut(recipe, LayerId{i});
    ASSERT_TRUE(whole);
    ASSERT_EQ(whole->values.shape(), model.layers[i].shape);
    ASSERT_TRUE(whole->snrDb);
    dense.weights[model.layers[i].weight] = whole->values;
  }
  const Tensor expected = Executor(dense, {}).run(dense, built.inputs).outputs[0];
  EXPECT_LT(relativeDifference(expected, Executor(cut, {}).run(cut, built.inputs).outputs[0]), 1e-5);
  EXPECT_LT(cut.parameters(), model.parameters());
}

TEST(LowRank, ErrorOfTheLayerIsThatOfItsDecomposition) {
  const Net built = net();
  Recipe recipe;
  recipe.set(built.model.layers[0].name, {{}, {}, {}, {LowRankMode::Rank, 5}});
  const Cutter cutter(built.model);
  const Tensor before = cutter.weight(LayerId{0}), after = cutter.cut(recipe, LayerId{0})->values;
  double error = 0, discarded = 0;
  for (std::size_t i = 0; i < before.as<float>().size(); ++i)
    error += std::pow(static_cast<double>(before.as<float>()[i] - after.as<float>()[i]), 2);
  const auto d = decompose(built.model, built.model.layers[0]);
  for (std::size_t k = 5; k < 10; ++k) discarded += std::pow(d->singularValues()[k], 2);
  EXPECT_NEAR(std::sqrt(error), std::sqrt(discarded), 1e-4 * std::sqrt(discarded));
}

TEST(LowRank, LeavesALayerThatWouldGrowAndSaysSo) {
  const Net built = net();
  const Cutter cutter(built.model);
  Recipe recipe;
  recipe.set(built.model.layers[3].name, {{}, {}, {}, {LowRankMode::Rank, 12}});
  const ReducedCut reduced = cutter.reduce(recipe);
  EXPECT_EQ(reduced.cutter, nullptr);
  EXPECT_THAT(reduced.notes.at(LayerId{3}), HasSubstr("rank 12 would not save weights: at most 6 does"));
  EXPECT_EQ(cutter.apply(recipe).graph, built.model.graph);
}

TEST(LowRank, BothFactorsArePrunedAndQuantized) {
  const Net built = net();
  const Cutter cutter(built.model);
  Recipe recipe;
  recipe.set(built.model.layers[1].name,
             {{PruneMode::Sparsity, 0.5}, {Scheme::Symmetric, 8}, {}, {LowRankMode::Rank, 4}});
  const Model cut = cutter.apply(recipe);
  ASSERT_EQ(cut.layers.size(), 5u);
  for (const std::size_t i : {1u, 4u}) {
    const Tensor values = cut.weights.at(cut.layers[i].weight);
    EXPECT_TRUE(cut.encodings.contains(cut.layers[i].weight)) << i;
    EXPECT_GE(std::ranges::count(values.as<float>(), 0.0f), values.size() / 2) << i;
  }
}

TEST(LowRank, FollowsTheRemovalOfChannels) {
  const Net built = net();
  const Cutter cutter(built.model);
  Recipe recipe;
  recipe.set(built.model.layers[0].name, {{PruneMode::Channels, 0.4}, {}, {}, {LowRankMode::Rank, 2}});
  const Model cut = cutter.apply(recipe);
  EXPECT_EQ(cut.layers[0].shape, (Shape{2, 6, 3, 3}));
  EXPECT_EQ(cut.layers[4].shape, (Shape{6, 2, 1, 1}));
  EXPECT_EQ(cut.layers[1].shape, (Shape{24, 6}));
  Model dense = built.model;
  for (const std::uint32_t i : {0u, 1u})
    dense.weights[dense.layers[i].weight] = cutter.cut(recipe, LayerId{i})->values;
  const Tensor expected = Executor(dense, {}).run(dense, built.inputs).outputs[0];
  EXPECT_LT(relativeDifference(expected, Executor(cut, {}).run(cut, built.inputs).outputs[0]), 1e-5);
}

}  // namespace
}  // namespace lapidary::core::test
