// SPDX-License-Identifier: GPL-3.0-or-later
// One pass each.
#include "ui/weights/histogram.h"

#include <algorithm>
#include <cmath>

namespace lapidary::ui {

std::size_t Bins::binOf(double value) const {
  if (counts.empty() || !(high > low)) return 0;
  const double bin = (value - low) / (high - low) * static_cast<double>(counts.size());
  return static_cast<std::size_t>(std::clamp(bin, 0.0, static_cast<double>(counts.size() - 1)));
}

std::int64_t Bins::largest() const {
  return counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
}

Bins binCounts(std::span<const float> values, double low, double high, int bins) {
  Bins result{low, high, std::vector<std::int64_t>(static_cast<std::size_t>(std::max(1, bins)))};
  if (!(high > low)) return result;
  const double factor = static_cast<double>(result.counts.size()) / (high - low);
  const std::size_t last = result.counts.size() - 1;
  for (const float value : values) {
    const double v = static_cast<double>(value);
    if (!(v >= low && v <= high)) continue;
    ++result.counts[std::min(last, static_cast<std::size_t>((v - low) * factor))];
  }
  return result;
}

std::pair<double, double> symmetricRange(std::span<const float> values) {
  float largest = 0;
  for (const float value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
  const double reach = largest > 0 ? static_cast<double>(largest) * 1.02 : 1;
  return {-reach, reach};
}

LevelGrid levelsOf(std::span<const float> values, const core::Shape& shape, int axis, std::int64_t channel,
                   std::size_t most) {
  std::size_t inner = values.size(), outer = 1, stride = values.size(), start = 0;
  if (axis >= 0 && static_cast<std::size_t>(axis) < shape.size()) {
    inner = 1;
    for (std::size_t i = static_cast<std::size_t>(axis) + 1; i < shape.size(); ++i)
      inner *= static_cast<std::size_t>(shape[i]);
    const auto channels = static_cast<std::size_t>(shape[static_cast<std::size_t>(axis)]);
    if (inner == 0 || channels == 0) return {};
    stride = inner * channels;
    outer = values.size() / stride;
    start = inner * std::min(channels - 1, static_cast<std::size_t>(std::max<std::int64_t>(0, channel)));
  }
  std::vector<float> found;  // ascending, short
  for (std::size_t block = 0; block < outer; ++block) {
    for (const float value : values.subspan(block * stride + start, inner)) {
      const auto it = std::lower_bound(found.begin(), found.end(), value);
      if ((it != found.end() && *it == value) || std::isnan(value)) continue;
      if (found.size() == most) return {{}, false};
      found.insert(it, value);
    }
  }
  return {std::vector<double>(found.begin(), found.end()), true};
}

}  // namespace lapidary::ui
