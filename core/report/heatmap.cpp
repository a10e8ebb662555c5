// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/heatmap.h"

#include <algorithm>
#include <cmath>

#include "core/explain/saliency_methods.h"
#include "core/report/colormap.h"

namespace lapidary::core {
namespace {

template <class Color>
Picture drawn(std::span<const float> values, int width, int height, int side, Color&& color) {
  const int factor = std::max(1, (side + std::max(width, height) - 1) / std::max(width, height));
  // A strip is made tall enough to be seen.
  const int rowFactor = height == 1 ? std::max(factor, 24) : factor;
  Picture picture{width * factor, height * rowFactor, 3, {}};
  picture.pixels.reserve(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) *
                         3);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const Rgb rgb = color(values[static_cast<std::size_t>(y / rowFactor) * static_cast<std::size_t>(width) +
                                   static_cast<std::size_t>(x / factor)]);
      picture.pixels.insert(picture.pixels.end(), rgb.begin(), rgb.end());
    }
  return picture;
}

float largestMagnitude(const SaliencyMap& map) {
  float largest = 0;
  for (const float value : map.values) largest = std::max(largest, std::abs(value));
  return largest;
}

double normalised(float value, float range) { return range > 0 ? double{value} / double{range} : 0.0; }

}  // namespace

float sharedRange(const SaliencyMap& a, const SaliencyMap& b) {
  return std::max(largestMagnitude(a), largestMagnitude(b));
}

Picture heatmapPicture(const SaliencyMap& map, float range, int side) {
  const bool diverging = rowOf(map.method).isSigned;
  return drawn(map.values, map.width, map.height, side, [&](float value) {
    return diverging ? divergingColor(normalised(value, range)) : sequentialColor(normalised(value, range));
  });
}

Picture differencePicture(const SaliencyMap& original, const SaliencyMap& cut, float range, int side) {
  if (original.values.size() != cut.values.size())
    throw Error(ErrorKind::Usage, "maps of different sizes cannot be compared");
  std::vector<float> difference(cut.values.size());
  std::transform(cut.values.begin(), cut.values.end(), original.values.begin(), difference.begin(),
                 std::minus<>());
  return drawn(difference, cut.width, cut.height, side,
               [&](float value) { return divergingColor(normalised(value, range)); });
}

}  // namespace lapidary::core
