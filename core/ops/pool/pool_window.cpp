// SPDX-License-Identifier: GPL-3.0-or-later
// MaxPool, AveragePool and LpPool, on plain tensors and on activations in channel blocks.
#include <cmath>
#include <cstring>
#include <limits>

#include "core/ops/checks.h"
#include "core/ops/kernels/channel_blocks.h"
#include "core/ops/kernels/vector_sums.h"
#include "core/ops/pool/pool.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

/// The windows of one plane of `lanes` channels lying side by side.
template <class T, int lanes>
LAPIDARY_INLINE void maxPlane(const PoolGrid& grid, const T* x, T* y) {
  forEachWindow(grid, [&](std::int64_t index, const TapRange& d, const TapRange& h, const TapRange& w) {
    T best[lanes];
    for (T& value : best)
      value = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                   : std::numeric_limits<T>::lowest();
    forEachTap(grid, d, h, w, [&](std::int64_t at) {
      for (int lane = 0; lane < lanes; ++lane) {
        const T value = x[at * lanes + lane];
        best[lane] = value > best[lane] ? value : best[lane];
      }
    });
    for (int lane = 0; lane < lanes; ++lane) y[index * lanes + lane] = best[lane];
  });
}

template <class T, int lanes>
LAPIDARY_INLINE void averagePlane(const PoolGrid& grid, const float* factors, const T* x, T* y) {
  forEachWindow(grid, [&](std::int64_t index, const TapRange& d, const TapRange& h, const TapRange& w) {
    T sum[lanes] = {};
    forEachTap(grid, d, h, w, [&](std::int64_t at) {
      for (int lane = 0; lane < lanes; ++lane) sum[lane] += x[at * lanes + lane];
    });
    for (int lane = 0; lane < lanes; ++lane)
      y[index * lanes + lane] = sum[lane] * static_cast<T>(factors[index]);
  });
}

/// The maximum of `lanes` channels in one vector: a float comparison in a plain loop may trap, which
/// keeps the compiler from vectorising it.
template <int lanes>
LAPIDARY_INLINE void maxVectors(const PoolGrid& grid, const float* x, float* y) {
  using Vector [[gnu::vector_size(lanes * sizeof(float))]] = float;
  constexpr float lowest = -std::numeric_limits<float>::infinity();
  forEachWindow(grid, [&](std::int64_t index, const TapRange& d, const TapRange& h, const TapRange& w) {
    Vector best = Vector{} + lowest;
    forEachTap(grid, d, h, w, [&](std::int64_t at) {
      Vector value;
      std::memcpy(&value, x + at * lanes, sizeof(value));
      best = value > best ? value : best;
    });
    std::memcpy(y + index * lanes, &best, sizeof(best));
  });
}

LAPIDARY_VECTORIZED void maxPlane8(const PoolGrid& grid, const float* x, float* y) {
  maxVectors<8>(grid, x, y);
}
LAPIDARY_VECTORIZED void maxPlane16(const PoolGrid& grid, const float* x, float* y) {
  maxVectors<16>(grid, x, y);
}
LAPIDARY_VECTORIZED void averagePlane8(const PoolGrid& grid, const float* factors, const float* x, float* y) {
  averagePlane<float, 8>(grid, factors, x, y);
}
LAPIDARY_VECTORIZED void averagePlane16(const PoolGrid& grid, const float* factors, const float* x,
                                        float* y) {
  averagePlane<float, 16>(grid, factors, x, y);
}

/// Applies `plane(x, y)` to every plane of a plain tensor of T.
template <class T, class Plane>
Tensor overPlanes(const Tensor& x, const PoolGrid& grid, Plane&& plane) {
  TensorBuilder y(x.dtype(), grid.output);
  const std::int64_t planes = grid.output[0] * grid.output[1];
  for (std::int64_t i = 0; i < planes; ++i)
    plane(x.as<T>().data() + i * grid.inSize(), y.as<T>().data() + i * grid.outSize());
  return std::move(y).build();
}

/// The same for an activation in blocks of 8 or 16 channels, which stays in them.
template <class Plane8, class Plane16>
Activation overBlocks(const Activation& x, const ChannelBlocks& view, const PoolGrid& grid, Plane8&& by8,
                      Plane16&& by16) {
  FreshActivation y = allocateLike(x, grid.output);
  auto* out = static_cast<float*>(y.memory.get_data_handle());
  for (std::int64_t n = 0; n < view.batch; ++n)
    for (std::int64_t b = 0; b < view.blocks; ++b) {
      float* plane = out + (n * view.blocks + b) * grid.outSize() * view.block;
      view.block == 8 ? by8(view.plane(n, b), plane) : by16(view.plane(n, b), plane);
    }
  return std::move(y.activation);
}

/// Position of a value among its plane for the Indices output: row-major, or column-major where asked.
std::int64_t flatIndex(const PoolGrid& grid, std::int64_t at, bool columnMajor) {
  if (!columnMajor) return at;
  const std::int64_t w = at % grid.in[2], h = at / grid.in[2] % grid.in[1], d = at / grid.in[2] / grid.in[1];
  return d + grid.in[0] * (h + grid.in[1] * w);
}

template <class T>
std::vector<Activation> maxWithIndices(const Tensor& x, const PoolGrid& grid, bool columnMajor) {
  TensorBuilder y(x.dtype(), grid.output), indices(DType::Int64, grid.output);
  const std::int64_t planes = grid.output[0] * grid.output[1];
  const auto in = x.as<T>();
  std::size_t next = 0;
  for (std::int64_t plane = 0; plane < planes; ++plane)
    forEachWindow(grid, [&](std::int64_t, const TapRange& d, const TapRange& h, const TapRange& w) {
      std::int64_t best = -1;
      const T* values = in.data() + plane * grid.inSize();
      forEachTap(grid, d, h, w, [&](std::int64_t at) {
        if (best < 0 || values[at] > values[best]) best = at;
      });
      y.as<T>()[next] = best < 0 ? std::numeric_limits<T>::lowest() : values[best];
      indices.as<std::int64_t>()[next++] =
          best < 0 ? -1 : plane * grid.inSize() + flatIndex(grid, best, columnMajor);
    });
  return {std::move(y).build(), std::move(indices).build()};
}

template <class T>
std::vector<Activation> plainMax(const OpCall& call, const Tensor& x, const PoolGrid& grid) {
  if (!omitted(call, 1)) return maxWithIndices<T>(x, grid, call.node.intOr("storage_order", 0) != 0);
  return oneOutput(overPlanes<T>(x, grid, [&](const T* in, T* out) { maxPlane<T, 1>(grid, in, out); }));
}

/// Half types are pooled as float.
std::vector<Activation> throughFloat(const OpCall& call, const Tensor& x, const PoolGrid& grid) {
  std::vector<Activation> outputs = plainMax<float>(call, floatOf(x, "X"), grid);
  outputs[0] = convert(outputs[0].tensor, x.dtype());
  return outputs;
}

void requireInput(const OpCall& call) {
  if (!call.has(0)) call.input(0);  // throws the error that names it
}

float power(float x, std::int64_t p) {
  if (p == 1) return std::fabs(x);
  return p == 2 ? x * x
                : static_cast<float>(std::pow(std::fabs(static_cast<double>(x)), static_cast<double>(p)));
}

float root(float sum, std::int64_t p) {
  if (p == 1) return sum;
  return p == 2 ? std::sqrt(sum)
                : static_cast<float>(std::pow(static_cast<double>(sum), 1.0 / static_cast<double>(p)));
}

}  // namespace

std::int64_t poolNorm(const Node& node) {
  const std::int64_t p =
      node.find<float>("p") ? static_cast<std::int64_t>(node.floatOr("p", 2)) : node.intOr("p", 2);
  if (p < 1) invalid("p is " + std::to_string(p) + ", at least 1 was expected");
  return p;
}

std::vector<Activation> maxPoolForward(const OpCall& call) {
  requireInput(call);
  const Activation& x = call.inputs[0];
  const PoolGrid grid = poolGrid(call.node, x.shape);
  if (x.layout && omitted(call, 1) && !grid.hasEmptyWindow())
    if (const auto view = channelBlocks(x))
      return oneOutput(overBlocks(
          x, *view, grid, [&](const float* in, float* out) { maxPlane8(grid, in, out); },
          [&](const float* in, float* out) { maxPlane16(grid, in, out); }));
  const Tensor plain = toPlain(x);
  switch (plain.dtype()) {
    case DType::Float32:
      return plainMax<float>(call, plain, grid);
    case DType::Float64:
      return plainMax<double>(call, plain, grid);
    case DType::Int8:
      return plainMax<std::int8_t>(call, plain, grid);
    case DType::UInt8:
      return plainMax<std::uint8_t>(call, plain, grid);
    default:
      return throughFloat(call, plain, grid);
  }
}

std::vector<Activation> averagePoolForward(const OpCall& call) {
  requireInput(call);
  const Activation& x = call.inputs[0];
  const PoolGrid grid = poolGrid(call.node, x.shape);
  const std::vector<float> factors = averageFactors(call.node, x.shape, grid);
  const float* f = factors.data();
  if (x.layout)
    if (const auto view = channelBlocks(x))
      return oneOutput(overBlocks(
          x, *view, grid, [&](const float* in, float* out) { averagePlane8(grid, f, in, out); },
          [&](const float* in, float* out) { averagePlane16(grid, f, in, out); }));
  const Tensor plain = toPlain(x);
  if (plain.dtype() == DType::Float64)
    return oneOutput(overPlanes<double>(
        plain, grid, [&](const double* in, double* out) { averagePlane<double, 1>(grid, f, in, out); }));
  const Tensor y = overPlanes<float>(floatOf(plain, "X"), grid, [&](const float* in, float* out) {
    averagePlane<float, 1>(grid, f, in, out);
  });
  return oneOutput(convert(y, plain.dtype()));
}

std::vector<Activation> lpPoolForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  const PoolGrid grid = poolGrid(call.node, x.shape());
  const std::int64_t p = poolNorm(call.node);
  const Tensor y = overPlanes<float>(x, grid, [&](const float* in, float* out) {
    forEachWindow(grid, [&](std::int64_t index, const TapRange& d, const TapRange& h, const TapRange& w) {
      float sum = 0;
      forEachTap(grid, d, h, w, [&](std::int64_t at) { sum += power(in[at], p); });
      out[index] = root(sum, p);
    });
  });
  return oneOutput(convert(y, call.inputs[0].dtype));
}

std::vector<Activation> globalLpPoolForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  requireRank(x, 2, "X");
  const std::int64_t p = poolNorm(call.node);
  Shape shape(x.rank(), 1);
  std::copy_n(x.shape().begin(), 2, shape.begin());
  const std::int64_t spatial = product(x.shape(), 2, x.rank());
  TensorBuilder y(DType::Float32, shape);
  const float* in = x.as<float>().data();
  for (float& result : y.as<float>()) {
    float sum = 0;
    for (std::int64_t i = 0; i < spatial; ++i) sum += power(*in++, p);
    result = root(sum, p);
  }
  return oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
}

}  // namespace lapidary::core
