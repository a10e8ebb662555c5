// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/paused_moves.h"

#include <cstdio>
#include <random>

#include "tests/bench/live_window.h"

namespace lapidary::bench {
namespace {

constexpr int layersVisited = 4, stepsEach = 6, farMoves = 12, dragMoves = 120, dragPauseMs = 25;

struct Moves {
  std::vector<double> latencies;  ///< milliseconds to the first painted quality
  int fromMemory = 0;             ///< whose first quality was known before

  double share() const {
    return latencies.empty() ? 0 : 100.0 * fromMemory / static_cast<double>(latencies.size());
  }
};

template <class Act>
void record(ui::MainWindow& window, Moves& moves, Act&& act) {
  const core::Recipe before = window.document().recipe();
  moves.latencies.push_back(latencyOf(window.evaluation(), act));
  if (window.document().recipe() == before) std::printf("a move changed nothing\n");
  if (window.document().outcome().remembered > 0) ++moves.fromMemory;
}

/// Layers from the first to the last, at equal distances.
std::vector<core::LayerId> someLayers(ui::MainWindow& window) {
  const std::size_t count = window.document().session()->model().layers.size();
  std::vector<core::LayerId> layers;
  for (std::size_t i = 0; i < layersVisited; ++i)
    layers.push_back(core::LayerId{static_cast<std::uint32_t>(i * (count - 1) / (layersVisited - 1))});
  return layers;
}

/// Most steps go on as before; some turn back, some are twice as far.
const int keySteps[stepsEach] = {1, 1, 1, -1, 1, 1};
const int pixelSteps[stepsEach] = {3, 2, 4, -2, 3, 1};

Moves stepByKeys(ui::MainWindow& window, int pauseMs, double from) {
  Moves moves;
  for (const core::LayerId layer : someLayers(window)) {
    ui::SliderTrack* track = sparsityOf(window, layer);
    QTest::mouseClick(track, Qt::LeftButton, {}, track->pointOf(from));
    QTest::qWait(pauseMs);
    QTest::keyClick(track, Qt::Key_Right);
    QTest::qWait(pauseMs);
    for (const int step : keySteps) {
      record(window, moves, [&] { QTest::keyClick(track, step > 0 ? Qt::Key_Right : Qt::Key_Left); });
      QTest::qWait(pauseMs);
    }
  }
  return moves;
}

Moves stepByMouse(ui::MainWindow& window, int pauseMs, double from) {
  Moves moves;
  for (const core::LayerId layer : someLayers(window)) {
    ui::SliderTrack* track = sparsityOf(window, layer);
    QPoint mouse = track->handle();
    QTest::mousePress(track, Qt::LeftButton, {}, mouse);
    mouse = track->pointOf(from);
    QTest::mouseMove(track, mouse);
    QTest::qWait(pauseMs);
    for (const int step : pixelSteps) {
      mouse.rx() += step;
      record(window, moves, [&] { QTest::mouseMove(track, mouse); });
      QTest::qWait(pauseMs);
    }
    QTest::mouseRelease(track, Qt::LeftButton, {}, mouse);
  }
  return moves;
}

/// Each comes while the steps near the last one are being measured ahead, and is not one of them.
Moves moveFar(ui::MainWindow& window, std::mt19937& random) {
  Moves moves;
  const auto layers = someLayers(window);
  ui::SliderTrack* track = sparsityOf(window, layers[1]);
  for (int i = 0; i < farMoves; ++i) {
    const double value =
        std::uniform_real_distribution<double>(i % 2 ? 0.05 : 0.5, i % 2 ? 0.4 : 0.9)(random);
    wait([&] { return !window.evaluation().running(); });
    QTest::qWait(350);
    record(window, moves, [&] { QTest::mouseClick(track, Qt::LeftButton, {}, track->pointOf(value)); });
  }
  return moves;
}

/// The latencies of those that were painted: the others were overtaken.
Moves dragOn(ui::MainWindow& window, double from) {
  Moves moves;
  ui::SliderTrack* track = sparsityOf(window, someLayers(window)[2]);
  QTest::mousePress(track, Qt::LeftButton, {}, track->handle());
  QPoint mouse = track->pointOf(from);
  const auto connection = QObject::connect(&window.evaluation(), &ui::LiveEvaluation::firstQualityShown,
                                           track, [&](double ms) { moves.latencies.push_back(ms); });
  for (int i = 0; i < dragMoves; ++i) {
    mouse.rx() += i % 40 < 20 ? 3 : -3;
    QTest::mouseMove(track, mouse);
    QTest::qWait(dragPauseMs);
  }
  QTest::mouseRelease(track, Qt::LeftButton, {}, mouse);
  wait([&] { return !window.evaluation().running(); });
  QObject::disconnect(connection);
  return moves;
}

struct Session {
  Moves keys, mouse, keysSlowly, mouseSlowly, far, drag;
};

/// A window of its own: what another one remembers must not answer.
bool play(const ui::OpenRequest& request, bool ahead, Session& session) {
  ui::MainWindow window;
  window.prefetcher().setEnabled(ahead);
  if (!open(window, request)) return false;
  std::mt19937 random(11);
  session.keys = stepByKeys(window, 500, 0.30);
  session.mouse = stepByMouse(window, 500, 0.45);
  session.keysSlowly = stepByKeys(window, 1500, 0.60);
  session.mouseSlowly = stepByMouse(window, 1500, 0.75);
  session.far = moveFar(window, random);
  session.drag = dragOn(window, 0.2);
  return true;
}

void print(const char* what, const Moves& without, const Moves& with) {
  const double before = quantile(without.latencies, 0.5), after = quantile(with.latencies, 0.5);
  std::printf(
      "  %-28s from memory %3.0f %% -> %3.0f %%   median %5.1f -> %5.1f ms (ratio %.2f)   95th %5.1f -> "
      "%5.1f ms\n",
      what, without.share(), with.share(), before, after, after / before, quantile(without.latencies, 0.95),
      quantile(with.latencies, 0.95));
}

}  // namespace

void measurePausedMoves(const char* name, const ui::OpenRequest& request) {
  Session without, with;
  if (!play(request, false, without) || !play(request, true, with)) {
    std::printf("%-10s did not open\n", name);
    return;
  }
  std::printf("%s, without -> with measuring ahead\n", name);
  print("keys, pauses of 0.5 s", without.keys, with.keys);
  print("mouse, pauses of 0.5 s", without.mouse, with.mouse);
  print("keys, pauses of 1.5 s", without.keysSlowly, with.keysSlowly);
  print("mouse, pauses of 1.5 s", without.mouseSlowly, with.mouseSlowly);
  print("far moves amid the work", without.far, with.far);
  print("a drag without pauses", without.drag, with.drag);
}

}  // namespace lapidary::bench
