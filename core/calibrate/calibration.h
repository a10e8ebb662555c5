// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges of the activations that layers read, as calibration found them.
#pragma once

#include <array>
#include <vector>

#include "core/compress/quantize/activation_range_search.h"
#include "core/support/ids.h"

namespace lapidary::core {

constexpr std::array rangeMethods{RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::MeanSquaredError,
                                  RangeMethod::Entropy};

/// The ranges by every method (in the order of RangeMethod) after so many samples.
struct CalibrationPoint {
  std::size_t samples = 0;
  std::array<ActivationRange, rangeMethods.size()> ranges;
};

/// How the range of one method came to rest.
struct Convergence {
  std::size_t settledAfter =
      0;                  ///< samples from which on it stayed within 1 % of the last; 0: the last moved
  double lastMove = 0;    ///< how far the last tenth or so of the samples moved it, share of its width
  bool moreHelps = true;  ///< false where the last half of the samples moved it less than 1 %
};

struct LayerCalibration {
  LayerId layer;
  std::uint64_t values = 0;               ///< counted
  std::vector<CalibrationPoint> history;  ///< at most `calibrationPoints`, the last is the result

  const ActivationRange& range(RangeMethod method) const;
  Convergence convergence(RangeMethod method) const;
};

constexpr std::size_t calibrationPoints = 16;

struct Calibration {
  std::size_t samples = 0;
  std::vector<LayerCalibration> layers;  ///< those whose activations can be quantized, in order

  /// Null where the layer is not among them.
  const LayerCalibration* of(LayerId layer) const;
};

}  // namespace lapidary::core
