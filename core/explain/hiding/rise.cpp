// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/hiding/rise.h"

#include <algorithm>

#include "core/explain/hiding/masked_score.h"
#include "core/explain/map/draws.h"

namespace lapidary::core {
namespace {

Mask shownOrNot(std::size_t count, double chance, Draws& draws) {
  Mask mask(count);
  for (float& value : mask) value = draws.unit() < chance ? 1.0f : 0.0f;
  return mask;
}

int cellExtent(int extent, int cells) { return (extent + cells - 1) / cells; }

}  // namespace

Mask riseMask(const MapGeometry& geometry, bool tokens, const SaliencyOptions& options, std::size_t index) {
  Draws draws(options.seed, index);
  if (tokens) return shownOrNot(geometry.pixels(), options.riseKept, draws);
  const int wide = std::clamp(options.riseCells, 1, geometry.width),
            high = std::clamp(options.riseCells, 1, geometry.height);
  const int cellWidth = cellExtent(geometry.width, wide), cellHeight = cellExtent(geometry.height, high);
  const auto cells = static_cast<std::size_t>((wide + 1) * (high + 1));
  const Mask coarse = shownOrNot(cells, options.riseKept, draws);
  const int fullWidth = (wide + 1) * cellWidth, fullHeight = (high + 1) * cellHeight;
  const Mask full = upscaled(coarse, wide + 1, high + 1, fullWidth, fullHeight);
  const auto left = draws.below(static_cast<std::size_t>(cellWidth)),
             top = draws.below(static_cast<std::size_t>(cellHeight));
  Mask mask;
  mask.reserve(geometry.pixels());
  for (std::size_t row = 0; row < static_cast<std::size_t>(geometry.height); ++row) {
    const auto from =
        full.begin() + static_cast<std::ptrdiff_t>((top + row) * static_cast<std::size_t>(fullWidth) + left);
    mask.insert(mask.end(), from, from + geometry.width);
  }
  return mask;
}

SaliencyMap riseMap(const SaliencyTask& task) {
  const MaskedScore masked(task);
  const std::size_t count = std::max<std::size_t>(1, task.options.riseMasks);
  const auto maskOf = [&](std::size_t i) {
    return riseMask(masked.geometry(), masked.input().isTokens(), task.options, i);
  };
  const std::vector<TargetScore> scores = masked.of(count, maskOf);
  std::vector<double> sum(masked.geometry().pixels(), 0);
  for (std::size_t i = 0; i < count; ++i) {
    const Mask mask = maskOf(i);  // drawn again, so that they are not all held
    for (std::size_t at = 0; at < sum.size(); ++at)
      sum[at] += static_cast<double>(scores[i].probability) * static_cast<double>(mask[at]);
  }
  const double least = *std::ranges::min_element(sum);
  std::vector<float> map(sum.size());
  std::ranges::transform(sum, map.begin(), [&](double value) {
    return static_cast<float>((value - least) / (static_cast<double>(count) * task.options.riseKept));
  });
  return masked.mapOf(std::move(map));
}

}  // namespace lapidary::core
