// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/augment.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// The source of the pixels of one line: between `from` and the next, by `share`.
struct Tap {
  std::int64_t from = 0, next = 0;
  float share = 0;
};

double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

std::int64_t upTo(std::mt19937_64& random, std::int64_t most) {
  return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * most + 1)) - most;
}

/// Position `start + i * scale` for every pixel i, clamped to the image.
std::vector<Tap> taps(std::int64_t size, double start, double scale, bool mirrored) {
  std::vector<Tap> line(static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < size; ++i) {
    const double at = std::clamp(start + static_cast<double>(i) * scale, 0.0, static_cast<double>(size - 1));
    const auto from = static_cast<std::int64_t>(at);
    const std::int64_t to = mirrored ? size - 1 - i : i;
    line[static_cast<std::size_t>(to)] = {from, std::min(from + 1, size - 1),
                                          static_cast<float>(at - static_cast<double>(from))};
  }
  return line;
}

struct Layout {
  std::int64_t channels, height, width, channelStep, rowStep, columnStep;
};

Layout layoutOf(const Shape& shape, bool channelsLast) {
  if (shape.size() != 4)
    throw Error(ErrorKind::Unsupported, "flips, shifts and crops are of images, but a sample has shape " +
                                            toText(Shape(shape.begin() + 1, shape.end())));
  if (channelsLast) return {shape[3], shape[1], shape[2], 1, shape[2] * shape[3], shape[3]};
  return {shape[1], shape[2], shape[3], shape[2] * shape[3], shape[3], 1};
}

void resample(const float* from, float* to, const Layout& l, const std::vector<Tap>& rows,
              const std::vector<Tap>& columns) {
  for (std::int64_t c = 0; c < l.channels; ++c)
    for (std::int64_t y = 0; y < l.height; ++y) {
      const Tap& row = rows[static_cast<std::size_t>(y)];
      const float* upper = from + c * l.channelStep + row.from * l.rowStep;
      const float* lower = from + c * l.channelStep + row.next * l.rowStep;
      for (std::int64_t x = 0; x < l.width; ++x) {
        const Tap& column = columns[static_cast<std::size_t>(x)];
        const std::int64_t left = column.from * l.columnStep, right = column.next * l.columnStep;
        const float top = upper[left] + column.share * (upper[right] - upper[left]);
        const float bottom = lower[left] + column.share * (lower[right] - lower[left]);
        to[c * l.channelStep + y * l.rowStep + x * l.columnStep] = top + row.share * (bottom - top);
      }
    }
}

}  // namespace

Tensor augmented(const Tensor& images, const Augmentation& augmentation, std::span<const std::uint64_t> seeds,
                 bool channelsLast) {
  if (augmentation.empty()) return images;
  const Layout layout = layoutOf(images.shape(), channelsLast);
  const std::int64_t size = layout.channels * layout.height * layout.width;
  TensorBuilder builder(DType::Float32, images.shape());
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    std::mt19937_64 random(seeds[i]);
    const bool mirrored = augmentation.flip && (random() & 1) != 0;
    const double scale = 1 - augmentation.crop * uniform(random);
    const auto startOf = [&](std::int64_t extent) {
      const double room = static_cast<double>(extent - 1) * (1 - scale);
      return room * uniform(random) + static_cast<double>(upTo(random, augmentation.shift));
    };
    const double top = startOf(layout.height), left = startOf(layout.width);
    const auto offset = static_cast<std::int64_t>(i) * size;
    resample(images.as<float>().data() + offset, builder.as<float>().data() + offset, layout,
             taps(layout.height, top, scale, false), taps(layout.width, left, scale, mirrored));
  }
  return std::move(builder).build();
}

}  // namespace lapidary::core
