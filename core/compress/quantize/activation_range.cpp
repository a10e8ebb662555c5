// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/activation_range.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lapidary::core {

ActivationCodes codesFor(const ActivationRange& range) {
  const double low = std::min(range.low, 0.0), high = std::max(range.high, 0.0);
  if (!(high > low)) return {};
  ActivationCodes codes;
  codes.scale = std::max(static_cast<float>((high - low) / 255), std::numeric_limits<float>::min());
  codes.zeroPoint = static_cast<std::uint8_t>(
      std::clamp(std::nearbyint(-low / static_cast<double>(codes.scale)), 0.0, 255.0));
  return codes;
}

}  // namespace lapidary::core
