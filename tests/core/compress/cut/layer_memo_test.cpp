// SPDX-License-Identifier: GPL-3.0-or-later
// What is learnt of layers once: by whom it is remembered, and where samples are asked for.
#include "core/compress/cut/layer_memo.h"

#include <gmock/gmock.h>

#include "core/compress/cut/global_cutoff.h"
#include "tests/core/compress/models.h"

namespace lapidary::core::test {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Gradients of 1 for every weight; counts how often it is asked.
class FlatSamples : public CalibrationSource {
 public:
  explicit FlatSamples(const Model& model) : m_model(model) {}
  std::shared_ptr<const LayerInputs> inputsOf(InputRequest, std::span<const InputRequest>,
                                              const Progress&) override {
    return nullptr;
  }
  std::shared_ptr<const LayerInputs> knownInputs(InputRequest) override { return nullptr; }
  Tensor gradientMagnitudesOf(LayerId layer, const Progress&) override {
    ++asked;
    const Shape& shape = m_model.layer(layer).shape;
    return Tensor::from<float>(shape, std::vector<float>(static_cast<std::size_t>(elementCount(shape)), 1));
  }
  std::shared_ptr<CalibrationSource> over(const Model& model) override {
    ++made;
    return std::make_shared<FlatSamples>(model);
  }

  int asked = 0, made = 0;

 private:
  const Model& m_model;
};

Model twoLayers(unsigned seed = 1) {
  return modelOf({normalWeight({4, 25}, seed), normalWeight({10, 20}, seed + 1)});
}

TEST(ModelSamples, AskTheParentOnceAndNotBeforeTheyAreNeeded) {
  const Model model = twoLayers(), other = twoLayers(5);
  ModelSamples parent(model);
  const ModelSamples child(other, &parent);
  const auto source = std::make_shared<FlatSamples>(model);
  parent.set(source);
  EXPECT_EQ(child.known(), nullptr);
  EXPECT_EQ(source->made, 0);
  CalibrationSource* own = &child.require();
  EXPECT_NE(own, source.get());
  EXPECT_EQ(child.known(), own);
  EXPECT_EQ(child.find(), own);
  EXPECT_EQ(source->made, 1);
}

TEST(ModelSamples, WithoutAnyTheyAreRefused) {
  const Model model = twoLayers();
  const ModelSamples samples(model);
  EXPECT_EQ(samples.find(), nullptr);
  EXPECT_THAT([&] { samples.require(); }, ThrowsMessage<Error>(HasSubstr("calibration samples: open data")));
}

TEST(LayerMemo, SharedLayersAreRememberedByTheParent) {
  const Model model = twoLayers(), other = twoLayers(5);
  ModelSamples samples(model);
  const auto source = std::make_shared<FlatSamples>(model);
  samples.set(source);
  const ModelSamples childSamples(other, &samples);
  const LayerMemo parent(model, samples), child(other, childSamples, &parent, {true, false});
  const LayerId shared{0}, own{1};
  EXPECT_TRUE(child.isShared(shared));
  EXPECT_FALSE(child.isShared(own));
  EXPECT_EQ(&child.weight(shared), &parent.weight(shared));
  EXPECT_NE(&child.weight(own), &parent.weight(own));
  EXPECT_EQ(&child.statistics(shared), &parent.statistics(shared));
  EXPECT_NE(&child.statistics(own), &parent.statistics(own));
  EXPECT_EQ(child.knownScores(shared), nullptr);
  EXPECT_EQ(child.scores(shared, {}), parent.scores(shared, {}));
  EXPECT_EQ(child.knownScores(shared), parent.knownScores(shared));
  EXPECT_EQ(source->asked, 1) << "the second time from memory";
  EXPECT_EQ(source->made, 0) << "no samples through the other model";
}

TEST(LayerMemo, RefusesALayerThatIsNotThere) {
  const Model model = twoLayers();
  const ModelSamples samples(model);
  const LayerMemo layers(model, samples);
  EXPECT_THAT([&] { layers.weight(LayerId{2}); }, ThrowsMessage<Error>(HasSubstr("no layer of this number")));
}

TEST(GlobalCutoff, CountsEachSharedWeightOnceAndFollowsTheRecipe) {
  Model model = twoLayers();
  model.layers.push_back(model.layers[0]);
  model.layers.back().name = "again";
  const ModelSamples samples(model);
  const LayerMemo layers(model, samples);
  const GlobalCutoff cutoffs(model, layers);
  Recipe recipe;
  for (const Layer& layer : model.layers) recipe.set(layer.name, {{PruneMode::Global, 0}, {}});
  EXPECT_THAT(globalLayers(model, recipe), ::testing::ElementsAre(LayerId{0}, LayerId{1}));
  const std::vector<const WeightStatistics*> each{&layers.statistics(LayerId{0}),
                                                  &layers.statistics(LayerId{1})};
  for (const double sparsity : {0.3, 0.7}) {
    recipe.globalSparsity = sparsity;
    const auto expected = globalCutoffs(each, sparsity);
    EXPECT_EQ(cutoffs.of(recipe, LayerId{0}, {}), expected[0]);
    EXPECT_EQ(cutoffs.of(recipe, LayerId{1}, {}), expected[1]);
    EXPECT_EQ(cutoffs.of(recipe, LayerId{2}, {}), expected[0]) << "one weight, one cutoff";
  }
}

}  // namespace
}  // namespace lapidary::core::test
