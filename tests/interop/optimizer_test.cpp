// SPDX-License-Identifier: GPL-3.0-or-later
// What ONNX Runtime's optimiser makes of our exports: at every level, on one thread and on two, the rewritten
// model gives our answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/compress/cut/cutter.h"
#include "core/compress/quantize/quantize_activations.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/interop/judge.h"
#include "tests/interop/layout_models.h"
#include "tests/interop/product_models.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;
using namespace core;

/// A file, what it is fed with, and our outputs. `apart` is how far, as a share of the largest value of an
/// output, another's may be from ours.
struct Exported {
  std::string name;
  Model model;
  std::vector<NamedInputs> inputs;
  double apart = 1e-4;
};

std::vector<Tensor> tensorsOf(const NamedInputs& inputs) {
  std::vector<Tensor> tensors;
  for (const auto& [name, tensor] : inputs) tensors.push_back(tensor);
  return tensors;
}

double distance(const Tensor& mine, const Tensor& other) {
  double largest = 1e-30, apart = mine.size() == other.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::min(mine.size(), other.size())); ++i) {
    const double a = mine.as<float>()[i], b = other.as<float>()[i];
    largest = std::max(largest, std::abs(a));
    apart = std::isfinite(b) ? std::max(apart, std::abs(a - b)) : INFINITY;
  }
  return apart / largest;
}

struct Level {
  std::string name;
  int threads;
};

std::vector<Level> levels() {
  std::vector<Level> all;
  for (const char* name : {"disabled", "basic", "extended", "all"})
    for (const int threads : {1, 2}) all.push_back({name, threads});
  return all;
}

void expectOurs(const std::vector<Exported>& exports) {
  if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs;
  for (const Exported& each : exports) {
    const std::string path = folder.path() + "/" + each.name + ".onnx";
    writeModel(each.model, path);
    EXPECT_EQ(formatForPath(path)->sizeOf(each.model), fs::file_size(path)) << each.name;
    for (const auto& [level, threads] : levels())
      for (const NamedInputs& inputs : each.inputs)
        jobs.push_back({.modelPath = path, .inputs = inputs, .level = level, .threads = threads});
  }
  const std::vector<Judgement> judged = judge(jobs, folder.path());
  std::size_t at = 0;
  double worst = 0;
  for (const Exported& each : exports) {
    std::vector<std::vector<Tensor>> ours;
    for (const NamedInputs& inputs : each.inputs)
      ours.push_back(Executor(each.model, {}).run(each.model, tensorsOf(inputs)).outputs);
    for (const auto& [level, threads] : levels())
      for (const auto& mine : ours) {
        const Judgement& other = judged.at(at++);
        ASSERT_EQ(other.error, "") << each.name << ", " << level;
        ASSERT_EQ(other.outputs.size(), mine.size());
        for (std::size_t k = 0; k < mine.size(); ++k) {
          const double apart = distance(mine[k], other.outputs[k]);
          EXPECT_LE(apart, each.apart)
              << each.name << ", output " << k << ", " << level << ", threads " << threads;
          worst = std::max(worst, apart);
        }
      }
  }
  std::printf("  %zu files, %zu runs: apart by at most %.1e of the largest\n", exports.size(), jobs.size(),
              worst);
}

std::vector<std::pair<std::string, Quantize>> quantizations() {
  std::vector<std::pair<std::string, Quantize>> all;
  const auto add = [&](Scheme scheme, int bits) {
    for (const Granularity per : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
      all.push_back({std::string(name(scheme)) + std::to_string(bits) + "_" + std::string(name(per)),
                     {.scheme = scheme, .bits = bits, .granularity = per, .groupSize = 16}});
  };
  for (const Scheme scheme : {Scheme::Symmetric, Scheme::Affine, Scheme::MinMax, Scheme::BitPlane,
                              Scheme::PowerOfTwo, Scheme::Codebook})
    for (const int bits : {4, 8, 12})
      if (bits < 9 || scheme != Scheme::Codebook) add(scheme, bits);
  for (const Scheme scheme :
       {Scheme::Binary, Scheme::Ternary, Scheme::NormalFloat, Scheme::Float8E4M3, Scheme::Float8E5M2})
    add(scheme, fixedBits(scheme));
  return all;
}

/// Weights that a node computes are left alone: they follow the table that they are computed of.
Recipe recipeOf(const Model& model, const Quantize& quantize) {
  Recipe recipe;
  for (const Layer& layer : model.layers)
    if (!model.graph->value(layer.weight).producer.valid()) recipe.set(layer.name, {{}, quantize});
  return recipe;
}

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

/// Written and read again first, as a file of somebody's comes: its layers are those that the reader finds.
Model asRead(const Model& model, const std::string& path) {
  writeModel(model, path);
  return readModel(path);
}

/// The schemes that are written in ways of their own.
std::vector<std::pair<std::string, Quantize>> kindsOfQuantization() {
  const auto of = [](Scheme scheme, int bits, Granularity per) {
    return Quantize{.scheme = scheme, .bits = bits, .granularity = per, .groupSize = 16};
  };
  return {{"symmetric8", of(Scheme::Symmetric, 8, Granularity::Channel)},
          {"symmetric4", of(Scheme::Symmetric, 4, Granularity::Channel)},
          {"symmetric4_groups", of(Scheme::Symmetric, 4, Granularity::Group)},
          {"symmetric8_groups", of(Scheme::Symmetric, 8, Granularity::Group)},
          {"affine4", of(Scheme::Affine, 4, Granularity::Tensor)},
          {"affine8_groups", of(Scheme::Affine, 8, Granularity::Group)},
          {"minmax8", of(Scheme::MinMax, 8, Granularity::Channel)},
          {"minmax4_groups", of(Scheme::MinMax, 4, Granularity::Group)},
          {"symmetric12", of(Scheme::Symmetric, 12, Granularity::Channel)},
          {"codebook4", of(Scheme::Codebook, 4, Granularity::Channel)},
          {"binary", of(Scheme::Binary, fixedBits(Scheme::Binary), Granularity::Channel)},
          {"float8", of(Scheme::Float8E4M3, fixedBits(Scheme::Float8E4M3), Granularity::Channel)}};
}

Recipe uniformRecipe(const Model& model, const Quantize& quantize) {
  Recipe recipe;
  for (const Layer& layer : model.layers) recipe.set(layer.name, {{}, quantize});
  return recipe;
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
                         cutter.apply(uniformRecipe(model, quantize)),
                         {inputsOfEveryOperator(false), inputsOfEveryOperator(true)}});
    expectOurs(exports);
  }
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
