// SPDX-License-Identifier: GPL-3.0-or-later
// The cutter: sharing, remembering, and readouts that agree with the weights.
#include "core/compress/cut/cutter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/core/compress/models.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

Model threeLayers() {
  return test::modelOf(
      {test::normalWeight({4, 25}, 1), test::normalWeight({10, 20}, 2, 0.3f), test::normalWeight({30}, 3)});
}

std::int64_t zerosOf(const Tensor& tensor) {
  const auto values = tensor.as<float>();
  return std::count(values.begin(), values.end(), 0.0f);
}

TEST(Cutter, EmptyRecipeSharesEveryTensor) {
  const Cutter cutter(threeLayers());
  const Model cut = cutter.apply({});
  for (const auto& [id, tensor] : cutter.original().weights) EXPECT_EQ(cut.weights.at(id).id(), tensor.id());
  EXPECT_TRUE(cut.encodings.empty());
}

TEST(Cutter, EditsTouchOnlyTheirLayerAndAreRemembered) {
  const Cutter cutter(threeLayers());
  Recipe recipe;
  recipe.set("b", {{PruneMode::Sparsity, 0.5}, {Scheme::Affine, 4, Granularity::Channel, 0}});
  const Model first = cutter.apply(recipe), again = cutter.apply(recipe);
  const ValueId a{0}, b{1}, c{2};
  EXPECT_EQ(first.weights.at(a).id(), cutter.original().weights.at(a).id());
  EXPECT_EQ(first.weights.at(c).id(), cutter.original().weights.at(c).id());
  EXPECT_NE(first.weights.at(b).id(), cutter.original().weights.at(b).id());
  EXPECT_EQ(first.weights.at(b).id(), again.weights.at(b).id());
  EXPECT_EQ(first.encodings.at(b), again.encodings.at(b));
  EXPECT_GE(zerosOf(first.weights.at(b)), 100);
}

TEST(Cutter, AnEditThatChangesNothingLeavesTheTensor) {
  const Cutter cutter(threeLayers());
  Recipe recipe;
  recipe.set("a", {{PruneMode::Threshold, 0}, {}});
  recipe.set("b", {{PruneMode::Sparsity, 0}, {}});
  recipe.set("c", {{PruneMode::Global, 0}, {}});
  const Model cut = cutter.apply(recipe);
  for (const auto& [id, tensor] : cutter.original().weights) EXPECT_EQ(cut.weights.at(id).id(), tensor.id());
}

TEST(Cutter, ReadoutsAgreeWithTheWeights) {
  const Cutter cutter(threeLayers());
  for (const bool perLayer : {false, true})
    for (const double sparsity : {0.1, 0.5, 0.9}) {
      const Recipe recipe = uniformRecipe(cutter.original(), {sparsity, perLayer, {}});
      const Model cut = cutter.apply(recipe);
      std::int64_t total = 0;
      for (std::uint32_t i = 0; i < 3; ++i) {
        const std::int64_t zeros = zerosOf(cut.weights.at(ValueId{i}));
        EXPECT_EQ(cutter.prunedZeros(recipe, LayerId{i}), zeros);
        EXPECT_EQ(cutter.cut(recipe, LayerId{i})->zeros, zeros);
        if (perLayer) {
          EXPECT_EQ(zeros, static_cast<std::int64_t>(sparsity *
                                                     static_cast<double>(cut.weights.at(ValueId{i}).size())));
        }
        total += zeros;
      }
      if (!perLayer) {
        EXPECT_EQ(total, static_cast<std::int64_t>(sparsity * 330));
      }
    }
}

TEST(Cutter, ASmallBudgetForgetsButStaysRight) {
  const Cutter cutter(threeLayers(), 1);
  Recipe recipe = uniformRecipe(cutter.original(), {0.5, true, {}});
  const Model first = cutter.apply(recipe), again = cutter.apply(recipe);
  for (std::uint32_t i = 0; i < 3; ++i)
    EXPECT_TRUE(std::ranges::equal(first.weights.at(ValueId{i}).as<float>(),
                                   again.weights.at(ValueId{i}).as<float>()));
}

TEST(Cutter, ErrorsNameTheLayer) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const Cutter cutter(test::modelOf({Tensor::from<float>({2}, {1.0f, nan})}));
  Recipe recipe;
  recipe.set("a", {{}, {Scheme::Symmetric, 8, Granularity::Tensor, 0}});
  try {
    cutter.apply(recipe);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith("layer 'a': 1 weights are infinite or not a number"));
  }
  Recipe unknown;
  unknown.set("zz", {{PruneMode::Threshold, 1}, {}});
  EXPECT_THROW(cutter.apply(unknown), Error);
}

TEST(Cutter, HalfPrecisionWeightsAreCutInSingle) {
  const Tensor half = convert(test::normalWeight({50}, 1), DType::Float16);
  const Cutter cutter(test::modelOf({half}));
  Recipe recipe;
  recipe.set("a", {{PruneMode::Sparsity, 0.5}, {}});
  const Tensor cut = cutter.apply(recipe).weights.at(ValueId{0});
  EXPECT_EQ(cut.dtype(), DType::Float32);
  EXPECT_EQ(zerosOf(cut), 25);
}

TEST(Cutter, TheFirstLayerDecidesForASharedWeight) {
  Model model = threeLayers();
  model.layers[1].weight = model.layers[0].weight;
  model.layers[1].shape = model.layers[0].shape;
  const Cutter cutter(model);
  Recipe recipe;
  recipe.set("a", {{PruneMode::Sparsity, 0.5}, {}});
  recipe.set("b", {{PruneMode::Sparsity, 0.9}, {}});
  EXPECT_EQ(zerosOf(cutter.apply(recipe).weights.at(ValueId{0})), 50);
}

TEST(Cutter, StopsWhenAsked) {
  const Cutter cutter(threeLayers());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(cutter.apply(uniformRecipe(cutter.original(), {0.5, true, {}}), {stop.get_token(), {}}),
               Cancelled);
}

}  // namespace
}  // namespace lapidary::core
