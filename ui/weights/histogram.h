// SPDX-License-Identifier: GPL-3.0-or-later
// Counting weights into bins and finding the levels that quantized ones stand at: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::ui {

/// Counts in equal bins over [low, high]; the last bin holds `high` itself.
struct Bins {
  double low = -1, high = 1;
  std::vector<std::int64_t> counts;

  double width() const { return counts.empty() ? 0 : (high - low) / static_cast<double>(counts.size()); }
  double edge(std::size_t bin) const { return low + width() * static_cast<double>(bin); }
  /// Clamped to the range; 0 without bins.
  std::size_t binOf(double value) const;
  std::int64_t largest() const;
};

/// Values outside the range, and those that are not numbers, are left out.
Bins binCounts(std::span<const float> values, double low, double high, int bins);

/// A range around zero that holds all finite values, a little wider; [-1, 1] if all are zero.
std::pair<double, double> symmetricRange(std::span<const float> values);

/// The distinct values of one channel, ascending; `complete` is false where there are more than the
/// most asked for (then the list is empty).
struct LevelGrid {
  std::vector<double> levels;
  bool complete = true;
};

/// `axis` < 0 looks at the whole tensor, else at the slice `channel` along that axis.
LevelGrid levelsOf(std::span<const float> values, const core::Shape& shape, int axis, std::int64_t channel,
                   std::size_t most = 64);

}  // namespace lapidary::ui
