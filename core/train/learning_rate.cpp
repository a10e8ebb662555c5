// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lapidary::core {
namespace {

/// From `from` to `to` along half a cosine, `share` of the way.
double eased(double from, double to, double share) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * std::clamp(share, 0.0, 1.0))) / 2;
}

double oneCycle(const LearningRate& rate, double step) {
  constexpr double rise = 0.3, start = 25, end = 250'000;
  const double last = static_cast<double>(rate.steps) - 1, top = rise * static_cast<double>(rate.steps) - 1;
  if (last <= 0) return rate.base;
  if (step <= top) return eased(rate.base / start, rate.base, step / top);
  return eased(rate.base, rate.base / end, (step - top) / (last - top));
}

double scheduled(const LearningRate& rate, double step) {
  switch (rate.schedule) {
    case RateSchedule::Constant:
      return rate.base;
    case RateSchedule::Step:
      return rate.base * std::pow(rate.factor, std::floor(step / static_cast<double>(rate.every)));
    case RateSchedule::Cosine:
      return rate.steps == 0 ? rate.base
                             : eased(rate.base, rate.least, step / static_cast<double>(rate.steps));
    case RateSchedule::OneCycle:
      return oneCycle(rate, step);
  }
  return rate.base;
}

}  // namespace

double rateAt(const LearningRate& rate, std::size_t step) {
  const double warmth =
      step < rate.warmUp ? static_cast<double>(step + 1) / static_cast<double>(rate.warmUp) : 1;
  return warmth * scheduled(rate, static_cast<double>(step));
}

}  // namespace lapidary::core
