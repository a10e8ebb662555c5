// SPDX-License-Identifier: GPL-3.0-or-later
// Prints the speed of a training against PyTorch's: the same steps of the same samples from the same weights,
// on as many threads, the two in turn.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "core/data/dataset.h"
#include "core/io/common/format.h"
#include "tests/bench/ratio.h"
#include "tests/interop/torch_peer.h"

namespace lapidary::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Contest {
  std::string name, model, data;
  std::size_t samples = 0;  ///< of the data, the first ones
  core::NormStatistics statistics = core::NormStatistics::Frozen;
  std::optional<core::Preprocess> preprocess = {};
};

core::Dataset open(const Contest& contest, const core::Model& model) {
  const auto source = core::openData(contest.data);
  return {source,
          contest.preprocess ? *contest.preprocess : core::choosePreprocess(model, *source).preprocess,
          model};
}

constexpr std::size_t batch = 64;

std::vector<std::vector<std::size_t>> epochOf(std::size_t samples) {
  std::vector<std::vector<std::size_t>> steps;
  for (std::size_t i = 0; i < samples; ++i) {
    if (i % batch == 0) steps.emplace_back();
    steps.back().push_back(i);
  }
  return steps;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void compare(const Contest& contest, unsigned threads) {
  if (!std::filesystem::exists(contest.model) || !std::filesystem::exists(contest.data)) {
    std::printf("%-14s skipped: no ../shared\n", contest.name.c_str());
    return;
  }
  const core::Model model = core::readModel(contest.model);
  const core::Dataset data = open(contest, model);
  const interop::LabelledRows rows(data, std::min(contest.samples, data.size()));
  const core::TrainSubject subject = interop::subjectOf(model, rows);
  core::TrainSettings settings;
  settings.workers = threads;
  settings.batch = batch;
  settings.epochs = 6;
  settings.rate.base = 1e-4;
  settings.normStatistics = contest.statistics;
  interop::TorchPeer torch(contest.model, rows, threads, settings);
  const auto epoch = epochOf(rows.count());
  std::vector<double> mine, theirs;
  torch.train(epoch);
  auto start = Clock::now();
  core::train(subject, settings, {}, [&](const core::EpochNews&) {
    mine.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    theirs.push_back(torch.train(epoch).seconds);
    start = Clock::now();
    return true;
  });
  mine.erase(mine.begin());  // like theirs, the first one only warms up
  const double ratio = median(theirs) / median(mine);
  std::printf("%-14s %zu samples, batch %zu, %u thread%s: an epoch %.3f s, PyTorch %.3f s, ratio %.2f\n",
              contest.name.c_str(), rows.count(), batch, threads, threads == 1 ? " " : "s", median(mine),
              median(theirs), ratio);
  printRatio(contest.name + " epoch " + std::to_string(threads) + " threads", ratio, Goal::AtLeast, 1);
}

}  // namespace
}  // namespace lapidary::bench

int main(int count, char** words) {
  using namespace lapidary;
  const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/", assets = LAPIDARY_ASSETS_DIR "/";
  const std::string only = count > 1 ? words[1] : "";
  core::Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.485, .456, .406};
  cifar.std = {.229, .224, .225};
  const std::vector<bench::Contest> contests{
      {"LeNet-5", demo + "lenet5.onnx", demo + "digits_train.npz", 8000},
      {"ResNet-20", assets + "resnet/resnet20_cifar10.onnx", assets + "cifar10/test-1000", 512,
       core::NormStatistics::Frozen, cifar},
      {"ResNet-20 norms", assets + "resnet/resnet20_cifar10_nofold_bn.onnx", assets + "cifar10/test-1000",
       512, core::NormStatistics::Batch, cifar},
  };
  try {
    for (const unsigned threads : {1u, 2u})
      for (const bench::Contest& contest : contests)
        if (contest.name.starts_with(only)) bench::compare(contest, threads);
  } catch (const std::exception& error) {
    std::printf("bench_train: %s\n", error.what());
    return 1;
  }
}
