// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/hiding/occlusion.h"

#include <algorithm>

#include "core/explain/hiding/masked_score.h"

namespace lapidary::core {
namespace {

struct Patch {
  int top, left, bottom, right;  // bottom and right exclusive
};

/// Patches of an eighth of the side, half overlapping, so that a map costs about 15 x 15 runs whatever
/// the input's size.
std::vector<int> starts(int extent, int patch) {
  std::vector<int> result;
  const int stride = std::max(1, patch / 2);
  for (int at = 0; at + patch < extent; at += stride) result.push_back(at);
  result.push_back(extent - patch);
  return result;
}

int patchSide(int extent) { return extent < 16 ? 1 : (extent + 4) / 8; }

std::vector<Patch> patchesOf(const MapGeometry& geometry, bool tokens) {
  const int high = tokens ? 1 : patchSide(geometry.height);
  const int wide = tokens ? 1 : patchSide(geometry.width);
  std::vector<Patch> patches;
  for (const int top : starts(geometry.height, high))
    for (const int left : starts(geometry.width, wide))
      patches.push_back({top, left, top + high, left + wide});
  return patches;
}

Mask maskWithout(const MapGeometry& geometry, const Patch& patch) {
  Mask mask(geometry.pixels(), 1.0f);
  for (int row = patch.top; row < patch.bottom; ++row)
    std::fill_n(mask.begin() + row * geometry.width + patch.left, patch.right - patch.left, 0.0f);
  return mask;
}

/// Adds each patch's drop to the positions it covers, then divides by how often a position was covered.
std::vector<float> spread(const MapGeometry& geometry, std::span<const Patch> patches,
                          std::span<const float> drops) {
  std::vector<float> map(geometry.pixels(), 0.0f), covered(geometry.pixels(), 0.0f);
  for (std::size_t i = 0; i < patches.size(); ++i)
    for (int row = patches[i].top; row < patches[i].bottom; ++row)
      for (int column = patches[i].left; column < patches[i].right; ++column) {
        const auto at = static_cast<std::size_t>(row) * static_cast<std::size_t>(geometry.width) +
                        static_cast<std::size_t>(column);
        map[at] += drops[i];
        covered[at] += 1;
      }
  for (std::size_t i = 0; i < map.size(); ++i) map[i] /= std::max(covered[i], 1.0f);
  return map;
}

}  // namespace

SaliencyMap occlusionMap(const SaliencyTask& task) {
  const MaskedScore masked(task);
  const MapGeometry& geometry = masked.geometry();
  const std::vector<Patch> patches = patchesOf(geometry, masked.input().isTokens());
  const auto scores =
      masked.of(patches.size(), [&](std::size_t i) { return maskWithout(geometry, patches[i]); });
  std::vector<float> drops;
  for (const TargetScore& score : scores) drops.push_back(masked.whole().score - score.score);
  return masked.mapOf(spread(geometry, patches, drops));
}

}  // namespace lapidary::core
