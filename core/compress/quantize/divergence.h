// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a histogram is lost when it is clipped and rendered in few levels.
#pragma once

#include <cstdint>
#include <vector>

namespace lapidary::core {

/// Sums over the bins of a histogram, so that many clipped ranges of it cost little more than one.
class ClippedDivergence {
 public:
  explicit ClippedDivergence(const std::vector<std::uint64_t>& bins);

  /// The Kullback-Leibler divergence between bins [first, last), with all outside counted at the ends, and
  /// the same in `levels` levels: each level's count is spread evenly over those of its bins that are not
  /// empty (Migacz, "8-bit Inference with TensorRT", 2017). Infinity where the range holds nothing.
  /// O(levels).
  double operator()(std::size_t first, std::size_t last, std::size_t levels) const;

 private:
  std::vector<double> m_counts, m_entropies;  ///< sums of c and of c log c before every bin
  std::vector<std::size_t> m_filled;          ///< bins before every bin that hold something
};

}  // namespace lapidary::core
