// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what removing channels, heads and rank is worth: bytes and time of the cut model against the
// original's, and how long one move of the channel slider takes until its outcome carries an accuracy.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <vector>

#include "core/analyze/speed/latency.h"
#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/bench/ratio.h"

namespace lapidary::bench {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

const std::string assets = LAPIDARY_ASSETS_DIR;
const std::string demo = std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/";

core::Session opened(const std::string& model, const std::string& data, bool cifar = false) {
  core::Model read = core::readModel(model);
  if (data.empty()) return core::Session(std::move(read), nullptr, {});
  const auto source = core::openData(data);
  core::Preprocess preprocess = core::choosePreprocess(read, *source).preprocess;
  if (cifar)
    preprocess.mean = {.485, .456, .406}, preprocess.std = {.229, .224, .225}, preprocess.scale = 1.0 / 255;
  auto samples = std::make_shared<const core::Dataset>(source, preprocess, read);
  return core::Session(std::move(read), samples, {});
}

core::Recipe removal(const core::Session& session, double share) {
  core::Recipe recipe;
  const core::Model& model = session.model();
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const core::ChannelGroup group = session.cutter().channelGroup(core::LayerId{i});
    const auto mode = group.heads ? core::PruneMode::Heads : core::PruneMode::Channels;
    if (group.removable > 0) recipe.set(model.layers[i].name, {{mode, share}, {}, {}, {}});
  }
  return recipe;
}

core::Recipe lowRank(const core::Session& session, double energy) {
  core::Recipe recipe;
  for (const core::Layer& layer : session.model().layers)
    if (layer.opType == "Conv" || layer.opType == "Gemm" || layer.opType == "MatMul")
      recipe.set(layer.name, {{}, {}, {}, {core::LowRankMode::Energy, energy}});
  return recipe;
}

void compare(const std::string& name, const core::Session& session, const core::Recipe& recipe,
             double limit) {
  const core::Outcome outcome =
      session.evaluate(recipe, {.measure = {core::measurement::latency}, .keepActivations = false}, {});
  const auto& size = outcome.footprint;
  printRatio(name + " bytes", static_cast<double>(size.fileAfter) / static_cast<double>(size.fileBefore),
             Goal::AtMost, 0.9);
  if (outcome.latency)
    printRatio(name + " time", outcome.latency->seconds / outcome.latency->original, Goal::AtMost, limit);
  if (outcome.quality && outcome.quality->top1)
    std::printf("  top-1 %.4f, before %.4f (no retraining)\n", *outcome.quality->top1,
                *outcome.quality->originalTop1);
}

/// Seconds from a new share of channels to the first outcome with an accuracy, median of all moves.
double secondsOfMoves(const core::Session& session) {
  session.evaluate({}, {.measure = {}}, {});
  std::vector<double> seconds;
  for (int percent = 10; percent <= 60; percent += 5) {
    const auto start = Clock::now();
    double first = 0;
    session.evaluate(removal(session, percent / 100.0), {.measure = {}}, {},
                     [&](const core::Outcome& outcome) {
                       if (first == 0 && outcome.quality)
                         first = std::chrono::duration<double>(Clock::now() - start).count();
                     });
    seconds.push_back(first);
  }
  std::ranges::sort(seconds);
  std::printf("  channel slider: median %.1f ms, slowest %.1f ms\n", 1e3 * seconds[seconds.size() / 2],
              1e3 * seconds.back());
  return seconds[seconds.size() / 2];
}

int run() {
  const core::Session lenet = opened(demo + "lenet5.onnx", demo + "digits_test.npz");
  compare("LeNet-5 half the channels", lenet, removal(lenet, 0.5), 1);
  printRatio("LeNet-5 slider of 0.1 s", secondsOfMoves(lenet) / 0.1, Goal::AtMost, 1);
  if (!fs::exists(assets + "/resnet")) {
    std::printf("ResNet-20, transformer: skipped: no ../shared\n");
    return 0;
  }
  const core::Session resnet =
      opened(assets + "/resnet/resnet20_cifar10.onnx", assets + "/cifar10/test-1000", true);
  compare("ResNet-20 half the channels", resnet, removal(resnet, 0.5), 0.7);
  compare("ResNet-20 tenth of the channels", resnet, removal(resnet, 0.1), 1);
  compare("ResNet-20 rank of 0.9 energy", resnet, lowRank(resnet, 0.9), 1);
  const core::Session sms = opened(assets + "/sms/sms_bert.onnx", assets + "/sms/sms_test.npz");
  compare("transformer half heads and channels", sms, removal(sms, 0.5), 0.9);
  return 0;
}

}  // namespace
}  // namespace lapidary::bench

int main() {
  try {
    return lapidary::bench::run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_structure: %s\n", error.what());
    return 1;
  }
}
