// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the real window and prints the live latency: from a slider's change to the first painted
// accuracy of that value, over moves on every layer in turn; then how much of slower moves memory answers.
#include <QApplication>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <random>

#include "resources/resources.h"
#include "tests/bench/live_window.h"
#include "tests/bench/paused_moves.h"
#include "tests/bench/ratio.h"
#include "ui/look/theme.h"

namespace lapidary::bench {
namespace {

constexpr int moves = 100;

/// Drags the sparsity slider of a random layer to a random position.
double dragOnce(ui::MainWindow& window, std::mt19937& random) {
  const auto layers = static_cast<std::uint32_t>(window.document().session()->model().layers.size());
  const core::LayerId layer{std::uniform_int_distribution<std::uint32_t>(0, layers - 1)(random)};
  ui::SliderTrack* track = sparsityOf(window, layer);
  const QPoint target = track->pointOf(std::uniform_real_distribution<double>(0.05, 0.9)(random));
  QTest::mousePress(track, Qt::LeftButton, {}, track->handle());
  const double latency = latencyOf(window.evaluation(), [&] { QTest::mouseMove(track, target); });
  QTest::mouseRelease(track, Qt::LeftButton, {}, target);
  return latency;
}

void measureMoves(const char* name, const ui::OpenRequest& request) {
  ui::MainWindow window;
  if (!open(window, request)) {
    std::printf("%-10s did not open\n", name);
    return;
  }
  std::mt19937 random(7);
  std::vector<double> latencies;
  for (int i = 0; i < moves; ++i) latencies.push_back(dragOnce(window, random));
  std::printf("%-10s %d moves over %zu layers: median %.1f ms, 95th percentile %.1f ms, worst %.1f ms\n",
              name, moves, window.document().session()->model().layers.size(), quantile(latencies, 0.5),
              quantile(latencies, 0.95), quantile(latencies, 1));
  printRatio(std::string("live median ms ") + name, quantile(latencies, 0.5), Goal::AtMost, 50);
  printRatio(std::string("live 95th percentile ms ") + name, quantile(latencies, 0.95), Goal::AtMost, 100);
}

}  // namespace
}  // namespace lapidary::bench

// "moves" or "pauses" measures only these.
int main(int argc, char** argv) {
  QApplication application(argc, argv);
  lapidary::loadResources();
  lapidary::ui::Theme::instance().apply();
  const auto measure = [&](const char* name, const lapidary::ui::OpenRequest& request) {
    if (argc < 2 || std::strcmp(argv[1], "moves") == 0) lapidary::bench::measureMoves(name, request);
    if (argc < 2 || std::strcmp(argv[1], "pauses") == 0) lapidary::bench::measurePausedMoves(name, request);
  };
  measure("LeNet-5", {"demo:lenet5", {}, {}});
  const QString assets = LAPIDARY_ASSETS_DIR;
  if (!std::filesystem::exists(LAPIDARY_ASSETS_DIR)) {
    std::printf("ResNet-20  skipped: no ../shared\n");
    return 0;
  }
  lapidary::core::Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {0.485, 0.456, 0.406};
  cifar.std = {0.229, 0.224, 0.225};
  measure("ResNet-20", {assets + "/resnet/resnet20_cifar10.onnx", assets + "/cifar10/test-1000", cifar});
  return 0;
}
