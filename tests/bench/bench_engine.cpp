// Prints this machine's sgemm peak, the share of it that a forward pass reaches, and the throughput
// against ONNX Runtime on the same batch and threads, the two in turn.
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

#include "core/analyze/dataset.h"
#include "core/analyze/machine_peak.h"
#include "core/io/format.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"
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
  core::TensorBuilder builder(spec.dtype, shape);
  std::mt19937 random(1);
  if (spec.dtype == core::DType::Int64) {
    std::uniform_int_distribution<std::int64_t> token(3, 900);
    for (auto& value : builder.as<std::int64_t>()) value = token(random);
  } else {
    std::normal_distribution<float> normal;
    for (auto& value : builder.as<float>()) value = normal(random);
  }
  return std::move(builder).build();
}

void compare(const std::string& name, const std::string& path, std::int64_t batch, unsigned threads,
             double peak) {
  if (!std::filesystem::exists(path)) {
    std::printf("%-12s skipped: no ../shared\n", name.c_str());
    return;
  }
  const core::Model model = core::readModel(path);
  const core::Executor executor(model, {});
  const core::Tensor input = randomInput(model, batch);
  Rival rival(path, input, threads);

  // With several threads each takes its part of the batch, as the program does.
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
  const double seconds = median(mine);
  std::printf(
      "%-12s batch %3lld, %u thread%s: %8.0f samples/s, ONNX Runtime %8.0f, ratio %.2f; %5.1f GFLOP/s, %3.0f "
      "%% of sgemm peak\n",
      name.c_str(), static_cast<long long>(batch), threads, threads == 1 ? " " : "s",
      static_cast<double>(batch) / seconds, static_cast<double>(batch) / median(theirs),
      median(theirs) / seconds, flops / seconds / 1e9, 100 * flops / seconds / 1e9 / (peak * threads));
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
    for (const unsigned threads : {1u, core::hardwareWorkers()}) {
      compare("LeNet-5", demo + "lenet5.onnx", 50, threads, peak);
      compare("ResNet-20", assets + "resnet/resnet20_cifar10.onnx", 50, threads, peak);
      compare("SMS encoder", assets + "sms/sms_bert.onnx", 50, threads, peak);
      compare("spoken digits", assets + "digits-audio/fsdd_cnn.onnx", 50, threads, peak);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
