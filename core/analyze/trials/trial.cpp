// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/trials/trial.h"

#include <algorithm>
#include <cmath>

#include "core/analyze/statistics.h"

namespace lapidary::core {

std::optional<double> Trial::meanDivergence() const {
  if (diverged == 0) return std::nullopt;
  return divergence / static_cast<double>(diverged);
}

std::optional<double> Trial::highRegret() const {
  constexpr double z = 1.645;
  if (diverged == 0) return std::nullopt;
  const auto n = static_cast<double>(diverged);
  const double mean = regret / n, variance = std::max(0.0, regretSquares / n - mean * mean);
  return mean + z * std::sqrt(variance / n);
}

std::optional<Drop> dropOf(const Trial& trial, QualityKind kind) {
  if (kind == QualityKind::Noise || trial.samples == 0) return std::nullopt;
  const auto n = static_cast<double>(trial.samples);
  Drop drop;
  if (kind == QualityKind::Accuracy) {
    drop.value = (static_cast<double>(trial.rightBefore) - static_cast<double>(trial.right)) / n;
    const Interval change = pairedInterval(trial.gained, trial.lost, trial.samples);
    drop.interval = {-change.high, -change.low};
  } else {
    const std::size_t other = trial.samples - trial.agreed;
    drop.value = static_cast<double>(other) / n;
    drop.interval = wilsonInterval(other, trial.samples);
  }
  return drop;
}

}  // namespace lapidary::core
