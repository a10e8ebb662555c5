// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/quality/output_difference.h"

#include <cmath>

namespace lapidary::core {

std::optional<double> OutputPower::decibel() const {
  const double ratio = signal / noise;
  if (noise > 0 && std::isfinite(ratio) && ratio > 0) return 10 * std::log10(ratio);
  return std::nullopt;
}

}  // namespace lapidary::core
