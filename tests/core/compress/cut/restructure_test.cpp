// SPDX-License-Identifier: GPL-3.0-or-later
// Channels through the cutter: what follows on the reduced weights, what is remembered, what is shown.
#include <gmock/gmock.h>

#include "core/compress/cut/cutter.h"
#include "tests/core/compress/masked_model.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core::test {
namespace {

Model smallModel() {
  Model model = testing::smallNet().model;
  model.layers = findLayers(*model.graph);
  return model;
}

std::optional<LayerId> cuttable(const Cutter& cutter) {
  for (std::uint32_t i = 0; i < cutter.original().layers.size(); ++i)
    if (cutter.channelGroup(LayerId{i}).removable > 1) return LayerId{i};
  return std::nullopt;
}

Recipe channels(const Cutter& cutter, double share, const LayerEdit& besides = {}) {
  Recipe recipe;
  LayerEdit edit = besides;
  edit.prune = {PruneMode::Channels, share};
  recipe.set(cutter.original().layer(*cuttable(cutter)).name, edit);
  return recipe;
}

TEST(Restructure, ChannelsThenCodesOfWhatIsLeft) {
  const Cutter cutter(smallModel());
  const LayerId id = *cuttable(cutter);
  const Model cut = cutter.apply(channels(cutter, 0.5, {{}, {Scheme::Symmetric, 8}}));
  EXPECT_LT(cut.layer(id).parameters(), cutter.original().layer(id).parameters());
  const auto encoding = cut.encodings.at(cut.layer(id).weight);
  EXPECT_EQ(encoding->codes.shape(), cut.layer(id).shape);
  EXPECT_NE(cut.graph, cutter.original().graph);
}

TEST(Restructure, EqualRecipesGiveTheSameGraphAndTensors) {
  const Cutter cutter(smallModel());
  const Recipe recipe = channels(cutter, 0.5);
  const Model first = cutter.apply(recipe);
  cutter.apply(channels(cutter, 0.25));
  const Model again = cutter.apply(recipe);
  EXPECT_EQ(first.graph, again.graph);
  for (const auto& [value, tensor] : first.weights) EXPECT_EQ(tensor.id(), again.weights.at(value).id());
}

TEST(Restructure, ShowsWhatIsGoneAsZerosInTheOriginalShape) {
  const Cutter cutter(smallModel());
  const LayerId id = *cuttable(cutter);
  const Recipe recipe = channels(cutter, 0.5);
  const auto shown = cutter.cut(recipe, id);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->values.shape(), cutter.original().layer(id).shape);
  const std::int64_t gone =
      cutter.original().layer(id).parameters() - cutter.apply(recipe).layer(id).parameters();
  EXPECT_GE(shown->zeros, gone);
  EXPECT_EQ(cutter.prunedZeros(recipe, id), shown->zeros);
  EXPECT_GT(*shown->snrDb, 0);
}

TEST(Restructure, AShareThatRemovesNothingLeavesTheModel) {
  const Cutter cutter(smallModel());
  const Model cut = cutter.apply(channels(cutter, 0.001));
  EXPECT_EQ(cut.graph, cutter.original().graph);
}

TEST(Restructure, WhatALayerCannotFollowIsSaidBeforeTheCut) {
  const Cutter cutter(smallModel());
  std::size_t refused = 0;
  for (std::uint32_t i = 0; i < cutter.original().layers.size(); ++i) {
    EXPECT_EQ(cutter.obstacleTo(PruneMode::Sparsity, LayerId{i}), "");
    EXPECT_THAT(cutter.obstacleTo(PruneMode::Heads, LayerId{i}), ::testing::HasSubstr("no attention heads"));
    const std::string obstacle = cutter.obstacleTo(PruneMode::Channels, LayerId{i});
    Recipe recipe;
    recipe.set(cutter.original().layer(LayerId{i}).name, {{PruneMode::Channels, 0.5}, {}});
    if (obstacle.empty()) {
      EXPECT_NO_THROW(cutter.reduce(recipe));
      continue;
    }
    ++refused;
    EXPECT_THAT([&] { cutter.reduce(recipe); },
                ::testing::ThrowsMessage<Error>(::testing::HasSubstr(obstacle)));
  }
  EXPECT_GT(refused, 0u) << "the last layer makes the outputs";
  EXPECT_LT(refused, cutter.original().layers.size());
}

TEST(Restructure, AnUnknownLayerIsNamed) {
  const Cutter cutter(smallModel());
  Recipe channelsOf, rankOf;
  channelsOf.set("nowhere", {{PruneMode::Channels, 0.5}, {}});
  rankOf.set("nowhere", {{}, {}, {}, {LowRankMode::Rank, 2}});
  for (const Recipe& recipe : {channelsOf, rankOf})
    EXPECT_THAT([&] { cutter.threshold(recipe, LayerId{0}); },
                ::testing::ThrowsMessage<Error>(::testing::HasSubstr("no layer 'nowhere'")));
}

/// Squares weigh great weights more: the two criteria must not always agree.
TEST(Restructure, CriteriaScoreFilters) {
  const Tensor weight = Tensor::from<float>({2, 4}, {1, 1, 1, 1, 3, 0, 0, 0});
  EXPECT_THAT(filterScores(weight, 0, Criterion::Magnitude), ::testing::ElementsAre(4, 3));
  EXPECT_THAT(filterScores(weight, 0, Criterion::Squares), ::testing::ElementsAre(4, 9));
}

TEST(Restructure, SamplesAreAskedForByCriteriaThatNeedThem) {
  const Cutter cutter(smallModel());
  Recipe recipe = channels(cutter, 0.5);
  recipe.edits.begin()->second.prune.criterion = Criterion::Taylor;
  EXPECT_THROW(cutter.apply(recipe), Error);  // no samples here
  recipe.edits.begin()->second.prune.criterion = Criterion::Reconstruct;
  EXPECT_THROW(cutter.apply(recipe), Error);
}

}  // namespace
}  // namespace lapidary::core::test
