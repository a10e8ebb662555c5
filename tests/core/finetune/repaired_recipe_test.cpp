// SPDX-License-Identifier: GPL-3.0-or-later
// Repaired weights in recipes: shown, moved on, saved and compared as if the model had been opened with them,
// but always against the uncut one.
#include "core/finetune/repaired_recipe.h"

#include <gmock/gmock.h>

#include "core/data/data_split.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "tests/core/session/sessions.h"
#include "tests/support/demo_digits.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

using testing::messageOf;

/// One epoch on half of the test digits: enough to change every weight.
struct Document {
  explicit Document(const char* file = "lenet300.onnx")
      : model(readModel(demo + file)),
        data(digits(model)),
        session(model, data, {}),
        training(model, splitData(*data, model, 0.5, 0).choosing, {}) {}

  Repaired repaired(const Recipe& recipe) const {
    RepairRequest request;
    request.recipe = recipe;
    request.train.optimizer.kind = OptimizerKind::Adam;
    request.train.rate = {.base = 1e-3};
    request.train.epochs = 1;
    return repair(training, request, {});
  }
  Recipe every(const LayerEdit& edit) const {
    Recipe recipe;
    for (std::uint32_t i = 0; i + 1 < model.layers.size(); ++i) recipe.set(model.layers[i].name, edit);
    return recipe;
  }
  Outcome measured(const Recipe& recipe) const { return session.evaluate(recipe, qualityOnly, {}); }

  Model model;
  std::shared_ptr<const Dataset> data;
  Session session, training;
};

/// Saving compares what it reads back with what is shown.
std::uint64_t savedBytes(const Document& document, const Recipe& recipe, Model* written = nullptr) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path("m.onnx");
  const SavedFile saved = document.session.save(recipe, path, {});
  if (written != nullptr) *written = readModel(path);
  return saved.bytes;
}

const LayerEdit coarse{{PruneMode::Sparsity, 0.8}, {Scheme::Symmetric, 3}};

/// The figures of `recipe` in the document against those of the same edits in a session over the trained
/// model itself.
void expectSameAsOpened(const Document& document, const Model& trained, Recipe recipe) {
  const Outcome shown = document.measured(recipe);
  recipe.repaired = {};
  const Session opened(trained, document.data, {});
  const Outcome direct = opened.evaluate(recipe, qualityOnly, {});
  EXPECT_EQ(*shown.quality->top1, *direct.quality->top1);
  EXPECT_DOUBLE_EQ(*shown.quality->loss, *direct.quality->loss);
  EXPECT_EQ(shown.footprint.zeros, direct.footprint.zeros);
}

TEST(RepairedRecipe, ShowsTheTrainedWeightsAgainstTheUncutModel) {
  const Document document;
  const Recipe cut = document.every(coarse);
  const Outcome before = document.measured(cut);
  const Repaired repaired = document.repaired(cut);
  const Recipe recipe = recipeOf(document.model, repaired);
  EXPECT_FALSE(recipe.empty());
  EXPECT_EQ(recipe.repaired.held->model.graph, document.model.graph)
      << "what is known of the graph stays known";
  const Outcome after = document.measured(recipe);
  EXPECT_GT(*after.quality->top1, *before.quality->top1);
  EXPECT_EQ(*after.quality->originalTop1, *before.quality->originalTop1);
  EXPECT_EQ(after.footprint.fileBefore, before.footprint.fileBefore);
  EXPECT_GE(after.footprint.zeros, before.footprint.zeros) << "what was pruned stays so";
  expectSameAsOpened(document, repaired.model, recipe);
  const Session fresh(document.model, document.data, {});
  EXPECT_EQ(*fresh.evaluate(cut, qualityOnly, {}).quality->top1, *document.measured(cut).quality->top1)
      << "the recipe before is as it was";
}

TEST(RepairedRecipe, FurtherEditsAreOfTheTrainedWeights) {
  const Document document;
  const Repaired repaired = document.repaired(document.every(coarse));
  Recipe recipe = recipeOf(document.model, repaired);
  const std::string layer = document.model.layers.front().name;
  LayerEdit edit = recipe.editOf(layer);
  edit.quantize.bits = 5;
  recipe.set(layer, edit);
  expectSameAsOpened(document, repaired.model, recipe);
  edit.prune = {PruneMode::Sparsity, 0.95};
  recipe.set(layer, edit);
  expectSameAsOpened(document, repaired.model, recipe);
  EXPECT_GT(
      document.session.cutter().prunedZeros(recipe, LayerId{0}),
      static_cast<std::int64_t>(0.94 * static_cast<double>(document.model.layers.front().parameters())));
  recipe.set(layer, {{}, {}, {ActivationMode::Static, RangeMethod::MinMax}});
  expectSameAsOpened(document, repaired.model, recipe);
  recipe.set(layer, {{PruneMode::Sparsity, 0.9, Criterion::Wanda}, {}});
  EXPECT_GT(*document.measured(recipe).quality->top1, 0.5)
      << "methods that learn see the repaired model's inputs";
}

TEST(RepairedRecipe, RemovedChannelsAndLowRankStayAsTheyWere) {
  const Document document("lenet5.onnx");
  Recipe cut;
  cut.set("conv2", {{PruneMode::Channels, 0.4}, {}});
  cut.set("ip1", {{}, {Scheme::Symmetric, 4}, {}, {LowRankMode::Rank, 20}});
  const Repaired repaired = document.repaired(cut);
  const Recipe recipe = recipeOf(document.model, repaired);
  const auto& layers = recipe.repaired.held->model.layers;
  ASSERT_EQ(layers.size(), document.model.layers.size() + 1);
  EXPECT_EQ(layers[1].shape[0], 30);
  EXPECT_EQ(layers.back().partOf, document.model.findLayer("ip1"));
  EXPECT_TRUE(recipe.editOf(layers.back().name).empty()) << "it follows its first factor";
  const Outcome shown = document.measured(recipe), before = document.measured(cut);
  EXPECT_EQ(shown.footprint.layers.size(), document.model.layers.size());
  EXPECT_NEAR(static_cast<double>(shown.footprint.fileAfter), static_cast<double>(before.footprint.fileAfter),
              100);
  EXPECT_EQ(savedBytes(document, recipe), shown.footprint.fileAfter);
  EXPECT_GT(*shown.quality->top1, *before.quality->top1);
  const Session opened(repaired.model, document.data, {});
  EXPECT_EQ(*opened.evaluate(repaired.recipe, qualityOnly, {}).quality->top1, *shown.quality->top1);
  // More channels on top of it.
  Recipe more = recipe;
  more.set("conv1", {{PruneMode::Channels, 0.3}, {}});
  EXPECT_LT(document.measured(more).footprint.fileAfter, shown.footprint.fileAfter);
  // And once more repaired.
  const Recipe again = recipeOf(document.model, document.repaired(more));
  EXPECT_GT(*document.measured(again).quality->top1, 0.9);
}

TEST(RepairedRecipe, PrunedWeightsStayZeroInASecondRepair) {
  const Document document;
  Recipe recipe =
      recipeOf(document.model, document.repaired(document.every({{PruneMode::Sparsity, 0.9}, {}})));
  const std::int64_t zeros = document.measured(recipe).footprint.zeros;
  const std::string layer = document.model.layers.front().name;
  recipe.set(layer, {{}, {Scheme::Symmetric, 4}});
  const Repaired again = document.repaired(recipe);
  ASSERT_EQ(again.best, 1u);
  EXPECT_GE(document.measured(recipeOf(document.model, again)).footprint.zeros, zeros);
}

TEST(RepairedRecipe, IsSavedAsItIsShown) {
  const Document document;
  const Recipe recipe = recipeOf(document.model, document.repaired(document.every(coarse)));
  const Outcome shown = document.measured(recipe);
  Model written;
  EXPECT_EQ(savedBytes(document, recipe, &written), shown.footprint.fileAfter);
  const Session reopened(written, document.data, {});
  EXPECT_EQ(*reopened.evaluate({}, qualityOnly, {}).quality->top1, *shown.quality->top1);
}

TEST(RepairedRecipe, ComesBackFromItsFileOrSaysWhatIsWrong) {
  const Document document;
  const Recipe recipe = recipeOf(document.model, document.repaired(document.every(coarse)));
  const Bytes& file = recipe.repaired.held->file;
  const TrainedWeights back = readRepaired(document.model, file, recipe.repaired.id, "a.lapidary-session");
  EXPECT_EQ(back, recipe.repaired);
  Recipe again = recipe;
  again.repaired = back;
  EXPECT_EQ(fingerprint(again), fingerprint(recipe));
  EXPECT_EQ(*document.measured(again).quality->top1, *document.measured(recipe).quality->top1);

  auto damaged = std::make_shared<std::vector<std::byte>>(file.view.begin(), file.view.end());
  damaged->at(damaged->size() / 2) ^= std::byte{1};
  EXPECT_THAT(messageOf([&] {
                readRepaired(document.model, {damaged, *damaged}, recipe.repaired.id, "a.lapidary-session");
              }),
              ::testing::StartsWith("reading repaired weights from a.lapidary-session: they are damaged"));
  const Model other = readModel(demo + "lenet5.onnx");
  EXPECT_THAT(messageOf([&] { readRepaired(other, file, recipe.repaired.id, "a"); }),
              ::testing::HasSubstr("weights of another model"));
  const Bytes text{nullptr, std::as_bytes(std::span("not a model", 11))};
  EXPECT_FALSE(messageOf([&] { readRepaired(other, text, sha256(text.view), "a"); }).empty());
}

TEST(RepairedRecipe, AsJsonItNamesTheWeightsAndAsksForThem) {
  const Document document;
  const Recipe cut = document.every(coarse);
  const Recipe recipe = recipeOf(document.model, document.repaired(cut));
  const Recipe read = recipeFromJson(toJson(recipe));
  EXPECT_EQ(read, recipe) << "the name is what tells weights apart";
  Recipe plain = recipe;
  plain.repaired = {};
  EXPECT_NE(plain, recipe);
  EXPECT_NE(fingerprint(plain), fingerprint(recipe));
  EXPECT_THAT(messageOf([&] { Session(document.model, document.data, {}).evaluate(read, qualityOnly, {}); }),
              ::testing::HasSubstr("open the session"));
  EXPECT_THAT(
      messageOf([] { recipeFromJson(R"({"format": "lapidary-recipe", "version": 1, "repaired": "../x"})"); }),
      ::testing::HasSubstr("expected the SHA-256"));
}

}  // namespace
}  // namespace lapidary::core
