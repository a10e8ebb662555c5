// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy-style broadcasting: the common shape, a loop over rows of it, and the sum that undoes it.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "core/ops/axes.h"

namespace lapidary::core {

/// The shape that all broadcast to. Throws Error naming the two that do not fit.
Shape broadcastShape(std::span<const Shape> shapes);

/// How to walk tensors that are broadcast together: neighbouring dimensions that all operands walk
/// alike are merged, so the innermost stride of an operand is 1, or 0 where it repeats.
struct BroadcastPlan {
  Shape shape;                                     ///< of the result
  std::vector<std::int64_t> dims;                  ///< merged; never empty
  std::vector<std::vector<std::int64_t>> strides;  ///< by operand, by merged dimension, in elements
  std::int64_t rowLength() const { return dims.back(); }
  std::int64_t rowStride(std::size_t operand) const { return strides[operand].back(); }
};
BroadcastPlan planBroadcast(std::span<const Shape> shapes);

/// Calls `row(outOffset, offsets)` for every innermost row of the result.
template <std::size_t N, class Row>
void forEachRow(const BroadcastPlan& plan, Row&& row) {
  const std::int64_t total = elementCount(plan.shape);
  const std::size_t outer = plan.dims.size() - 1;
  std::array<std::int64_t, N> offsets{};
  std::vector<std::int64_t> position(outer, 0);
  for (std::int64_t out = 0; out < total; out += plan.rowLength()) {
    row(out, offsets);
    for (std::size_t d = outer; d-- > 0;) {
      ++position[d];
      for (std::size_t k = 0; k < N; ++k) offsets[k] += plan.strides[k][d];
      if (position[d] < plan.dims[d]) break;
      for (std::size_t k = 0; k < N; ++k) offsets[k] -= plan.strides[k][d] * plan.dims[d];
      position[d] = 0;
    }
  }
}

/// out[i] = f(a[i], b[i]) over the broadcast of `a` and `b`, elements read as T and written as R.
template <class T, class R, class F>
void broadcastInto(const BroadcastPlan& plan, const T* a, const T* b, R* out, F f) {
  const std::int64_t n = plan.rowLength();
  const std::int64_t strideA = plan.rowStride(0);
  const std::int64_t strideB = plan.rowStride(1);
  forEachRow<2>(plan, [&](std::int64_t start, const std::array<std::int64_t, 2>& offsets) {
    const T* __restrict x = a + offsets[0];
    const T* __restrict y = b + offsets[1];
    R* __restrict z = out + start;
    if (strideA != 0 && strideB != 0) {
      for (std::int64_t i = 0; i < n; ++i) z[i] = f(x[i], y[i]);
    } else if (strideA != 0) {
      const T fixed = *y;
      for (std::int64_t i = 0; i < n; ++i) z[i] = f(x[i], fixed);
    } else {
      const T fixed = *x;
      for (std::int64_t i = 0; i < n; ++i) z[i] = f(fixed, y[i * strideB]);
    }
  });
}

/// f over the broadcast of two tensors, computed in float32.
template <class F>
Tensor broadcastMap(const Tensor& a, const Tensor& b, F f) {
  const Tensor x = toFloat32(a);
  const Tensor y = toFloat32(b);
  const Shape shapes[] = {x.shape(), y.shape()};
  const BroadcastPlan plan = planBroadcast(shapes);
  TensorBuilder out(DType::Float32, plan.shape);
  broadcastInto(plan, x.as<float>().data(), y.as<float>().data(), out.as<float>().data(), f);
  return std::move(out).build();
}

/// The gradient of a broadcast: sums a Float32 tensor over the axes along which `shape` was repeated.
Tensor sumTo(const Tensor& gradient, const Shape& shape);
/// Repeats the elements of a tensor to a larger shape; shares where the shapes are equal.
Tensor expandTo(const Tensor& tensor, const Shape& shape);

}  // namespace lapidary::core
