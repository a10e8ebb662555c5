// SPDX-License-Identifier: GPL-3.0-or-later
// Gradients of the pools: the maximum's goes to where it was found, the average's to all alike.
#include <algorithm>
#include <cmath>

#include "core/ops/checks.h"
#include "core/ops/pool/pool.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

/// Runs `plane(x, dy, dx)` over every plane; dx starts as zeros.
template <class Plane>
std::vector<Tensor> overPlanes(const BackwardCall& call, std::int64_t inSize, std::int64_t outSize,
                               Plane&& plane) {
  const Tensor x = floatOf(call.inputs[0], "X");
  TensorBuilder dx = zeros(x.shape());
  const float* dy = call.outputGradients[0].as<float>().data();
  const std::int64_t planes = product(x.shape(), 0, 2);
  for (std::int64_t i = 0; i < planes; ++i)
    plane(x.as<float>().data() + i * inSize, dy + i * outSize, dx.as<float>().data() + i * inSize);
  return gradientOf(call, 0, std::move(dx).build());
}

std::int64_t planeSize(const BackwardCall& call) {
  requireRank(call.inputs[0], 2, "X");
  return product(call.inputs[0].shape(), 2, call.inputs[0].rank());
}

float normDerivative(float x, float y, double power) {
  if (x == 0 || y == 0) return 0;
  const double size = std::pow(static_cast<double>(std::fabs(x)) / static_cast<double>(y), power);
  return static_cast<float>(x < 0 ? -size : size);
}

/// Windows of 2 x 2 side by side, all inside: the most frequent ones.
bool arePairs(const PoolGrid& grid) {
  const auto pairs = [](const std::vector<TapRange>& taps) {
    for (std::size_t i = 0; i < taps.size(); ++i)
      if (taps[i].first != 0 || taps[i].last != 2 || taps[i].start != static_cast<std::int64_t>(2 * i))
        return false;
    return true;
  };
  return grid.in[0] == 1 && grid.out[0] == 1 && grid.taps[0].front().last == 1 && grid.dilation[1] == 1 &&
         grid.dilation[2] == 1 && pairs(grid.taps[1]) && pairs(grid.taps[2]);
}

/// The first of equal values takes the gradient, without branches.
void maxOfPairs(const PoolGrid& grid, const float* x, const float* dy, float* dx) {
  for (std::int64_t row = 0; row < grid.out[1]; ++row)
    for (std::int64_t column = 0; column < grid.out[2]; ++column) {
      const std::int64_t upper = 2 * row * grid.in[2] + 2 * column, lower = upper + grid.in[2];
      const float a = x[upper], b = x[upper + 1], c = x[lower], d = x[lower + 1], gradient = *dy++;
      const bool first = !(b > a), second = !(d > c), above = !((second ? c : d) > (first ? a : b));
      dx[upper] = above && first ? gradient : 0.0f;
      dx[upper + 1] = above && !first ? gradient : 0.0f;
      dx[lower] = !above && second ? gradient : 0.0f;
      dx[lower + 1] = !above && !second ? gradient : 0.0f;
    }
}

}  // namespace

std::vector<Tensor> maxPoolBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const PoolGrid grid = poolGrid(call.node, call.inputs[0].shape());
  if (arePairs(grid))
    return overPlanes(call, grid.inSize(), grid.outSize(),
                      [&](const float* x, const float* dy, float* dx) { maxOfPairs(grid, x, dy, dx); });
  return overPlanes(call, grid.inSize(), grid.outSize(), [&](const float* x, const float* dy, float* dx) {
    forEachWindow(grid, [&](std::int64_t index, const TapRange& d, const TapRange& h, const TapRange& w) {
      std::int64_t best = -1;
      forEachTap(grid, d, h, w, [&](std::int64_t at) {
        if (best < 0 || x[at] > x[best]) best = at;
      });
      if (best >= 0) dx[best] += dy[index];
    });
  });
}

std::vector<Tensor> averagePoolBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  const PoolGrid grid = poolGrid(call.node, shape);
  const std::vector<float> factors = averageFactors(call.node, shape, grid);
  return overPlanes(call, grid.inSize(), grid.outSize(), [&](const float*, const float* dy, float* dx) {
    forEachWindow(grid, [&](std::int64_t index, const TapRange& d, const TapRange& h, const TapRange& w) {
      const float share = dy[index] * factors[static_cast<std::size_t>(index)];
      forEachTap(grid, d, h, w, [&](std::int64_t at) { dx[at] += share; });
    });
  });
}

/// d (sum |x|^p)^(1/p) / dx = sign(x) (|x| / y)^(p - 1).
std::vector<Tensor> lpPoolBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const PoolGrid grid = poolGrid(call.node, call.inputs[0].shape());
  const auto power = static_cast<double>(poolNorm(call.node) - 1);
  const Tensor output = floatOf(call.outputs[0], "Y");
  const float* y = output.as<float>().data();
  return overPlanes(call, grid.inSize(), grid.outSize(), [&](const float* x, const float* dy, float* dx) {
    forEachWindow(grid, [&](std::int64_t index, const TapRange& d, const TapRange& h, const TapRange& w) {
      forEachTap(grid, d, h, w,
                 [&](std::int64_t at) { dx[at] += dy[index] * normDerivative(x[at], y[index], power); });
    });
    y += grid.outSize();
  });
}

std::vector<Tensor> globalLpPoolBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const std::int64_t size = planeSize(call);
  const auto power = static_cast<double>(poolNorm(call.node) - 1);
  const Tensor output = floatOf(call.outputs[0], "Y");
  const float* y = output.as<float>().data();
  return overPlanes(call, size, 1, [&](const float* x, const float* dy, float* dx) {
    for (std::int64_t i = 0; i < size; ++i) dx[i] = *dy * normDerivative(x[i], *y, power);
    ++y;
  });
}

std::vector<Tensor> globalAveragePoolBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const std::int64_t size = planeSize(call);
  return overPlanes(call, size, 1, [&](const float*, const float* dy, float* dx) {
    std::fill_n(dx, size, *dy / static_cast<float>(size));
  });
}

std::vector<Tensor> globalMaxPoolBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const std::int64_t size = planeSize(call);
  return overPlanes(call, size, 1, [&](const float* x, const float* dy, float* dx) {
    if (size > 0) dx[std::max_element(x, x + size) - x] = *dy;
  });
}

}  // namespace lapidary::core
