// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/hiding/segments.h"

#include <algorithm>
#include <cmath>

namespace lapidary::core {
namespace {

constexpr int rounds = 6;
constexpr std::size_t mostChannels = 4;  ///< that similarity looks at
constexpr double compactness = 0.3;  ///< weight of a full step of the grid against the whole range of values

/// The features that k-means sees of a position: coordinates in steps of the grid, values in shares of their
/// range.
using Feature = std::vector<double>;

struct Grid {
  int columns, rows;
  double across, down;  ///< positions to a step

  std::size_t size() const { return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows); }
};

Grid gridFor(const MapGeometry& geometry, std::size_t wanted) {
  const double positions = static_cast<double>(geometry.pixels());
  const double side =
      std::max(1.0, std::sqrt(positions / static_cast<double>(std::max<std::size_t>(1, wanted))));
  Grid grid{};
  grid.rows = std::clamp(static_cast<int>(std::lround(geometry.height / side)), 1, geometry.height);
  const double columns = static_cast<double>(wanted) / grid.rows;
  grid.columns = std::clamp(static_cast<int>(std::lround(columns)), 1, geometry.width);
  grid.across = static_cast<double>(geometry.width) / grid.columns;
  grid.down = static_cast<double>(geometry.height) / grid.rows;
  return grid;
}

std::vector<Feature> featuresOf(const HiddenInput& input, const Grid& grid) {
  const MapGeometry& geometry = input.geometry();
  const auto values = input.values().as<float>();
  const auto [least, most] = std::ranges::minmax(values);
  const double range = std::max(1e-12, static_cast<double>(most) - static_cast<double>(least));
  const int channels = std::min(geometry.channels, static_cast<int>(mostChannels));
  std::vector<Feature> features;
  features.reserve(geometry.pixels());
  for (int row = 0; row < geometry.height; ++row)
    for (int column = 0; column < geometry.width; ++column) {
      Feature feature{compactness * (column + 0.5) / grid.across, compactness * (row + 0.5) / grid.down};
      for (int channel = 0; channel < channels; ++channel)
        feature.push_back(static_cast<double>(values[geometry.index(row, column, channel)]) / range);
      features.push_back(std::move(feature));
    }
  return features;
}

double distance(const Feature& a, const Feature& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

std::uint32_t gridCell(const MapGeometry& geometry, const Grid& grid, std::size_t position) {
  const auto width = static_cast<std::size_t>(geometry.width);
  const auto column = std::min(grid.columns - 1,
                               static_cast<int>(static_cast<double>(position % width) / grid.across)),
             row =
                 std::min(grid.rows - 1, static_cast<int>(static_cast<double>(position / width) / grid.down));
  return static_cast<std::uint32_t>(row * grid.columns + column);
}

std::vector<Feature> centresOf(const std::vector<Feature>& features, const std::vector<std::uint32_t>& of,
                               std::size_t count) {
  std::vector<Feature> centres(count, Feature(features[0].size(), 0.0));
  std::vector<double> held(count, 0);
  for (std::size_t i = 0; i < features.size(); ++i) {
    held[of[i]] += 1;
    for (std::size_t k = 0; k < features[i].size(); ++k) centres[of[i]][k] += features[i][k];
  }
  for (std::size_t c = 0; c < count; ++c)
    for (double& value : centres[c]) value = held[c] > 0 ? value / held[c] : 1e18;
  return centres;
}

/// Numbers from 0 without gaps, in the order in which they appear.
Segments numbered(std::vector<std::uint32_t> of, std::size_t count) {
  Segments segments;
  std::vector<std::uint32_t> name(count, Segments::none);
  for (std::uint32_t& each : of) {
    if (each == Segments::none) continue;
    if (name[each] == Segments::none) name[each] = static_cast<std::uint32_t>(segments.count++);
    each = name[each];
  }
  segments.of = std::move(of);
  return segments;
}

Segments superpixels(const HiddenInput& input, std::size_t wanted) {
  const MapGeometry& geometry = input.geometry();
  const Grid grid = gridFor(geometry, wanted);
  std::vector<std::uint32_t> of(geometry.pixels());
  for (std::size_t i = 0; i < of.size(); ++i) of[i] = gridCell(geometry, grid, i);
  if (geometry.height == 1) return numbered(std::move(of), grid.size());
  const std::vector<Feature> features = featuresOf(input, grid);
  for (int round = 0; round < rounds; ++round) {
    const std::vector<Feature> centres = centresOf(features, of, grid.size());
    for (std::size_t i = 0; i < of.size(); ++i)
      for (std::uint32_t c = 0; c < centres.size(); ++c)
        if (distance(features[i], centres[c]) < distance(features[i], centres[of[i]])) of[i] = c;
  }
  return numbered(std::move(of), grid.size());
}

Segments tokens(const HiddenInput& input) {
  Segments segments;
  for (const char can : input.hideable())
    segments.of.push_back(can != 0 ? static_cast<std::uint32_t>(segments.count++) : Segments::none);
  return segments;
}

}  // namespace

Mask Segments::maskOf(std::span<const char> shown) const {
  Mask mask(of.size());
  std::ranges::transform(of, mask.begin(), [&](std::uint32_t segment) {
    return segment == none || shown[segment] != 0 ? 1.0f : 0.0f;
  });
  return mask;
}

std::vector<float> Segments::spread(std::span<const double> values) const {
  std::vector<double> positions(count, 0);
  for (const std::uint32_t segment : of)
    if (segment != none) positions[segment] += 1;
  std::vector<float> map(of.size());
  std::ranges::transform(of, map.begin(), [&](std::uint32_t segment) {
    return segment == none ? 0.0f : static_cast<float>(values[segment] / positions[segment]);
  });
  return map;
}

Segments segmentsOf(const HiddenInput& input, std::size_t wanted) {
  return input.isTokens() ? tokens(input) : superpixels(input, wanted);
}

}  // namespace lapidary::core
