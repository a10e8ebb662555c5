// SPDX-License-Identifier: GPL-3.0-or-later
// One edit of one weight: prune, then quantize, then see what was lost.
#include "core/compress/cut/cut_weight.h"

#include <cmath>

#include "core/compress/cut/cut_loss.h"
#include "core/compress/prune/prune.h"
#include "core/compress/prune/prune_shapes.h"
#include "core/compress/quantize/quantize.h"

namespace lapidary::core {
namespace {

struct Loss {
  double signal = 0, noise = 0;  ///< |w|^2 and |w - w'|^2
  std::int64_t zeros = 0;
};

/// Sums in eight lanes per block of float, blocks in double: fast, and as exact as a decibel needs.
Loss lossOf(std::span<const float> before, std::span<const float> after) {
  constexpr std::size_t lanes = 8, block = 1024;
  Loss loss;
  for (std::size_t begin = 0; begin < before.size(); begin += block) {
    const std::size_t end = std::min(before.size(), begin + block);
    float signal[lanes] = {}, noise[lanes] = {};
    std::int32_t zeros[lanes] = {};
    const auto take = [&](std::size_t lane, std::size_t i) {
      const float error = before[i] - after[i];
      signal[lane] += before[i] * before[i];
      noise[lane] += error * error;
      zeros[lane] += after[i] == 0.0f;
    };
    std::size_t i = begin;
    for (; i + lanes <= end; i += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) take(lane, i + lane);
    for (; i < end; ++i) take(i % lanes, i);
    for (std::size_t lane = 0; lane < lanes; ++lane)
      loss.signal += signal[lane], loss.noise += noise[lane], loss.zeros += zeros[lane];
  }
  return loss;
}

}  // namespace

CutWeight countedCut(const Tensor& before, Tensor values, std::shared_ptr<const WeightEncoding> encoding) {
  CutWeight cut;
  const Loss loss = lossOf(before.as<float>(), values.as<float>());
  cut.zeros = loss.zeros;
  if (loss.noise > 0 && std::isfinite(loss.signal / loss.noise))
    cut.snrDb = 10 * std::log10(loss.signal / loss.noise);
  cut.values = std::move(values);
  cut.encoding = std::move(encoding);
  return cut;
}

namespace {

/// Quantizes what pruning left.
CutWeight quantizedCut(const Tensor& before, TensorBuilder values, int channelAxis, const Quantize& quantize,
                       bool pruned) {
  std::shared_ptr<const WeightEncoding> encoding;
  if (quantize.scheme != Scheme::None)
    encoding = quantizeInPlace(values.as<float>(), before.shape(), channelAxis, quantize, pruned);
  return countedCut(before, std::move(values).build(), std::move(encoding));
}

}  // namespace

CutWeight cutWeight(const Tensor& weight, int channelAxis, double threshold, std::int64_t pruneCount,
                    const Quantize& quantize) {
  TensorBuilder builder(DType::Float32, weight.shape());
  prune(weight.as<float>(), {threshold, pruneCount}, builder.as<float>());
  return quantizedCut(weight, std::move(builder), channelAxis, quantize, threshold > 0 || pruneCount > 0);
}

CutWeight cutWeight(const Tensor& weight, int channelAxis, const Prune& shape, const Quantize& quantize) {
  TensorBuilder builder(DType::Float32, weight.shape());
  const auto weights = weight.as<float>();
  pruneInShape(weights, weights, weightMatrix(weight.shape(), channelAxis), shape, builder.as<float>());
  return quantizedCut(weight, std::move(builder), channelAxis, quantize, true);
}

}  // namespace lapidary::core
