// SPDX-License-Identifier: GPL-3.0-or-later
// Prints this machine's sgemm peak, the share of it that a forward pass reaches, and the throughput
// against ONNX Runtime on the same batch and threads, the two in turn; then the same of models in which
// weights and activations are integers.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include "core/analyze/speed/machine_peak.h"
#include "core/data/dataset.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "core/session/session.h"
#include "core/support/parallel.h"
#include "tests/bench/ratio.h"
#include "tests/bench/rival.h"

namespace lapidary::bench {
namespace {

using Clock = std::chrono::steady_clock;

double secondsOf(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

core::Tensor randomInput(const core::Model& model, std::int64_t batch) {
  const core::InputSpec spec = core::inputSpecs(model).at(0);
  core::Shape shape;
  for (const core::Dimension& dimension : spec.shape) shape.push_back(dimension.size.value_or(1));
  if (core::fixedBatch(model) == 0) shape[0] = batch;
  const bool tokens = spec.dtype == core::DType::Int64;
  core::TensorBuilder builder(tokens ? spec.dtype : core::DType::Float32, shape);
  std::mt19937 random(1);
  if (tokens) {
    std::uniform_int_distribution<std::int64_t> token(3, 900);
    for (auto& value : builder.as<std::int64_t>()) value = token(random);
  } else {
    std::normal_distribution<float> normal;
    for (auto& value : builder.as<float>()) value = normal(random);
  }
  return core::convert(std::move(builder).build(), spec.dtype);
}

/// Our seconds for the batch; 0 where the file is missing.
double compare(const std::string& name, const std::string& path, std::int64_t batch, unsigned threads,
               double peak, Goal goal = Goal::AtLeast) {
  if (!std::filesystem::exists(path)) {
    std::printf("%-12s skipped: no ../shared\n", name.c_str());
    return 0;
  }
  const core::Model model = core::readModel(path);
  const core::Executor executor(model, {});
  const core::Tensor input = randomInput(model, batch);
  Rival rival(path, input, threads);

  // With several threads each takes its part of the batch, as the program does; of a fixed batch, a whole
  // one.
  const std::int64_t samples = core::fixedBatch(model) > 0 ? batch * threads : batch;
  std::vector<core::Tensor> parts(threads, threads == 1 ? input : randomInput(model, batch / threads));
  const auto ours = [&] {
    core::parallelFor(threads, threads,
                      [&](std::size_t i, unsigned) { executor.run(model, std::span(&parts[i], 1)); });
  };
  std::vector<double> mine, theirs;
  ours();
  rival.run();
  for (int i = 0; i < 15; ++i) {
    // ONNX Runtime's threads spin for a while after a run; they must not spin into ours.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    // Each runs once unmeasured: a processor that wakes from sleep is slow for the first one alone.
    ours();
    mine.push_back(secondsOf(ours));
    rival.run();
    theirs.push_back(rival.run());
  }
  double flops = 0;
  for (const core::StepTime& step : executor.profile(model, std::span(&input, 1))) flops += step.flops;
  const double seconds = median(mine), times = static_cast<double>(samples) / static_cast<double>(batch);
  const double ratio = times * median(theirs) / seconds, gflops = times * flops / seconds / 1e9;
  std::printf(
      "%-12s batch %3lld, %u thread%s: %8.0f samples/s, ONNX Runtime %8.0f, ratio %.2f; %5.1f GFLOP/s, %3.0f "
      "%% of sgemm peak\n",
      name.c_str(), static_cast<long long>(batch), threads, threads == 1 ? " " : "s",
      static_cast<double>(samples) / seconds, static_cast<double>(batch) / median(theirs), ratio, gflops,
      100 * gflops / (peak * threads));
  printRatio(name + " " + std::to_string(threads) + " threads", ratio, goal, 1);
  return seconds;
}

/// Seven bits: then no sum of two products saturates in ONNX Runtime's kernels without VNNI either.
core::Recipe integerRecipe(const core::Model& model) {
  core::Recipe recipe;
  for (const core::Layer& layer : model.layers) {
    if (layer.opType != "Conv" && layer.opType != "Gemm" && layer.opType != "MatMul") continue;
    core::LayerEdit edit;
    edit.quantize = {core::Scheme::Symmetric, 7, core::Granularity::Channel, 0};
    edit.activations.mode = core::ActivationMode::Static;
    recipe.set(layer.name, edit);
  }
  return recipe;
}

struct Trial {
  std::string name, model, data;
  std::optional<core::Preprocess> preprocess = {};
};

/// The file that the program exports, run by both.
void compareIntegers(const Trial& trial, std::int64_t batch, unsigned threads, double peak) {
  if (!std::filesystem::exists(trial.model) || !std::filesystem::exists(trial.data)) {
    std::printf("%-12s skipped: no ../shared\n", trial.name.c_str());
    return;
  }
  core::Model model = core::readModel(trial.model);
  const auto source = core::openData(trial.data);
  const core::Preprocess preprocess =
      trial.preprocess ? *trial.preprocess : core::choosePreprocess(model, *source).preprocess;
  const auto data = std::make_shared<const core::Dataset>(source, preprocess, model);
  const core::Session session(std::move(model), data, {});
  const std::string file =
      (std::filesystem::temp_directory_path() / ("lapidary_" + trial.name + "_int8.onnx")).string();
  const core::SavedFile saved = session.save(integerRecipe(session.model()), file, {});
  const double floats = compare(trial.name + " f32", trial.model, batch, threads, peak);
  const double integers = compare(trial.name + " int8", file, batch, threads, peak);
  std::printf("%-12s int8 over our f32 %.2f, top-1 %.4f (f32 %.4f)\n", trial.name.c_str(), floats / integers,
              saved.quality->top1.value_or(0), saved.quality->originalTop1.value_or(0));
  printRatio(trial.name + " int8 over our f32 " + std::to_string(threads) + " threads", floats / integers,
             Goal::None);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace lapidary::bench

int main() {
  using namespace lapidary::bench;
  namespace core = lapidary::core;
  try {
    const double peak = core::sgemmPeak(1, {}) / 1e9;
    std::printf("sgemm peak of one thread: %.1f GFLOP/s\n", peak);
    const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/", assets = LAPIDARY_ASSETS_DIR "/";
    core::Preprocess cifar;
    cifar.scale = 1.0 / 255;
    cifar.mean = {.485, .456, .406};
    cifar.std = {.229, .224, .225};
    for (const unsigned threads : {1u, core::hardwareWorkers()}) {
      compare("LeNet-5", demo + "lenet5.onnx", 50, threads, peak);
      compare("ResNet-20", assets + "resnet/resnet20_cifar10.onnx", 50, threads, peak);
      compare("SMS encoder", assets + "sms/sms_bert.onnx", 50, threads, peak);
      compare("spoken digits", assets + "digits-audio/fsdd_cnn.onnx", 50, threads, peak, Goal::None);
      compare("SqueezeNet", assets + "squeezenet/SqueezeNet_fp16.onnx", 1, threads, peak);
      compareIntegers({"LeNet-5", demo + "lenet5.onnx", demo + "digits_test.npz"}, 50, threads, peak);
      compareIntegers(
          {"ResNet-20", assets + "resnet/resnet20_cifar10.onnx", assets + "cifar10/test-1000", cifar}, 50,
          threads, peak);
      compareIntegers({"SMS", assets + "sms/sms_bert.onnx", assets + "sms/sms_test.npz"}, 50, threads, peak);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
