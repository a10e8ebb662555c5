// SPDX-License-Identifier: GPL-3.0-or-later
// Prints how evaluation scales over workers, stages and ranks of this machine, and what a cost model that
// was checked against these figures says of 64 and 1,024 ranks.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"
#include "core/session/session.h"
#include "core/support/parallel.h"
#include "tests/bench/rank_model.h"
#include "tests/bench/ratio.h"

namespace lapidary::bench {
namespace {

namespace fs = std::filesystem;
using core::ParallelFigures;

constexpr std::size_t packedAnswer = 40, chunk = 20;
/// The digits' copies: enough work for ranks that start in a tenth of a second.
constexpr std::size_t copies = 20;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void printRow(const std::string& model, const char* what, unsigned count, double predicted, double measured,
              double one) {
  std::printf("  %-8s %4u  predicted %9.0f /s  measured %9.0f /s  speed-up %.2f  off by %+.0f %%\n", what,
              count, predicted, measured, measured / one, 100 * (predicted / measured - 1));
  if (count > 1)
    printRatio(model + " " + std::to_string(count) + " " + what + " speed-up", measured / one, Goal::None);
}

void scaleHere(const std::string& name, const std::string& path) {
  if (!fs::exists(path)) {
    std::printf("%s skipped: no ../shared\n", name.c_str());
    return;
  }
  const core::Session session(core::readModel(path), nullptr, {});
  core::ParallelRequest request;
  request.workers = 2;
  request.seconds = 2;
  std::printf("%s, batches of %lld\n", name.c_str(), static_cast<long long>(request.batch));
  double one = 0;
  for (const unsigned stages : {1u, 2u}) {
    request.stages = stages;
    const ParallelFigures figures = session.plan({}, request, {});
    if (stages == 1) {
      one = figures.workers.front().measured;
      for (const auto& workers : figures.workers)
        printRow(name, "workers", workers.workers, workers.predicted, workers.measured, one);
    }
    printRow(name, "stages", stages, figures.predicted, figures.measured, one);
    if (stages == 1)
      for (const auto& split : figures.splits)
        std::printf("  in parts %s: whole %.2f ms, predicted %.2f ms, measured %.2f ms\n", split.node.c_str(),
                    1e3 * split.wholeSeconds, 1e3 * split.predictedSeconds, 1e3 * split.splitSeconds);
  }
}

fs::path manyDigits() {
  auto arrays = core::readNpz(core::mapFile(LAPIDARY_SOURCE_DIR "/resources/demo/digits_test.npz"));
  for (auto& [name, tensor] : arrays) {
    core::Shape shape = tensor.shape();
    shape.at(0) *= static_cast<std::int64_t>(copies);
    core::TensorBuilder builder(tensor.dtype(), shape);
    for (std::size_t i = 0; i < copies; ++i)
      std::ranges::copy(tensor.bytes(), builder.bytes().data() + i * tensor.bytes().size());
    tensor = std::move(builder).build();
  }
  const fs::path path = fs::temp_directory_path() / "lapidary_bench_digits.npz";
  core::writeFileAtomically(path, [&](const core::Append& append) { core::writeNpz(arrays, append); });
  return path;
}

struct RankRun {
  double seconds = 0;
  std::size_t samples = 0;
};

/// The evaluation's own seconds; nothing where mpirun is missing or refuses.
std::optional<RankRun> runRanks(unsigned ranks, const fs::path& data) {
  const fs::path out = fs::temp_directory_path() / "lapidary_bench_ranks.json";
  const std::string command = "mpirun --oversubscribe --allow-run-as-root -n " + std::to_string(ranks) + " " +
                              LAPIDARY_CLI + " evaluate " +
                              LAPIDARY_SOURCE_DIR "/resources/demo/lenet5.onnx" + " --data " + data.string() +
                              " --distributed --threads 1 --json >" + out.string() + " 2>/dev/null";
  if (std::system(command.c_str()) != 0) return std::nullopt;
  std::ifstream file(out);
  const auto json = nlohmann::json::parse(file);
  fs::remove(out);
  return RankRun{json["seconds"], json["samples"]};
}

RankLoad loadOf(std::size_t samples, std::size_t ranks) {
  const std::size_t chunks = (samples + chunk - 1) / chunk;
  return {samples, std::clamp<std::size_t>(chunks / (16 * ranks), 1, 32) * chunk, packedAnswer};
}

void printForecast(const RankCosts& costs, std::size_t samples, const char* what) {
  std::printf("%s: %zu samples\n", what, samples);
  const double one = forecast(costs, loadOf(samples, 1), 1).seconds;
  for (const std::size_t ranks : {1u, 2u, 64u, 1024u}) {
    const RankForecast f = forecast(costs, loadOf(samples, ranks), ranks);
    std::printf(
        "  %4zu ranks: %8.3f s (compute %.3f, leader %.3f, end %.4f), speed-up %.0f, efficiency %.0f %%\n",
        ranks, f.seconds, f.compute, f.leader, f.network, one / f.seconds,
        100 * one / f.seconds / static_cast<double>(ranks));
  }
}

void scaleRanks() {
  const fs::path data = manyDigits();
  std::printf("LeNet-5 over ranks, one thread each\n");
  std::vector<double> one, two;
  std::size_t samples = 0;
  for (int i = 0; i < 5; ++i) {
    const auto alone = runRanks(1, data), both = runRanks(2, data);
    if (!alone || !both) {
      std::printf("  skipped: mpirun or the program's part for it is missing\n");
      fs::remove(data);
      return;
    }
    samples = alone->samples;
    one.push_back(alone->seconds);
    two.push_back(both->seconds);
  }
  fs::remove(data);
  const auto perSecond = [&](double seconds) { return static_cast<double>(samples) / seconds; };
  RankCosts costs;
  costs.secondsPerSample = median(one) / static_cast<double>(samples);
  // Within a machine: shared memory, and a leader that looks for messages every 100 microseconds.
  costs.latency = 1e-4;
  costs.bytesPerSecond = 4e9;
  costs.leaderSeconds = 2e-6;
  const double bare = forecast(costs, loadOf(samples, 2), 2).seconds;
  printRow("LeNet-5", "ranks", 1, perSecond(forecast(costs, loadOf(samples, 1), 1).seconds),
           perSecond(median(one)), perSecond(median(one)));
  printRow("LeNet-5", "ranks", 2, perSecond(bare), perSecond(median(two)), perSecond(median(one)));
  std::printf(
      "  the forecast for two takes nothing from the run of two; what it lacks is that two ranks slow each\n"
      "  other on one machine: by %.2f here, which the forecasts below keep for every rank\n",
      median(two) / bare);
  costs.slowdown = std::max(1.0, median(two) / bare);
  costs.latency = 2.5e-5;
  costs.bytesPerSecond = 1.25e9;
  std::printf(
      "\nForecast. Assumed: machines like this one, two ranks each; a link of 10 Gbit/s with 25 us from send "
      "to\n"
      "receive; %.0f us of the leader for a message; %zu bytes of answer a sample; 16 parts a rank, of at "
      "most\n"
      "640 samples and at least 20; every rank reads the data itself, which is not counted, nor is the start "
      "of\n"
      "the processes; the leader's messages overlap with computing.\n",
      costs.leaderSeconds * 1e6, packedAnswer);
  printForecast(costs, samples, "this run");
  printForecast(costs, 10'000'000, "a large set of data");
  std::printf(
      "A ring all-reduce of 16 counters, were the samples' answers not kept: %.2f ms over 64, %.1f ms over "
      "1,024 ranks\n",
      1e3 * ringAllReduce(costs, 128, 64), 1e3 * ringAllReduce(costs, 128, 1024));
}

}  // namespace
}  // namespace lapidary::bench

int main() {
  using namespace lapidary::bench;
  try {
    std::printf("%u processors\n", lapidary::core::hardwareWorkers());
    scaleHere("LeNet-5", LAPIDARY_SOURCE_DIR "/resources/demo/lenet5.onnx");
    scaleHere("ResNet-20", LAPIDARY_ASSETS_DIR "/resnet/resnet20_cifar10.onnx");
    scaleRanks();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
