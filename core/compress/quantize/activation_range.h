// SPDX-License-Identifier: GPL-3.0-or-later
// A range of activations and the unsigned 8-bit codes that cover it.
#pragma once

#include <compare>
#include <cstdint>

namespace lapidary::core {

struct ActivationRange {
  double low = 0, high = 0;  ///< in the units of the values
  bool operator==(const ActivationRange&) const = default;
};

/// value = (code - zeroPoint) * scale, codes 0 to 255.
struct ActivationCodes {
  float scale = 1;
  std::uint8_t zeroPoint = 0;
  auto operator<=>(const ActivationCodes&) const = default;
};

/// Codes for the range widened to hold 0, so that zero stays exactly zero: where nothing is negative (after
/// a ReLU) the zero point is 0 and all 256 codes serve. A range of nothing but zero gets scale 1.
ActivationCodes codesFor(const ActivationRange& range);

}  // namespace lapidary::core
