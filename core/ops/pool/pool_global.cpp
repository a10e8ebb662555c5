// SPDX-License-Identifier: GPL-3.0-or-later
// GlobalAveragePool and GlobalMaxPool; both read activations in channel blocks and give plain ones.
#include <algorithm>
#include <limits>

#include "core/ops/checks.h"
#include "core/ops/kernels/channel_blocks.h"
#include "core/ops/kernels/vector_sums.h"
#include "core/ops/pool/pool.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t widest = 16;

LAPIDARY_VECTORIZED void sumLanes8(const float* x, std::int64_t spatial, float* result) {
  float sum[8] = {};
  for (std::int64_t s = 0; s < spatial; ++s)
    for (std::int64_t lane = 0; lane < 8; ++lane) sum[lane] += x[s * 8 + lane];
  std::copy_n(sum, 8, result);
}

LAPIDARY_VECTORIZED void maxLanes8(const float* x, std::int64_t spatial, float* result) {
  Vector8 best = Vector8{} - std::numeric_limits<float>::infinity();
  for (std::int64_t s = 0; s < spatial; ++s) {
    Vector8 value;
    std::memcpy(&value, x + s * 8, sizeof(value));
    best = value > best ? value : best;
  }
  std::memcpy(result, &best, sizeof(best));
}

void sumLanes(const float* x, std::int64_t spatial, std::int64_t lanes, float* result) {
  if (lanes == 1) return void(*result = sumOf(x, spatial));
  if (lanes == 8) return sumLanes8(x, spatial, result);
  std::fill_n(result, lanes, 0.0f);
  for (std::int64_t s = 0; s < spatial; ++s)
    for (std::int64_t lane = 0; lane < lanes; ++lane) result[lane] += x[s * lanes + lane];
}

void maxLanes(const float* x, std::int64_t spatial, std::int64_t lanes, float* result) {
  if (lanes == 1) return void(*result = maxOf(x, spatial));
  if (lanes == 8) return maxLanes8(x, spatial, result);
  std::fill_n(result, lanes, -std::numeric_limits<float>::infinity());
  for (std::int64_t s = 0; s < spatial; ++s)
    for (std::int64_t lane = 0; lane < lanes; ++lane)
      result[lane] = std::max(result[lane], x[s * lanes + lane]);
}

Shape pooledShape(const Shape& shape) {
  if (shape.size() < 2) invalid("the input has shape " + toText(shape) + ", N x C x spatial was expected");
  Shape pooled(shape.size(), 1);
  std::copy_n(shape.begin(), 2, pooled.begin());
  return pooled;
}

/// Reduces every channel's plane to one value with `reduce`, then multiplies by `factor(spatial)`.
template <class Reduce>
std::vector<Activation> globalPool(const OpCall& call, bool average, Reduce&& reduce) {
  if (!call.has(0)) call.input(0);
  const DType type = call.inputs[0].dtype;
  const Activation x = type == DType::Float32 ? viewable(call.inputs[0]) : Activation(floatInput(call, 0));
  TensorBuilder y(DType::Float32, pooledShape(x.shape));
  const auto view = channelBlocks(x);
  if (!view) unsupported("a global pool over this layout");
  const float factor = average && view->spatial > 0 ? 1.0f / static_cast<float>(view->spatial) : 1.0f;
  float* out = y.as<float>().data();
  float lanes[widest];
  for (std::int64_t n = 0; n < view->batch; ++n)
    for (std::int64_t b = 0; b < view->blocks; ++b) {
      reduce(view->plane(n, b), view->spatial, view->block, lanes);
      for (std::int64_t lane = 0; lane < view->channelsIn(b); ++lane) *out++ = lanes[lane] * factor;
    }
  return oneOutput(convert(std::move(y).build(), type));
}

}  // namespace

std::vector<Activation> globalAveragePoolForward(const OpCall& call) {
  return globalPool(call, true, sumLanes);
}
std::vector<Activation> globalMaxPoolForward(const OpCall& call) { return globalPool(call, false, maxLanes); }

}  // namespace lapidary::core
