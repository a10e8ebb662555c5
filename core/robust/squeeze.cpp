// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/squeeze.h"

#include <algorithm>
#include <cmath>

#include "core/explain/map/saliency_map.h"

namespace lapidary::core {
namespace {

void reduceDepth(const InputBox& box, int bits, std::span<const float> from, std::span<float> to) {
  const auto levels = static_cast<float>((1 << bits) - 1);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::size_t c = box.channelOf(i);
    const float width = box.high[c] - box.low[c];
    const float share = width > 0 ? std::clamp((from[i] - box.low[c]) / width, 0.0f, 1.0f) : 0.0f;
    to[i] = box.low[c] + width * std::round(share * levels) / levels;
  }
}

/// The upper one of the two middle values where their number is even.
float medianAround(std::span<const float> sample, const MapGeometry& geometry, int row, int column,
                   int channel, int side) {
  float window[25];
  std::size_t count = 0;
  const int before = side / 2;
  for (int r = row - before; r < row - before + side; ++r)
    for (int c = column - before; c < column - before + side; ++c)
      window[count++] = sample[geometry.index(std::clamp(r, 0, geometry.height - 1),
                                              std::clamp(c, 0, geometry.width - 1), channel)];
  std::nth_element(window, window + count / 2, window + count);
  return window[count / 2];
}

void smooth(const MapGeometry& geometry, int side, std::span<const float> from, std::span<float> to) {
  for (int row = 0; row < geometry.height; ++row)
    for (int column = 0; column < geometry.width; ++column)
      for (int channel = 0; channel < geometry.channels; ++channel)
        to[geometry.index(row, column, channel)] = medianAround(from, geometry, row, column, channel, side);
}

}  // namespace

Tensor squeezed(const Squeezer& squeezer, const InputBox& box, const Tensor& batch) {
  const bool isImage = batch.rank() == 4;
  if (squeezer.kind == Squeezer::Kind::Median && !isImage) return batch;
  if (squeezer.value < 1 || squeezer.value > (squeezer.kind == Squeezer::Kind::Median ? 5 : 16))
    throw Error(ErrorKind::Usage, "a squeezer keeps 1 to 16 bits, or the median of 1 to 5 pixels each way");
  TensorBuilder builder(DType::Float32, batch.shape());
  const auto from = batch.as<float>();
  const MapGeometry geometry = isImage ? geometryOf(batch.shape()) : MapGeometry{};
  for (std::size_t at = 0; at + box.elements <= from.size(); at += box.elements) {
    const auto sample = from.subspan(at, box.elements);
    const auto to = builder.as<float>().subspan(at, box.elements);
    if (squeezer.kind == Squeezer::Kind::Depth)
      reduceDepth(box, squeezer.value, sample, to);
    else
      smooth(geometry, squeezer.value, sample, to);
  }
  return std::move(builder).build();
}

double totalDifference(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum;
}

}  // namespace lapidary::core
