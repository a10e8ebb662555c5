// SPDX-License-Identifier: GPL-3.0-or-later
// What ONNX Runtime's optimiser makes of our exports: at every level, on one thread and on two, the rewritten
// model gives our answers.
#include <gtest/gtest.h>

#include "core/compress/cut/cutter.h"
#include "core/compress/quantize/quantize_activations.h"
#include "tests/interop/integer_models.h"
#include "tests/interop/layout_models.h"
#include "tests/interop/level_judge.h"
#include "tests/interop/quantizations.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::tests {
namespace {

using namespace core;

TEST(OptimizerLevels, QuantizedWeightsGiveOurAnswers) {
  const Model model = everyProduct();
  const Cutter cutter(model);
  std::vector<Exported> exports;
  for (const auto& [what, quantize] : quantizations())
    exports.push_back({what,
                       cutter.apply(recipeOf(model, quantize)),
                       {inputsOfEveryProduct(false), inputsOfEveryProduct(true)}});
  expectOurs(exports);
}

/// Weights that the file held as integers are not edited here, and need the same care.
TEST(OptimizerLevels, SoDoWeightsThatWereIntegersAlready) {
  std::vector<Exported> exports;
  for (const int bits : {4, 8})
    exports.push_back({"stored" + std::to_string(bits),
                       everyStoredProduct(bits),
                       {inputsOfEveryProduct(false), inputsOfEveryProduct(true)}});
  expectOurs(exports);
}

/// Every operator, its weight in every layout: all of them are layers, and all are cut.
TEST(OptimizerLevels, EveryLayoutOfAWeightGivesOurAnswers) {
  const core::testing::TemporaryFolder folder;
  for (const std::string& layout : weightLayouts()) {
    const Model model = asRead(everyOperator(layout), folder.path() + "/" + layout + ".onnx");
    EXPECT_EQ(model.layers.size(), layersOfEveryOperator(layout)) << layout;
    const Cutter cutter(model);
    std::vector<Exported> exports{{layout, model, {inputsOfEveryOperator(false)}}};
    for (const auto& [what, quantize] : kindsOfQuantization())
      exports.push_back({layout + "_" + what,
                         cutter.apply(uniformRecipe(model, {.quantize = quantize})),
                         {inputsOfEveryOperator(false), inputsOfEveryOperator(true)}});
    expectOurs(exports);
  }
}

/// Codes of activations before every operator, its weight in every layout; and behind it, where a runtime may
/// compute the whole of it in integers. What comes out of codes is the same or, where a sum lies between two
/// codes and is added up in another order, one code apart: never more, and seldom.
class OptimizerLevelsOfCodes : public ::testing::TestWithParam<Activations> {};

TEST_P(OptimizerLevelsOfCodes, EveryLayoutOfAWeightGivesOurAnswers) {
  const core::testing::TemporaryFolder folder;
  const Activations& activations = GetParam();
  const bool usual = activations.kind == Coded::Static && activations.reach == 1;
  std::vector<NamedInputs> inputs{inputsOfEveryOperator(activations.reach > 1)};
  if (activations.kind == Coded::Dynamic) inputs.push_back(inputsOfEveryOperator(true));
  for (const std::string& layout : weightLayouts()) {
    // No rewrite looks at the value of a scale.
    if (activations.reach > 1 && layout != weightLayouts().front()) continue;
    const Model model = asRead(everyOperator(layout, activations), folder.path() + "/" + layout + ".onnx");
    EXPECT_EQ(model.layers.size(), layersOfEveryOperator(layout, activations)) << layout;
    const Cutter cutter(model);
    const auto coded = codedOutputsOfEveryOperator(layout, activations);
    expectOurs({{layout, model, inputs, 1e-4, activations, coded}}, levels());
    std::vector<Exported> exports;
    for (const auto& [what, quantize] : kindsOfQuantization())
      exports.push_back({layout + "_" + what, cutter.apply(uniformRecipe(model, {.quantize = quantize})),
                         inputs, 1e-4, activations, coded});
    expectOurs(exports, usual ? eachLevel() : rewritingLevels());
  }
}

INSTANTIATE_TEST_SUITE_P(Activations, OptimizerLevelsOfCodes,
                         ::testing::Values(Activations{Coded::Static, 1}, Activations{Coded::Static, 1000},
                                           Activations{Coded::Signed, 1000}, Activations{Coded::Dynamic, 1}),
                         [](const auto& given) {
                           return nameOf(given.param.kind) + (given.param.reach > 1 ? "_raw" : "");
                         });

TEST(OptimizerLevels, WeightsThatWereIntegersAlreadyGiveOurAnswersBesideCodes) {
  std::vector<Exported> exports;
  for (const Coded kind : {Coded::Static, Coded::Signed, Coded::Dynamic})
    for (const int bits : {4, 8}) {
      const Activations activations{kind, 1};
      exports.push_back({"stored" + std::to_string(bits) + "_" + nameOf(kind),
                         everyStoredProduct(bits, activations),
                         {inputsOfEveryProduct(false)},
                         1e-4,
                         activations,
                         codedOutputsOfEveryStoredProduct(bits, activations)});
    }
  expectOurs(exports, levels());
}

TEST(OptimizerLevels, WeightsWithScaledInputsGiveOurAnswers) {
  const core::testing::TemporaryFolder folder;
  const Model model = everyProduct();
  const Cutter cutter(model);
  std::vector<Exported> exports;
  for (const auto& [what, quantize] : kindsOfQuantization()) {
    const Model cut = withScaledInputs(cutter.apply(recipeOf(model, quantize)));
    exports.push_back({what,
                       asRead(cut, folder.path() + "/" + what + "_scaled.onnx"),
                       {inputsOfEveryProduct(false), inputsOfEveryProduct(true)}});
  }
  expectOurs(exports, eachLevel());
}

TEST(OptimizerLevels, NodesBetweenCodesGiveOurAnswers) {
  std::vector<Exported> exports;
  for (const Coded kind : {Coded::Static, Coded::Signed, Coded::Dynamic}) {
    const Activations activations{kind, 1};
    exports.push_back({"between_" + nameOf(kind),
                       everyNodeBetweenCodes(activations),
                       {inputsOfEveryNodeBetweenCodes(false), inputsOfEveryNodeBetweenCodes(true)},
                       1e-4,
                       activations,
                       codedOutputsOfEveryNodeBetweenCodes(activations)});
  }
  expectOurs(exports);
}

/// Operators that read codes themselves: what they read is on their own grid, whatever the cut.
TEST(OptimizerLevels, WeightsOfOperatorsOfIntegersGiveOurAnswers) {
  const core::testing::TemporaryFolder folder;
  const Model model = asRead(everyIntegerOperator(), folder.path() + "/integers.onnx");
  EXPECT_EQ(model.layers.size(), layersOfEveryIntegerOperator());
  const Cutter cutter(model);
  const std::vector<NamedInputs> inputs{inputsOfEveryIntegerOperator(false),
                                        inputsOfEveryIntegerOperator(true)};
  const Activations activations = activationsOfEveryIntegerOperator();
  const auto coded = codedOutputsOfEveryIntegerOperator();
  std::vector<Exported> exports{{"integers", model, inputs, 1e-4, activations, coded}};
  for (const auto& [what, quantize] : kindsOfQuantization())
    exports.push_back({"integers_" + what, cutter.apply(uniformRecipe(model, {.quantize = quantize})), inputs,
                       1e-4, activations, coded});
  expectOurs(exports, levels());
}

/// ONNX Runtime ends the process where it moves such a Transpose past scales of channels.
TEST(OptimizerLevels, SoDoesATableBeforeATransposeWithoutAxes) {
  const Model model = tiedByPlainTranspose();
  const Quantize quantize{.scheme = Scheme::Symmetric, .bits = 8, .granularity = Granularity::Channel};
  expectOurs({{"tied", Cutter(model).apply(recipeOf(model, quantize)), {inputsOfTied()}}});
}

/// Codes of what a layer reads: of the inputs from -1 to 1, of what comes out of a Relu up to 4.
std::vector<QuantizedInput> codedInputs(const Model& model, ActivationMode mode) {
  std::vector<QuantizedInput> inputs;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const ValueId data = *quantizableInput(model, model.layers[i]);
    const bool first = !model.graph->value(data).producer.valid();
    inputs.push_back({LayerId{i}, mode, codesFor(first ? ActivationRange{-1, 1} : ActivationRange{0, 4})});
  }
  return inputs;
}

/// Beside activations that are codes, weights that no integer kernel takes are not rounded to what one takes.
/// A value at the edge of two codes may go either way: a step of a code.
TEST(OptimizerLevels, WeightsBesideCodesGiveOurAnswers) {
  const Model model = pairsOfProducts();
  const std::pair<std::string, Quantize> weights[] = {
      {"float", {}},
      {"symmetric4", {.scheme = Scheme::Symmetric, .bits = 4}},
      {"symmetric12", {.scheme = Scheme::Symmetric, .bits = 12}},
      {"affine8", {.scheme = Scheme::Affine, .bits = 8}},
      {"minmax8", {.scheme = Scheme::MinMax, .bits = 8}},
      {"groups8",
       {.scheme = Scheme::Symmetric, .bits = 8, .granularity = Granularity::Group, .groupSize = 16}},
      {"codebook", {.scheme = Scheme::Codebook, .bits = 4}},
      {"float8", {.scheme = Scheme::Float8E4M3, .bits = 8}}};
  std::vector<Exported> exports;
  for (const ActivationMode mode : {ActivationMode::Static, ActivationMode::Dynamic})
    for (const auto& [what, quantize] : weights) {
      const Model cut =
          quantize.scheme == Scheme::None ? model : Cutter(model).apply(recipeOf(model, quantize));
      exports.push_back({what + "_" + std::string(name(mode)),
                         quantizeActivations(cut, codedInputs(cut, mode)),
                         {inputsOfPairs()},
                         0.01});
    }
  expectOurs(exports);
}

}  // namespace
}  // namespace lapidary::tests
