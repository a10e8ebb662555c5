// SPDX-License-Identifier: GPL-3.0-or-later
// Where recipes are done: the original, repaired weights, a changed graph, both; and what plain cutters
// refuse.
#include "core/compress/cut/cut_chain.h"

#include <gmock/gmock.h>

#include "core/compress/cut/plain_cutter.h"
#include "core/compress/cut/repaired_weights.h"
#include "tests/core/compress/models.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core::test {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Model smallNet() {
  Model model = testing::smallNet().model;
  model.layers = findLayers(*model.graph);
  return model;
}

/// The net with other weights in its first layer, as a training would have made them.
TrainedWeights trained(const Model& model, const std::string& id, unsigned seed = 7) {
  auto held = std::make_shared<RepairedWeights>();
  held->model = model;
  const Layer& first = model.layers.front();
  held->model.weights[first.weight] = normalWeight(first.shape, seed);
  return {id, held};
}

Recipe coarse(const Model& model) {
  Recipe recipe;
  for (const Layer& layer : model.layers)
    recipe.set(layer.name, {{PruneMode::Sparsity, 0.5}, {Scheme::Symmetric, 4}});
  return recipe;
}

/// A recipe that removes half of the channels of the first layer that can lose some.
Recipe withoutChannelsOf(const Cutter& cutter) {
  Recipe recipe = coarse(cutter.original());
  for (std::uint32_t i = 0; i < cutter.original().layers.size(); ++i) {
    if (cutter.channelGroup(LayerId{i}).removable < 2) continue;
    recipe.set(cutter.original().layer(LayerId{i}).name,
               {{PruneMode::Channels, 0.5}, {Scheme::Symmetric, 4}});
    return recipe;
  }
  ADD_FAILURE() << "no channels can go";
  return recipe;
}

void expectSameTensors(const Model& a, const Model& b) {
  EXPECT_EQ(a.graph, b.graph);
  ASSERT_EQ(a.weights.size(), b.weights.size());
  for (const auto& [value, tensor] : a.weights) EXPECT_EQ(tensor.id(), b.weights.at(value).id());
}

TEST(CutChain, APlainRecipeStaysWithItsCutter) {
  const Cutter cutter(smallNet());
  const Recipe recipe = coarse(cutter.original());
  const ResolvedCut resolved = CutChain(cutter, 0).resolve(recipe);
  EXPECT_EQ(resolved.cutter.get(), &cutter);
  EXPECT_EQ(resolved.base.get(), &cutter);
  EXPECT_EQ(resolved.structure, nullptr);
  EXPECT_EQ(resolved.rest, recipe);
}

TEST(CutChain, RepairedWeightsAreTheBase) {
  const Cutter cutter(smallNet());
  Recipe recipe = coarse(cutter.original());
  recipe.repaired = trained(cutter.original(), "abc");
  const ResolvedCut resolved = cutter.resolve(recipe);
  EXPECT_NE(resolved.cutter.get(), &cutter);
  EXPECT_EQ(resolved.cutter, resolved.base);
  EXPECT_EQ(resolved.structure, nullptr);
  EXPECT_EQ(resolved.rest, coarse(cutter.original()));
  EXPECT_EQ(resolved.cutter->original().weights.begin()->second.id(),
            recipe.repaired.held->model.weights.begin()->second.id());
  expectSameTensors(resolved.cutter->plain().apply(resolved.rest, {}, {}), cutter.apply(recipe));
  EXPECT_EQ(cutter.resolve(recipe).cutter, resolved.cutter) << "it is remembered";
}

TEST(CutChain, RepairedWeightsShareTheCutsOfLayersThatNoTrainingChanged) {
  const Cutter cutter(smallNet());
  Recipe recipe = coarse(cutter.original());
  const Model plain = cutter.apply(recipe);
  recipe.repaired = trained(cutter.original(), "abc");
  const Model repaired = cutter.apply(recipe);
  const ValueId first = plain.layers.front().weight, last = plain.layers.back().weight;
  EXPECT_NE(repaired.weights.at(first).id(), plain.weights.at(first).id());
  EXPECT_EQ(repaired.weights.at(last).id(), plain.weights.at(last).id());
}

TEST(CutChain, RemovedChannelsLeadToAChangedModel) {
  const Cutter cutter(smallNet());
  const Recipe recipe = withoutChannelsOf(cutter);
  const ResolvedCut resolved = cutter.resolve(recipe);
  EXPECT_EQ(resolved.base.get(), &cutter);
  ASSERT_NE(resolved.structure, nullptr);
  EXPECT_EQ(resolved.cutter, resolved.structure->cutter);
  EXPECT_LT(resolved.cutter->original().parameters(), cutter.original().parameters());
  for (const auto& [layer, edit] : resolved.rest.edits) {
    EXPECT_FALSE(removes(edit.prune.mode)) << layer;
    EXPECT_EQ(edit.quantize, recipe.editOf(layer).quantize) << layer;
  }
  expectSameTensors(resolved.cutter->plain().apply(resolved.rest, {}, {}), cutter.apply(recipe));
}

TEST(CutChain, AStructureThatChangesNothingStaysWithItsCutter) {
  const Cutter cutter(smallNet());
  Recipe recipe = withoutChannelsOf(cutter);
  for (auto& [layer, edit] : recipe.edits)
    if (removes(edit.prune.mode)) edit.prune.value = 0.001;
  const ResolvedCut resolved = cutter.resolve(recipe);
  EXPECT_NE(resolved.structure, nullptr);
  EXPECT_EQ(resolved.cutter.get(), &cutter);
  EXPECT_EQ(cutter.reduce(recipe).cutter, nullptr);
  EXPECT_NO_THROW(cutter.plain().apply(resolved.rest, {}, {}));
}

TEST(CutChain, SecondFactorsAreEditedAsTheirLayersAreButForActivations) {
  const Cutter cutter(smallNet());
  for (const Layer& layer : cutter.original().layers) {
    Recipe recipe;
    recipe.set(layer.name,
               {{}, {Scheme::Symmetric, 4}, {ActivationMode::Dynamic, {}}, {LowRankMode::Rank, 1}});
    const ResolvedCut resolved = cutter.resolve(recipe);
    if (resolved.cutter.get() == &cutter) continue;  // one that cannot be split
    ASSERT_EQ(resolved.structure->seconds.size(), 1u);
    const LayerId second = resolved.structure->seconds.begin()->second;
    const LayerEdit edit = resolved.rest.editOf(resolved.cutter->original().layer(second).name);
    EXPECT_EQ(edit.quantize.bits, 4u);
    EXPECT_EQ(edit.activations.mode, ActivationMode::None);
    EXPECT_EQ(resolved.rest.editOf(layer.name).activations.mode, ActivationMode::Dynamic);
    return;
  }
  ADD_FAILURE() << "no layer can be split";
}

TEST(CutChain, ARepairThatIsRestructuredTakesBothSteps) {
  const Cutter cutter(smallNet());
  Recipe recipe = withoutChannelsOf(cutter);
  recipe.repaired = trained(cutter.original(), "abc");
  const ResolvedCut resolved = cutter.resolve(recipe);
  EXPECT_NE(resolved.base.get(), &cutter);
  EXPECT_NE(resolved.cutter, resolved.base);
  ASSERT_NE(resolved.structure, nullptr);
  EXPECT_FALSE(resolved.rest.repaired);
  EXPECT_LT(resolved.cutter->original().parameters(), resolved.base->original().parameters());
  expectSameTensors(resolved.cutter->plain().apply(resolved.rest, {}, {}), cutter.apply(recipe));
  for (std::uint32_t i = 0; i < cutter.original().layers.size(); ++i) {
    const auto shown = cutter.cut(recipe, LayerId{i});
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->values.shape(), resolved.base->original().layer(LayerId{i}).shape);
  }
}

TEST(CutChain, WhatItGaveStaysWhereItIsForgotten) {
  const Cutter cutter(smallNet());
  Recipe recipe = withoutChannelsOf(cutter);
  recipe.repaired = trained(cutter.original(), "first");
  const std::shared_ptr<const Cutter> reduced = cutter.reduce(recipe).cutter;
  const Recipe rest = cutter.resolve(recipe).rest;
  const Model before = reduced->apply(rest);
  for (const char* other : {"a", "b", "c", "d"}) {
    recipe.repaired = trained(cutter.original(), other);
    cutter.resolve(recipe);
  }
  expectSameTensors(reduced->apply(rest), before);
}

TEST(CutChain, WeightsThatAreNotHereAreAskedFor) {
  const Cutter cutter(smallNet());
  Recipe recipe;
  recipe.repaired.id = "0123456789abcdef";
  EXPECT_THAT([&] { cutter.resolve(recipe); },
              ThrowsMessage<Error>(HasSubstr("0123456789ab...), which are not here: open the session")));
}

TEST(PlainCutter, RefusesWhatIsNotItsOwn) {
  const Cutter cutter(smallNet());
  const PlainCutter& plain = cutter.plain();
  Recipe repaired = coarse(cutter.original()), equalized = repaired, factored = repaired;
  repaired.repaired = trained(cutter.original(), "abc");
  equalized.equalize = true;
  factored.set(cutter.original().layers.front().name, {{}, {}, {}, {LowRankMode::Rank, 1}});
  for (const Recipe& recipe : {repaired, equalized, factored, withoutChannelsOf(cutter)})
    for (const std::function<void()>& ask : std::initializer_list<std::function<void()>>{
             [&] { plain.apply(recipe, {}, {}); }, [&] { plain.cut(recipe, LayerId{0}); },
             [&] { plain.outputErrors(recipe, LayerId{0}); }, [&] { plain.threshold(recipe, LayerId{0}); },
             [&] { plain.prunedZeros(recipe, LayerId{0}); }})
      EXPECT_THAT(ask, ThrowsMessage<Error>(HasSubstr("or changes the graph: find the model")));
}

TEST(PlainCutter, NamesWhatIsNearestToALayerThatIsNotThere) {
  const Cutter cutter(modelOf({normalWeight({4, 25}, 1), normalWeight({30}, 2)}));
  Recipe recipe;
  recipe.set("aa", {{PruneMode::Sparsity, 0.5}, {}});
  EXPECT_THAT([&] { cutter.plain().apply(recipe, {}, {}); },
              ThrowsMessage<Error>(HasSubstr("the model has no layer 'aa'; the nearest are 'a'")));
}

}  // namespace
}  // namespace lapidary::core::test
