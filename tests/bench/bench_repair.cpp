// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what training wins back after a cut: the mean of three seeds, on samples that no training has seen,
// which are looked at once. bench_repair [NAME]: of the subjects whose name begins so.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>

#include "core/data/data_split.h"
#include "core/finetune/repair.h"
#include "core/io/common/format.h"
#include "tests/bench/ratio.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::bench {
namespace {

using namespace core;

const Session::EvaluateOptions qualityOnly{.measure = {}, .keepActivations = false};
constexpr std::uint64_t seeds = 3;

struct Subject {
  std::string name, model;
  std::shared_ptr<const Dataset> learning, reporting;
  Recipe recipe;
  RepairRequest request;
};

std::shared_ptr<const Dataset> open(const std::string& path, const Model& model,
                                    const std::optional<Preprocess>& preprocess = {}) {
  const auto source = openData(path);
  return std::make_shared<const Dataset>(
      source, preprocess ? *preprocess : choosePreprocess(model, *source).preprocess, model);
}

struct Result {
  double top1 = 0, original = 0, cut = 0, heldOut = 0, seconds = 0;
  std::uint64_t bytes = 0;
};

double top1Of(const Session& session, const Recipe& recipe, double* original = nullptr) {
  const Outcome outcome = session.evaluate(recipe, qualityOnly, {});
  if (original != nullptr) *original = *outcome.quality->originalTop1;
  return *outcome.quality->top1;
}

Result run(const Subject& subject, std::uint64_t seed) {
  const Model model = readModel(subject.model);
  const Session training(model, subject.learning, {}), validation(model, subject.reporting, {});
  RepairRequest request = subject.request;
  request.recipe = subject.recipe;
  request.train.seed = seed;
  request.train.workers = training.workers();
  Result result;
  result.cut = top1Of(validation, request.recipe, &result.original);
  const auto start = std::chrono::steady_clock::now();
  const Repaired repaired = repair(training, request, {});
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.heldOut = repaired.epochs[repaired.best].quality;
  const std::string file =
      (std::filesystem::temp_directory_path() / "lapidary_bench_repair.lapidary").string();
  const Session after(repaired.model, subject.reporting, {});
  const SavedFile saved = after.save(repaired.recipe, file, {});
  std::filesystem::remove(file);
  result.top1 = *saved.quality->top1;
  result.bytes = saved.bytes;
  std::printf(
      "  seed %llu: cut %.2f %%, repaired %.2f %% (held out %.2f %%, epoch %zu of %zu), uncut %.2f %%; %llu "
      "bytes, %.0f s\n",
      static_cast<unsigned long long>(seed), 100 * result.cut, 100 * result.top1, 100 * result.heldOut,
      repaired.best, repaired.epochs.size() - 1, 100 * result.original,
      static_cast<unsigned long long>(result.bytes), result.seconds);
  std::fflush(stdout);
  return result;
}

struct Mean {
  double top1 = 0, original = 0, cut = 0, bytes = 0, deviation = 0;
};

Mean meanOf(const Subject& subject) {
  std::printf("%s\n", subject.name.c_str());
  std::vector<Result> results;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) results.push_back(run(subject, seed));
  Mean mean;
  for (const Result& result : results) {
    mean.top1 += result.top1 / seeds;
    mean.original += result.original / seeds;
    mean.cut += result.cut / seeds;
    mean.bytes += static_cast<double>(result.bytes) / seeds;
  }
  for (const Result& result : results)
    mean.deviation += (result.top1 - mean.top1) * (result.top1 - mean.top1) / (seeds - 1);
  mean.deviation = std::sqrt(mean.deviation);
  std::printf(
      "  mean of %llu seeds: %.2f %% (standard deviation %.2f), cut %.2f %%, uncut %.2f %%, %.0f bytes\n",
      static_cast<unsigned long long>(seeds), 100 * mean.top1, 100 * mean.deviation, 100 * mean.cut,
      100 * mean.original, mean.bytes);
  return mean;
}

/// Layers by their order: the share to prune, and the entries of their codebook in bits.
struct LayerCut {
  double sparsity;
  int bits;
};

Recipe recipeOf(const Model& model, const std::vector<LayerCut>& cuts) {
  Recipe recipe;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    LayerEdit edit;
    edit.prune = {PruneMode::Sparsity, cuts[i].sparsity};
    edit.quantize = {Scheme::Codebook, cuts[i].bits, Granularity::Tensor};
    recipe.set(model.layers.at(i).name, edit);
  }
  return recipe;
}

RepairRequest longRequest(std::size_t epochs) {
  RepairRequest request;
  request.train.optimizer.kind = OptimizerKind::Adam;
  request.train.rate = {.base = 2e-3, .schedule = RateSchedule::Cosine};
  request.train.epochs = epochs;
  request.train.batch = 64;
  request.patience = epochs;
  return request;
}

const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/", assets = LAPIDARY_ASSETS_DIR "/";

UniformEdit quantized(const Quantize& quantize) { return {0, false, quantize}; }

/// Pruned while it learns, then codebooks, whose entries learn on.
void compress(const std::string& name, const std::vector<LayerCut>& cuts, double paper, std::size_t epochs) {
  const Model model = readModel(demo + name + ".onnx");
  Subject subject{name,
                  demo + name + ".onnx",
                  open(demo + "digits_train.npz", model),
                  open(demo + "digits_test.npz", model),
                  recipeOf(model, cuts),
                  longRequest(epochs)};
  subject.request.ramp = 0.5;
  subject.request.train.augmentation.shift = 2;
  subject.request.loss.temperature = 2;
  const Mean mean = meanOf(subject);
  double dense = 0;
  for (const auto& [id, tensor] : model.weights) dense += static_cast<double>(tensor.bytes().size());
  printRatio(name + " times smaller", dense / mean.bytes, Goal::AtLeast, paper);
  printRatio(name + " points lost", 100 * (mean.original - mean.top1), Goal::AtMost, 0);
}

void binary() {
  const Model model = readModel(demo + "lenet5.onnx");
  Subject subject{"lenet5 binary",
                  demo + "lenet5.onnx",
                  open(demo + "digits_train.npz", model),
                  open(demo + "digits_test.npz", model),
                  uniformRecipe(model, quantized({Scheme::Binary})),
                  longRequest(15)};
  subject.request.train.rate.base = 1e-3;
  const Mean mean = meanOf(subject);
  printRatio("binary points lost", 100 * (mean.original - mean.top1), Goal::AtMost, 0.5);
}

/// Learns the uncut model's answers to half of the pictures; its labels only say which epoch was best.
void fewBits() {
  const std::string path = assets + "resnet/resnet20_cifar10.onnx", data = assets + "cifar10/test-1000";
  if (!std::filesystem::exists(path) || !std::filesystem::exists(data)) {
    std::printf("resnet20 skipped: no ../shared\n");
    return;
  }
  Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.485, .456, .406};
  cifar.std = {.229, .224, .225};
  const Model model = readModel(path);
  const DataSplit halves = splitData(*open(data, model, cifar), model, 0.5, 0);
  Subject subject{"resnet20 4 bits",
                  path,
                  halves.choosing,
                  halves.reporting,
                  uniformRecipe(model, quantized({Scheme::Symmetric, 4, Granularity::Channel})),
                  longRequest(12)};
  subject.request.train.rate.base = 1e-4;
  subject.request.train.batch = 32;
  subject.request.train.augmentation = {.flip = true, .shift = 2};
  subject.request.loss.teacher = 1;
  const Mean mean = meanOf(subject);
  printRatio("share of the drop won back", (mean.top1 - mean.cut) / (mean.original - mean.cut), Goal::AtLeast,
             0.5);
}

}  // namespace
}  // namespace lapidary::bench

int main(int count, char** words) {
  using namespace lapidary::bench;
  const std::string only = count > 1 ? words[1] : "";
  const std::vector<std::pair<std::string, std::function<void()>>> subjects{
      {"lenet300",
       [] {
         compress("lenet300", {{0.93, 3}, {0.85, 3}, {0.3, 4}}, 40, 90);
       }},
      {"lenet5",
       [] {
         compress("lenet5", {{0.2, 4}, {0.8, 3}, {0.975, 3}, {0.7, 4}}, 39, 25);
       }},
      {"binary", binary},
      {"resnet20", fewBits},
  };
  try {
    for (const auto& [name, work] : subjects)
      if (name.starts_with(only)) work();
  } catch (const std::exception& error) {
    std::printf("bench_repair: %s\n", error.what());
    return 1;
  }
}
