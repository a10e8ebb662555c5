// SPDX-License-Identifier: GPL-3.0-or-later
// The real window under a benchmark's hand: opens a model, finds its sparsity slider, times its answers.
#pragma once

#include <QTest>
#include <algorithm>
#include <vector>

#include "ui/widgets/slider_track.h"
#include "ui/window/main_window.h"

namespace lapidary::bench {

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

/// `share` 0.5 is the median; 0 without values.
inline double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

/// Shows the window with the model; false where it did not open.
bool open(ui::MainWindow& window, const ui::OpenRequest& request);

/// The sparsity slider of a layer, ready to be moved and all figures complete.
ui::SliderTrack* sparsityOf(ui::MainWindow& window, core::LayerId layer);

}  // namespace lapidary::bench
