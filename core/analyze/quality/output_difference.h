// SPDX-License-Identifier: GPL-3.0-or-later
// How far the outputs of two models lie apart on the same samples: what remains where nothing is right or
// wrong.
#pragma once

#include <cstddef>
#include <optional>

namespace lapidary::core {

/// Sums over elements: |y|^2 of the one and |y - y'|^2 of the two.
struct OutputPower {
  double signal = 0, noise = 0;
  bool operator==(const OutputPower&) const = default;

  /// 10 log10(signal / noise); nothing where there is no noise, or no finite ratio.
  std::optional<double> decibel() const;
};

/// Over a prefix of the dataset's order.
struct OutputDifference {
  OutputPower power;
  std::size_t samples = 0;
};

}  // namespace lapidary::core
