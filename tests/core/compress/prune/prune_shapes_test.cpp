// SPDX-License-Identifier: GPL-3.0-or-later
// Patterns and blocks against sorts of every group, on weights of all layouts.
#include "core/compress/prune/prune_shapes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "core/compress/cut/cutter.h"
#include "tests/core/compress/models.h"

namespace lapidary::core {
namespace {

struct Layout {
  Shape shape;
  int axis;
};

const Layout layouts[] = {{{7, 3, 3, 3}, 0}, {{30, 11}, 1},  {{2, 6, 4, 4}, 1},
                          {{40}, 0},         {{1, 8, 9}, 1}, {{5, 16}, 0}};

/// Many equal magnitudes, so that ties matter.
Tensor coarseWeight(const Shape& shape) {
  const Tensor fine = test::normalWeight(shape, 5, 1.0f);
  std::vector<float> values;
  for (const float v : fine.as<float>()) values.push_back(std::round(v * 3) / 3);
  return Tensor::from<float>(shape, values);
}

std::vector<float> prunedBy(const Tensor& weight, const Layout& layout, const Prune& prune) {
  std::vector<float> out(static_cast<std::size_t>(weight.size()));
  pruneInShape(weight.as<float>(), weight.as<float>(), weightMatrix(layout.shape, layout.axis), prune, out);
  return out;
}

TEST(PruneShapes, PatternsKeepTheGreatestOfEveryGroup) {
  for (const Layout& layout : layouts)
    for (const auto& [keep, of] : {std::pair{2, 4}, {4, 8}, {1, 2}, {1, 3}, {5, 64}, {63, 64}}) {
      const Tensor weight = coarseWeight(layout.shape);
      const Prune prune{.mode = PruneMode::Pattern, .keep = keep, .of = of};
      const WeightMatrix m = weightMatrix(layout.shape, layout.axis);
      std::vector<float> expected(weight.as<float>().begin(), weight.as<float>().end());
      for (std::size_t o = 0; o < m.outputs; ++o)
        for (std::size_t first = 0; first < m.inputs; first += static_cast<std::size_t>(of)) {
          std::vector<std::size_t> indices;
          for (std::size_t i = first; i < std::min(m.inputs, first + static_cast<std::size_t>(of)); ++i)
            indices.push_back(m.indexOf(o, i));
          std::ranges::stable_sort(indices, {},
                                   [&](std::size_t p) { return std::fabs(weight.as<float>()[p]); });
          for (std::size_t i = 0; i + static_cast<std::size_t>(keep) < indices.size(); ++i)
            expected[indices[i]] = 0;
        }
      EXPECT_EQ(prunedBy(weight, layout, prune), expected) << keep << ":" << of;
    }
}

TEST(PruneShapes, BlocksZeroTheLeastTiles) {
  for (const Layout& layout : layouts)
    for (const Criterion criterion : {Criterion::Magnitude, Criterion::Squares})
      for (const auto& [rows, columns] : {std::pair{1, 4}, {4, 4}, {3, 5}, {256, 256}, {8, 1}})
        for (const double value : {0.0, 0.3, 0.5, 0.99, 1.0}) {
          const Tensor weight = coarseWeight(layout.shape);
          const Prune prune{.mode = PruneMode::Blocks,
                            .value = value,
                            .criterion = criterion,
                            .rows = rows,
                            .columns = columns};
          const WeightMatrix m = weightMatrix(layout.shape, layout.axis);
          std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> tiles;
          for (std::size_t o = 0; o < m.outputs; ++o)
            for (std::size_t i = 0; i < m.inputs; ++i)
              tiles[{o / static_cast<std::size_t>(rows), i / static_cast<std::size_t>(columns)}].push_back(
                  m.indexOf(o, i));
          std::vector<std::pair<double, std::vector<std::size_t>>> order;
          for (const auto& [at, indices] : tiles) {
            double score = 0;
            std::vector<std::size_t> inMemory = indices;
            std::ranges::sort(inMemory);
            for (const std::size_t p : inMemory) {
              const double w = std::fabs(static_cast<double>(weight.as<float>()[p]));
              score += criterion == Criterion::Squares ? w * w : w;
            }
            order.push_back({score, indices});
          }
          std::ranges::stable_sort(order, {}, [](const auto& tile) { return tile.first; });
          std::vector<float> expected(weight.as<float>().begin(), weight.as<float>().end());
          const auto gone = static_cast<std::size_t>(std::floor(value * static_cast<double>(order.size())));
          for (std::size_t t = 0; t < gone; ++t)
            for (const std::size_t p : order[t].second) expected[p] = 0;
          EXPECT_EQ(prunedBy(weight, layout, prune), expected) << rows << "x" << columns << " " << value;
        }
}

TEST(PruneShapes, WhatIsNotFiniteStays) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const Tensor weight = Tensor::from<float>({1, 8}, {nan, -inf, inf, 1, 0.1f, 0.2f, nan, 0.4f});
  const Layout layout{{1, 8}, 0};
  const auto pattern = prunedBy(weight, layout, {.mode = PruneMode::Pattern, .keep = 1, .of = 4});
  EXPECT_TRUE(std::isnan(pattern[0]) && std::isinf(pattern[1]) && std::isinf(pattern[2]) &&
              std::isnan(pattern[6]));
  EXPECT_EQ(pattern[3], 0);
  EXPECT_EQ(pattern[4] + pattern[5] + pattern[7], 0);
  const auto blocks =
      prunedBy(weight, layout, {.mode = PruneMode::Blocks, .value = 1, .rows = 1, .columns = 4});
  EXPECT_TRUE(std::isnan(blocks[0]) && std::isinf(blocks[2]) && std::isnan(blocks[6]));
  EXPECT_EQ(blocks[3] + blocks[7], 0);
  const auto half =
      prunedBy(weight, layout, {.mode = PruneMode::Blocks, .value = 0.5, .rows = 1, .columns = 2});
  EXPECT_EQ(half[4] + half[5], 0);
}

TEST(PruneShapes, TheCutterCountsAndRemembersThem) {
  const Cutter cutter(test::modelOf({test::normalWeight({8, 30}, 1), test::normalWeight({6, 4, 3}, 2)}));
  for (const PruneMode mode : {PruneMode::Pattern, PruneMode::Blocks})
    for (const Scheme scheme : {Scheme::None, Scheme::Affine, Scheme::NormalFloat, Scheme::MinMax}) {
      const Prune prune{.mode = mode, .value = 0.4, .keep = 2, .of = 4, .rows = 2, .columns = 8};
      Recipe recipe;
      recipe.set("a", {prune, {.scheme = scheme, .bits = 8}});
      recipe.set("b", {prune, {.scheme = scheme, .bits = 8}});
      const Model cut = cutter.apply(recipe), again = cutter.apply(recipe);
      for (const std::uint32_t i : {0u, 1u}) {
        const auto values = cut.weights.at(ValueId{i}).as<float>();
        std::vector<float> shape(values.size());
        const Layer& layer = cut.layers[i];
        pruneInShape(cutter.weight(LayerId{i}).as<float>(), cutter.weight(LayerId{i}).as<float>(),
                     weightMatrix(layer.shape, layer.channelAxis), prune, shape);
        for (std::size_t k = 0; k < values.size(); ++k)
          if (shape[k] == 0) {
            EXPECT_EQ(values[k], 0);
          }
        EXPECT_EQ(cutter.prunedZeros(recipe, LayerId{i}), std::ranges::count(shape, 0.0f));
        EXPECT_EQ(cutter.threshold(recipe, LayerId{i}), 0);
        EXPECT_EQ(cut.weights.at(ValueId{i}).id(), again.weights.at(ValueId{i}).id());
      }
    }
}

TEST(PruneShapes, SquaresRankSingleWeightsAsMagnitudesDo) {
  const Cutter cutter(test::modelOf({test::normalWeight({8, 30}, 1), test::normalWeight({6, 4, 3}, 2)}));
  for (const PruneMode mode : {PruneMode::Sparsity, PruneMode::Global}) {
    Recipe magnitude, squares;
    magnitude.globalSparsity = squares.globalSparsity = 0.6;
    for (const char* layer : {"a", "b"}) {
      magnitude.set(layer, {{.mode = mode, .value = 0.7}, {}});
      squares.set(layer, {{.mode = mode, .value = 0.7, .criterion = Criterion::Squares}, {}});
    }
    const Model first = cutter.apply(magnitude), second = cutter.apply(squares);
    for (const std::uint32_t i : {0u, 1u}) {
      EXPECT_TRUE(std::ranges::equal(first.weights.at(ValueId{i}).as<float>(),
                                     second.weights.at(ValueId{i}).as<float>()));
      EXPECT_EQ(cutter.prunedZeros(squares, LayerId{i}), cutter.prunedZeros(magnitude, LayerId{i}));
    }
  }
}

}  // namespace
}  // namespace lapidary::core
