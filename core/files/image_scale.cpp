// SPDX-License-Identifier: GPL-3.0-or-later
// Scaling with filters whose support grows when shrinking, one axis after the other. By hand:
// networks were trained on what Pillow makes of a picture, and Qt's smooth scaling gives other numbers.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/files/image.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr int weightBits = 22;  // 8 bits of pixel and 22 of weight stay within 31

/// The weight of a pixel at a distance, and how far it reaches.
struct Filter {
  double support;
  double (*weight)(double);
};

double sinc(double x) {
  const double angle = std::numbers::pi * x;
  return x == 0 ? 1 : std::sin(angle) / angle;
}

double box(double x) { return x > -0.5 && x <= 0.5 ? 1 : 0; }
double triangle(double x) { return std::max(0.0, 1 - std::abs(x)); }
double hamming(double x) {
  return std::abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * std::cos(std::numbers::pi * x)) : 0;
}
/// Keys's cubic with a = -1/2.
double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}
double lanczos(double x) { return std::abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0; }

Filter filterOf(Resampling resampling) {
  switch (resampling) {
    case Resampling::Box:
      return {0.5, box};
    case Resampling::Hamming:
      return {1, hamming};
    case Resampling::Bicubic:
      return {2, cubic};
    case Resampling::Lanczos:
      return {3, lanczos};
    case Resampling::Nearest:
    case Resampling::Bilinear:
      break;
  }
  return {1, triangle};
}

/// The taps of one target pixel: source pixels from `first` on, with fixed-point weights that add up to 1.
struct Tap {
  int first = 0;
  std::vector<std::int32_t> weights;
};

Tap makeTap(int target, int from, double ratio, const Filter& filter) {
  const double stretch = std::max(1.0, ratio), support = filter.support * stretch;
  const double centre = (target + 0.5) * ratio;
  const int first = std::max(0, static_cast<int>(std::floor(centre - support + 0.5)));
  const int last = std::min(from, static_cast<int>(std::floor(centre + support + 0.5)));
  std::vector<double> weights;
  double sum = 0;
  for (int i = first; i < last; ++i) {
    weights.push_back(filter.weight((i + 0.5 - centre) / stretch));
    sum += weights.back();
  }
  Tap tap{first, {}};
  for (const double weight : weights)
    tap.weights.push_back(static_cast<std::int32_t>(std::lround(weight / sum * (1 << weightBits))));
  return tap;
}

std::vector<Tap> makeTaps(int from, int to, Resampling resampling) {
  std::vector<Tap> taps;
  taps.reserve(static_cast<std::size_t>(to));
  const double ratio = static_cast<double>(from) / to;
  const Filter filter = filterOf(resampling);
  for (int i = 0; i < to; ++i) {
    if (resampling == Resampling::Nearest)
      taps.push_back({std::min(from - 1, static_cast<int>((i + 0.5) * ratio)), {1 << weightBits}});
    else
      taps.push_back(makeTap(i, from, ratio, filter));
  }
  return taps;
}

std::uint8_t toPixel(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp((sum + (1 << (weightBits - 1))) >> weightBits, 0, 255));
}

/// `stride` is the distance of neighbours along the axis being scaled.
std::uint8_t weigh(const std::uint8_t* first, std::size_t stride, const std::vector<std::int32_t>& weights) {
  std::int32_t sum = 0;
  for (const std::int32_t weight : weights) {
    sum += *first * weight;
    first += stride;
  }
  return toPixel(sum);
}

std::size_t rowBytes(const Picture& picture) {
  return static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.channels);
}

Picture widened(const Picture& from, int width, Resampling resampling) {
  Picture to{width, from.height, from.channels, {}};
  to.pixels.resize(rowBytes(to) * static_cast<std::size_t>(to.height));
  const std::vector<Tap> taps = makeTaps(from.width, width, resampling);
  const auto channels = static_cast<std::size_t>(from.channels);
  std::uint8_t* out = to.pixels.data();
  for (int y = 0; y < from.height; ++y) {
    const std::uint8_t* row = from.pixels.data() + rowBytes(from) * static_cast<std::size_t>(y);
    for (const Tap& tap : taps)
      for (std::size_t c = 0; c < channels; ++c)
        *out++ = weigh(row + static_cast<std::size_t>(tap.first) * channels + c, channels, tap.weights);
  }
  return to;
}

/// A whole row at a time, so that memory is read in order.
Picture heightened(const Picture& from, int height, Resampling resampling) {
  Picture to{from.width, height, from.channels, {}};
  const std::size_t row = rowBytes(from);
  to.pixels.resize(row * static_cast<std::size_t>(height));
  std::vector<std::int32_t> sums(row);
  std::uint8_t* out = to.pixels.data();
  for (const Tap& tap : makeTaps(from.height, height, resampling)) {
    std::fill(sums.begin(), sums.end(), 0);
    const std::uint8_t* in = from.pixels.data() + row * static_cast<std::size_t>(tap.first);
    for (const std::int32_t weight : tap.weights) {
      for (std::size_t i = 0; i < row; ++i) sums[i] += in[i] * weight;
      in += row;
    }
    out = std::transform(sums.begin(), sums.end(), out, toPixel);
  }
  return to;
}

}  // namespace

Picture scaled(const Picture& picture, int width, int height, Resampling resampling) {
  if (width <= 0 || height <= 0 || picture.width <= 0 || picture.height <= 0)
    throw Error(ErrorKind::InvalidInput, "a picture cannot be scaled from or to an empty one");
  if (static_cast<std::int64_t>(width) * height > (64LL << 20))
    throw Error(ErrorKind::InvalidInput, "a picture of " + std::to_string(width) + "x" +
                                             std::to_string(height) +
                                             " pixels was asked for, at most 64 megapixels are allowed");
  if (width == picture.width && height == picture.height) return picture;
  if (width == picture.width) return heightened(picture, height, resampling);
  const Picture wide = widened(picture, width, resampling);
  return height == wide.height ? wide : heightened(wide, height, resampling);
}

}  // namespace lapidary::core
