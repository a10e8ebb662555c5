// SPDX-License-Identifier: GPL-3.0-or-later
// The bundle with more in it, for those who ask.
#pragma once

#include <optional>

#include "core/robust/robustness.h"
#include "core/session/session.h"

namespace lapidary::core {

/// Nothing of it is in a bundle by itself. Figures are of the model as it is read back from the bundle.
struct BundleExtras {
  bool samples = false;  ///< copies of the samples behind the heatmaps, which the bundle then says
  std::optional<RobustnessRequest> attacks;     ///< accuracy against their strength, of original and cut
  std::optional<double> detectorOfFalseAlarms;  ///< a detector of tampered inputs, judged under usual attacks

  bool any() const { return samples || attacks || detectorOfFalseAlarms; }
};

/// Samples that a detector in a bundle is fitted to and judged on, together.
inline constexpr std::size_t detectorSamples = 1000;

}  // namespace lapidary::core
