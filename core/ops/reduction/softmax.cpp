// SPDX-License-Identifier: GPL-3.0-or-later
// Softmax, LogSoftmax and Hardmax: along one axis since opset 13, over a matrix of all axes from `axis` on
// before.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ops/checks.h"
#include "core/ops/families.h"
#include "core/ops/kernels/vector_math.h"
#include "core/ops/kernels/vector_sums.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

enum class Kind { Softmax, LogSoftmax, Hardmax };

/// The lines along which the sum of a softmax is 1.
Lines linesOf(const Node& node, std::int64_t opset, const Shape& shape) {
  if (shape.empty()) return {};
  if (opset >= 13) return linesAlong(shape, axisOf(node.intOr("axis", -1), shape.size()));
  const std::int64_t axis = node.intOr("axis", 1);
  // An axis just behind the last is allowed before opset 13 and makes every element a line.
  const std::size_t split =
      axis == static_cast<std::int64_t>(shape.size()) ? shape.size() : axisOf(axis, shape.size());
  return {product(shape, 0, split), product(shape, split, shape.size()), 1};
}

LAPIDARY_VECTORIZED void scale(float* x, std::int64_t count, float factor) {
  for (std::int64_t i = 0; i < count; ++i) x[i] *= factor;
}

LAPIDARY_VECTORIZED void shifted(const float* x, float* y, std::int64_t count, float shift) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] - shift;
}

void softmaxLine(const float* x, float* y, std::int64_t n) {
  shifted(x, y, n, maxOf(x, n));
  expArray(y, y, static_cast<std::size_t>(n));
  scale(y, n, 1.0f / sumOf(y, n));
}

/// `scratch` holds n floats.
void logSoftmaxLine(const float* x, float* y, std::int64_t n, float* scratch) {
  shifted(x, y, n, maxOf(x, n));
  expArray(y, scratch, static_cast<std::size_t>(n));
  shifted(y, y, n, std::log(sumOf(scratch, n)));
}

/// 1 at the first maximum, 0 elsewhere.
void hardmaxLine(const float* x, float* y, std::int64_t n) {
  std::fill_n(y, n, 0.0f);
  y[std::max_element(x, x + n) - x] = 1;
}

void line(Kind kind, const float* x, float* y, std::int64_t n, float* scratch) {
  switch (kind) {
    case Kind::Softmax:
      return softmaxLine(x, y, n);
    case Kind::LogSoftmax:
      return logSoftmaxLine(x, y, n, scratch);
    case Kind::Hardmax:
      return hardmaxLine(x, y, n);
  }
}

/// Lines whose elements are `inner` apart are copied out and back.
void overLines(Kind kind, const Lines& lines, const float* x, float* y) {
  const std::int64_t n = lines.length;
  std::vector<float> in(static_cast<std::size_t>(lines.inner == 1 ? 0 : n)), out(in.size());
  std::vector<float> scratch(static_cast<std::size_t>(kind == Kind::LogSoftmax ? n : 0));
  for (std::int64_t o = 0; o < lines.outer; ++o)
    for (std::int64_t i = 0; i < lines.inner; ++i) {
      const std::int64_t start = o * n * lines.inner + i;
      if (lines.inner == 1) {
        line(kind, x + start, y + start, n, scratch.data());
        continue;
      }
      for (std::int64_t k = 0; k < n; ++k) in[static_cast<std::size_t>(k)] = x[start + k * lines.inner];
      line(kind, in.data(), out.data(), n, scratch.data());
      for (std::int64_t k = 0; k < n; ++k) y[start + k * lines.inner] = out[static_cast<std::size_t>(k)];
    }
}

/// Doubles keep their digits; nothing but tests and exotic models use them.
void overDoubles(Kind kind, const Lines& lines, const double* x, double* y) {
  const std::int64_t step = lines.inner;
  for (std::int64_t o = 0; o < lines.outer * lines.inner; ++o) {
    const std::int64_t start = o / step * lines.length * step + o % step;
    std::int64_t best = 0;
    for (std::int64_t k = 1; k < lines.length; ++k)
      if (x[start + k * step] > x[start + best * step]) best = k;
    const double top = x[start + best * step];
    double sum = 0;
    for (std::int64_t k = 0; k < lines.length; ++k) sum += std::exp(x[start + k * step] - top);
    for (std::int64_t k = 0; k < lines.length; ++k) {
      const double z = x[start + k * step] - top;
      y[start + k * step] = kind == Kind::Softmax      ? std::exp(z) / sum
                            : kind == Kind::LogSoftmax ? z - std::log(sum)
                                                       : (k == best ? 1 : 0);
    }
  }
}

template <Kind kind>
std::vector<Activation> forward(const OpCall& call) {
  const Tensor x = call.input(0);
  const Lines lines = linesOf(call.node, call.opset, x.shape());
  TensorBuilder y(x.dtype() == DType::Float64 ? DType::Float64 : DType::Float32, x.shape());
  const Tensor source = x.dtype() == DType::Float64 ? x : floatInput(call, 0);
  if (x.size() > 0 && x.dtype() == DType::Float64)
    overDoubles(kind, lines, source.as<double>().data(), y.as<double>().data());
  else if (x.size() > 0)
    overLines(kind, lines, source.as<float>().data(), y.as<float>().data());
  return oneOutput(convert(std::move(y).build(), x.dtype()));
}

/// dx = y (dy - sum(y dy)) for Softmax, dx = dy - exp(y) sum(dy) for its logarithm.
template <Kind kind>
std::vector<Tensor> backward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Tensor result = floatOf(call.outputs[0], "Y");
  const Lines lines = linesOf(call.node, call.opset, result.shape());
  TensorBuilder builder(DType::Float32, result.shape());
  const float* y = result.as<float>().data();
  const float* dy = call.outputGradients[0].as<float>().data();
  float* dx = builder.as<float>().data();
  for (std::int64_t o = 0; result.size() > 0 && o < lines.outer * lines.inner; ++o) {
    const std::int64_t start = o / lines.inner * lines.length * lines.inner + o % lines.inner;
    const std::int64_t end = start + lines.length * lines.inner;
    double sum = 0;
    for (std::int64_t i = start; i < end; i += lines.inner)
      sum += static_cast<double>(kind == Kind::Softmax ? y[i] * dy[i] : dy[i]);
    const auto s = static_cast<float>(sum);
    for (std::int64_t i = start; i < end; i += lines.inner)
      dx[i] = kind == Kind::Softmax ? y[i] * (dy[i] - s) : dy[i] - std::exp(y[i]) * s;
  }
  return gradientOf(call, 0, std::move(builder).build());
}

Cost cost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costPerOutput(5, inputs, outputs);
}

}  // namespace

std::span<const Op> softmaxOps() {
  static const Op ops[] = {
      {.domain = "",
       .type = "Softmax",
       .forward = forward<Kind::Softmax>,
       .backward = backward<Kind::Softmax>,
       .cost = cost},
      {.domain = "",
       .type = "LogSoftmax",
       .forward = forward<Kind::LogSoftmax>,
       .backward = backward<Kind::LogSoftmax>,
       .cost = cost},
      {.domain = "", .type = "Hardmax", .forward = forward<Kind::Hardmax>, .cost = cost},
  };
  return ops;
}

}  // namespace lapidary::core
