// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/divergence.h"

#include <algorithm>
#include <cmath>

namespace lapidary::core {
namespace {

double weighted(double count) { return count > 0 ? count * std::log(count) : 0; }

}  // namespace

ClippedDivergence::ClippedDivergence(const std::vector<std::uint64_t>& bins)
    : m_counts(bins.size() + 1), m_entropies(bins.size() + 1), m_filled(bins.size() + 1) {
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const auto count = static_cast<double>(bins[i]);
    m_counts[i + 1] = m_counts[i] + count;
    m_entropies[i + 1] = m_entropies[i] + weighted(count);
    m_filled[i + 1] = m_filled[i] + (bins[i] > 0);
  }
}

/// With c the clipped counts, t their total and s the level's share for each of its bins that is not empty,
/// the sum of c/t log(c/t / s) is (sum of c log c - sum of c log s) / t - log t, a level at a time.
double ClippedDivergence::operator()(std::size_t first, std::size_t last, std::size_t levels) const {
  const auto count = [&](std::size_t begin, std::size_t end) { return m_counts[end] - m_counts[begin]; };
  const double kept = count(first, last), total = m_counts.back();
  if (first >= last || kept <= 0) return INFINITY;
  const double below = count(0, first), above = total - m_counts[last];
  double sum = 0;
  for (std::size_t level = 0; level < levels; ++level) {
    const std::size_t begin = first + level * (last - first) / levels;
    const std::size_t end = first + (level + 1) * (last - first) / levels;
    if (begin == end) continue;
    const double held = count(begin, end);
    double clipped = held, entropy = m_entropies[end] - m_entropies[begin];
    auto filled = static_cast<double>(m_filled[end] - m_filled[begin]);
    const auto addOutside = [&](std::size_t bin, double outside) {
      const double inside = count(bin, bin + 1);
      clipped += outside;
      entropy += weighted(inside + outside) - weighted(inside);
      filled += inside == 0 && outside > 0;
    };
    if (begin == first && last - first > 1) addOutside(first, below);
    if (end == last) addOutside(last - 1, last - first > 1 ? above : below + above);
    if (clipped > 0) sum += entropy - clipped * std::log(std::max(held / filled / kept, 1e-12));
  }
  return sum / total - std::log(total);
}

}  // namespace lapidary::core
