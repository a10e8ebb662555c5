// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/map/similarity.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr int reach = 5;  ///< of the window on either side
constexpr double deviation = 1.5;
constexpr double k1 = 0.01, k2 = 0.03;

using Plane = std::vector<double>;

void requireSameSize(const SaliencyMap& a, const SaliencyMap& b) {
  if (a.width != b.width || a.height != b.height || a.values.size() != b.values.size())
    throw Error(ErrorKind::Usage, "maps of different sizes cannot be compared");
}

/// Divided by the largest magnitude.
Plane normalised(const SaliencyMap& map) {
  double largest = 0;
  for (const float value : map.values) largest = std::max(largest, std::abs(double{value}));
  Plane plane(map.values.begin(), map.values.end());
  if (largest > 0)
    for (double& value : plane) value /= largest;
  return plane;
}

double rangeOf(const Plane& a, const Plane& b) {
  const auto negative = [](double value) { return value < 0; };
  return std::ranges::any_of(a, negative) || std::ranges::any_of(b, negative) ? 2 : 1;
}

/// Weighted mean along one axis of `length` entries `stride` apart, the window cut off at the ends.
void smoothLine(const double* from, double* to, int length, std::size_t stride) {
  for (int at = 0; at < length; ++at) {
    double sum = 0, weights = 0;
    for (int other = std::max(0, at - reach); other <= std::min(length - 1, at + reach); ++other) {
      const double weight = std::exp(-(other - at) * (other - at) / (2 * deviation * deviation));
      sum += weight * from[static_cast<std::size_t>(other) * stride];
      weights += weight;
    }
    to[static_cast<std::size_t>(at) * stride] = sum / weights;
  }
}

/// The cut-off window is a product of two, so rows and columns can follow one another.
Plane smoothed(const Plane& plane, int width, int height) {
  const auto stride = static_cast<std::size_t>(width);
  Plane rows(plane.size()), all(plane.size());
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y)
    smoothLine(plane.data() + y * stride, rows.data() + y * stride, width, 1);
  for (std::size_t x = 0; x < stride; ++x) smoothLine(rows.data() + x, all.data() + x, height, stride);
  return all;
}

Plane product(const Plane& a, const Plane& b) {
  Plane result(a.size());
  std::ranges::transform(a, b, result.begin(), std::multiplies<>());
  return result;
}

std::vector<bool> topPositions(const SaliencyMap& map, std::size_t count) {
  std::vector<std::size_t> order(map.values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto before = [&](std::size_t i, std::size_t j) {
    const float a = std::abs(map.values[i]), b = std::abs(map.values[j]);
    return a != b ? a > b : i < j;
  };
  std::ranges::nth_element(order, order.begin() + static_cast<std::ptrdiff_t>(count) - 1, before);
  std::vector<bool> chosen(order.size(), false);
  for (std::size_t i = 0; i < count; ++i) chosen[order[i]] = true;
  return chosen;
}

}  // namespace

double structuralSimilarity(const SaliencyMap& a, const SaliencyMap& b) {
  requireSameSize(a, b);
  const Plane x = normalised(a), y = normalised(b);
  if (x.empty()) return 1;
  const auto smooth = [&](const Plane& plane) { return smoothed(plane, a.width, a.height); };
  const Plane meanX = smooth(x), meanY = smooth(y);
  const Plane xx = smooth(product(x, x)), yy = smooth(product(y, y)), xy = smooth(product(x, y));
  const double range = rangeOf(x, y), c1 = std::pow(k1 * range, 2), c2 = std::pow(k2 * range, 2);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double mx = meanX[i], my = meanY[i];
    const double vx = xx[i] - mx * mx, vy = yy[i] - my * my, covariance = xy[i] - mx * my;
    sum += (2 * mx * my + c1) * (2 * covariance + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2));
  }
  return sum / static_cast<double>(x.size());
}

std::size_t topCount(std::size_t positions, double share) {
  const auto wanted = static_cast<std::size_t>(std::ceil(share * static_cast<double>(positions) - 1e-9));
  return std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(1, positions));
}

double topOverlap(const SaliencyMap& a, const SaliencyMap& b, double share) {
  requireSameSize(a, b);
  if (a.values.empty()) return 1;
  const std::size_t count = topCount(a.values.size(), share);
  const auto x = topPositions(a, count), y = topPositions(b, count);
  std::size_t both = 0;
  for (std::size_t i = 0; i < x.size(); ++i) both += x[i] && y[i];
  return static_cast<double>(both) / static_cast<double>(count);
}

}  // namespace lapidary::core
