// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/map/saliency_map.h"

#include <algorithm>
#include <cmath>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

int narrow(std::int64_t extent) {
  if (extent < 1 || extent > 1 << 20)
    throw Error(ErrorKind::Unsupported,
                "an input axis of " + std::to_string(extent) + " entries cannot be drawn as a map");
  return static_cast<int>(extent);
}

bool looksLikeChannels(std::int64_t extent) { return extent == 1 || extent == 3; }

/// The two source pixels that a target pixel lies between, and how far it is towards the second.
struct Sample {
  std::size_t low, high;
  float fraction;
};

std::vector<Sample> samplePoints(int from, int to) {
  std::vector<Sample> points(static_cast<std::size_t>(to));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const float centre =
        (static_cast<float>(i) + 0.5f) * static_cast<float>(from) / static_cast<float>(to) - 0.5f;
    const float held = std::clamp(centre, 0.0f, static_cast<float>(from - 1));
    const auto low = static_cast<std::size_t>(held);
    points[i] = {low, std::min(low + 1, static_cast<std::size_t>(from - 1)), held - static_cast<float>(low)};
  }
  return points;
}

template <class Combine>
std::vector<float> overChannels(std::span<const float> sample, const MapGeometry& geometry,
                                Combine&& combine) {
  std::vector<float> map(geometry.pixels(), 0.0f);
  std::size_t at = 0;
  for (int row = 0; row < geometry.height; ++row)
    for (int column = 0; column < geometry.width; ++column, ++at)
      for (int channel = 0; channel < geometry.channels; ++channel)
        map[at] = combine(map[at], sample[geometry.index(row, column, channel)]);
  return map;
}

}  // namespace

std::size_t MapGeometry::index(int row, int column, int channel) const {
  return static_cast<std::size_t>(row * rowStride + column * columnStride + channel * channelStride);
}

MapGeometry geometryOf(const Shape& shape, bool embedded) {
  const std::size_t rank = shape.size();
  MapGeometry g;
  if (rank <= 2) {
    g.height = 1;
    g.width = narrow(rank == 0 ? 1 : shape.back());
  } else if (rank == 3 && embedded) {
    g.height = 1;
    g.width = narrow(shape[1]);
    g.channels = narrow(shape[2]);
    g.columnStride = shape[2];
    g.channelStride = 1;
  } else if (rank == 4 && !looksLikeChannels(shape[1]) && looksLikeChannels(shape[3])) {
    g.height = narrow(shape[1]);
    g.width = narrow(shape[2]);
    g.channels = narrow(shape[3]);
    g.rowStride = shape[2] * shape[3];
    g.columnStride = shape[3];
    g.channelStride = 1;
  } else {
    g.height = narrow(shape[rank - 2]);
    g.width = narrow(shape[rank - 1]);
    g.channels = narrow(elementCount(Shape(shape.begin() + 1, shape.end() - 2)));
    g.rowStride = shape[rank - 1];
    g.channelStride = shape[rank - 2] * shape[rank - 1];
  }
  return g;
}

std::vector<float> maxMagnitudeOverChannels(std::span<const float> sample, const MapGeometry& geometry) {
  return overChannels(sample, geometry, [](float so, float value) { return std::max(so, std::abs(value)); });
}

std::vector<float> sumOverChannels(std::span<const float> sample, const MapGeometry& geometry) {
  return overChannels(sample, geometry, [](float so, float value) { return so + value; });
}

std::vector<float> upscaled(std::span<const float> map, int width, int height, int toWidth, int toHeight) {
  const auto columns = samplePoints(width, toWidth);
  const auto rows = samplePoints(height, toHeight);
  std::vector<float> result;
  result.reserve(rows.size() * columns.size());
  const auto stride = static_cast<std::size_t>(width);
  for (const Sample& y : rows)
    for (const Sample& x : columns) {
      const float top = std::lerp(map[y.low * stride + x.low], map[y.low * stride + x.high], x.fraction);
      const float bottom = std::lerp(map[y.high * stride + x.low], map[y.high * stride + x.high], x.fraction);
      result.push_back(std::lerp(top, bottom, y.fraction));
    }
  return result;
}

}  // namespace lapidary::core
