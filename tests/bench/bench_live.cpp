// Drives the real window and prints the live latency: from a slider's change to the first painted
// accuracy of that value, over moves on every layer in turn.
#include <QAbstractButton>
#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>
#include <vector>

#include "resources/resources.h"
#include "tests/bench/ratio.h"
#include "ui/cut/cut_panel.h"
#include "ui/cut/prune_section.h"
#include "ui/live_evaluation.h"
#include "ui/main_window.h"
#include "ui/theme.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"
#include "ui/workspace.h"

namespace lapidary::bench {
namespace {

constexpr int moves = 100;
constexpr int patienceMs = 20'000;

template <class Condition>
bool wait(Condition&& condition) {
  return QTest::qWaitFor(std::forward<Condition>(condition), patienceMs);
}

/// Milliseconds of the next first painted quality, after `act` changed the recipe.
template <class Act>
double latencyOf(ui::LiveEvaluation& live, Act&& act) {
  double milliseconds = -1;
  const auto connection = QObject::connect(&live, &ui::LiveEvaluation::firstQualityShown, &live,
                                           [&](double value) { milliseconds = value; });
  act();
  wait([&] { return milliseconds >= 0; });
  QObject::disconnect(connection);
  return milliseconds;
}

/// Drags the sparsity slider of a random layer to a random place.
double dragOnce(ui::MainWindow& window, std::mt19937& random) {
  ui::Document& document = window.document();
  const auto layers = static_cast<std::uint32_t>(document.session()->model().layers.size());
  document.select({core::LayerId{std::uniform_int_distribution<std::uint32_t>(0, layers - 1)(random)}});
  ui::PruneSection* prune = window.workspace()->cut()->prune();
  wait([&] { return prune->sparsity()->isEnabled(); });
  if (document.recipe().editOf(document.session()->model().layer(document.currentLayer()).name).prune.mode !=
      core::PruneMode::Sparsity)
    QTest::mouseClick(prune->modes()->button(static_cast<int>(core::PruneMode::Sparsity)), Qt::LeftButton);
  wait([&] { return !window.evaluation().running() && prune->sparsity()->isVisible(); });
  ui::SliderTrack* track = prune->sparsity()->track();
  const QPoint target = track->pointOf(std::uniform_real_distribution<double>(0.05, 0.9)(random));
  QTest::mousePress(track, Qt::LeftButton, {}, track->handle());
  const double latency = latencyOf(window.evaluation(), [&] { QTest::mouseMove(track, target); });
  QTest::mouseRelease(track, Qt::LeftButton, {}, target);
  return latency;
}

void measure(const char* name, const ui::OpenRequest& request) {
  ui::MainWindow window;
  window.resize(1440, 900);
  window.show();
  if (!QTest::qWaitForWindowExposed(&window)) return;
  window.openModel(request);
  if (!wait([&] { return window.document().session() && window.document().outcome().final; })) {
    std::printf("%-10s did not open\n", name);
    return;
  }
  std::mt19937 random(7);
  std::vector<double> latencies;
  for (int i = 0; i < moves; ++i) latencies.push_back(dragOnce(window, random));
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](double share) {
    return latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))];
  };
  std::printf("%-10s %d moves over %zu layers: median %.1f ms, 95th percentile %.1f ms, worst %.1f ms\n",
              name, moves, window.document().session()->model().layers.size(), at(0.5), at(0.95),
              latencies.back());
  printRatio(std::string("live_median_ms_") + name, at(0.5), Goal::AtMost, 50);
  printRatio(std::string("live_95th_percentile_ms_") + name, at(0.95), Goal::AtMost, 100);
}

}  // namespace
}  // namespace lapidary::bench

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  lapidary::loadResources();
  lapidary::ui::Theme::instance().apply();
  using lapidary::bench::measure;
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
