// LRN, LpNormalization and MeanVarianceNormalization.
#include <algorithm>
#include <cmath>

#include "core/ops/checks.h"
#include "core/ops/normalization.h"
#include "core/ops/results.h"
#include "core/ops/vectorized.h"

namespace lapidary::core {
namespace {

LAPIDARY_VECTORIZED void addSquares(const float* x, float* sum, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) sum[i] += x[i] * x[i];
}

/// y = x (bias + factor * sum)^-0.75, the exponent that networks use: two square roots and a division.
LAPIDARY_VECTORIZED void threeQuarters(const float* x, const float* sum, float* y, std::int64_t count,
                                       float bias, float factor) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float root = std::sqrt(bias + factor * sum[i]);
    y[i] = x[i] / (root * std::sqrt(root));
  }
}

void anyPower(const float* x, const float* sum, float* y, std::int64_t count, float bias, float factor,
              float beta) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] / std::pow(bias + factor * sum[i], beta);
}

/// Marks the axes of the attribute; throws Error where one is outside the rank or given twice.
std::vector<bool> reducedAxes(const Node& node, std::size_t rank) {
  std::vector<bool> reduced(rank, false);
  const auto axes = node.intsOr("axes", {0, 2, 3});
  for (const std::size_t axis : axesOf(axes, rank)) reduced[axis] = true;
  return reduced;
}

/// Calls body(element, group) for each element of the shape in order, where elements that differ in
/// reduced axes alone share a group.
template <class Body>
void forEachInGroup(const Shape& shape, const std::vector<bool>& reduced, Body&& body) {
  const std::int64_t count = elementCount(shape);
  std::vector<std::int64_t> position(shape.size(), 0), steps(shape.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t d = shape.size(); d-- > 0;)
    if (!reduced[d]) {
      steps[d] = stride;
      stride *= shape[d];
    }
  std::int64_t group = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    body(static_cast<std::size_t>(i), static_cast<std::size_t>(group));
    for (std::size_t d = shape.size(); d-- > 0;) {
      group += steps[d];
      if (++position[d] < shape[d]) break;
      group -= steps[d] * shape[d];
      position[d] = 0;
    }
  }
}

}  // namespace

std::vector<Activation> lrnForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  requireRank(x, 2, "X");
  const std::int64_t size = call.node.intOr("size", 0);
  if (size < 1) invalid("size is " + std::to_string(size) + ", at least 1 was expected");
  const float factor = call.node.floatOr("alpha", 1e-4f) / static_cast<float>(size);
  const float beta = call.node.floatOr("beta", 0.75f), bias = call.node.floatOr("bias", 1);
  const std::int64_t channels = x.shape()[1], spatial = product(x.shape(), 2, x.rank());
  TensorBuilder y(DType::Float32, x.shape());
  std::vector<float> sum(static_cast<std::size_t>(x.size() > 0 ? spatial : 0));
  for (std::int64_t plane = 0; plane < x.shape()[0] * channels && x.size() > 0; ++plane) {
    const std::int64_t c = plane % channels;
    // The window holds floor((size - 1) / 2) channels before and ceil((size - 1) / 2) after.
    const std::int64_t first = std::max<std::int64_t>(0, c - (size - 1) / 2);
    const std::int64_t last = c + size / 2 >= channels ? channels - 1 : c + size / 2;
    const float* sample = x.as<float>().data() + (plane - c) * spatial;
    std::ranges::fill(sum, 0.0f);
    for (std::int64_t k = first; k <= last; ++k) addSquares(sample + k * spatial, sum.data(), spatial);
    float* out = y.as<float>().data() + plane * spatial;
    if (beta == 0.75f)
      threeQuarters(sample + c * spatial, sum.data(), out, spatial, bias, factor);
    else
      anyPower(sample + c * spatial, sum.data(), out, spatial, bias, factor, beta);
  }
  return oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
}

std::vector<Activation> lpNormForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  const std::int64_t p = call.node.intOr("p", 2);
  if (p != 1 && p != 2) invalid("p is " + std::to_string(p) + ", 1 or 2 was expected");
  const Lines lines = linesAlong(x.shape(), axisOf(call.node.intOr("axis", -1), x.rank()));
  TensorBuilder y(DType::Float32, x.shape());
  const auto in = x.as<float>();
  for (std::int64_t o = 0; o < lines.outer * lines.inner && x.size() > 0; ++o) {
    const auto start =
        static_cast<std::size_t>(o / lines.inner * lines.length * lines.inner + o % lines.inner);
    const auto step = static_cast<std::size_t>(lines.inner);
    const std::size_t end = start + static_cast<std::size_t>(lines.length) * step;
    double sum = 0;
    for (std::size_t i = start; i < end; i += step) {
      const auto value = static_cast<double>(in[i]);
      sum += p == 1 ? std::fabs(value) : value * value;
    }
    const double norm = p == 1 ? sum : std::sqrt(sum);
    for (std::size_t i = start; i < end; i += step)
      y.as<float>()[i] = norm == 0 ? 0.0f : static_cast<float>(static_cast<double>(in[i]) / norm);
  }
  return oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
}

/// (x - mean) / (standard deviation + 1e-9), as the operator's function body has it.
std::vector<Activation> meanVarianceNormForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  const std::vector<bool> reduced = reducedAxes(call.node, x.rank());
  std::int64_t groups = 1;
  for (std::size_t d = 0; d < x.rank(); ++d) groups *= reduced[d] ? 1 : x.shape()[d];
  if (x.size() == 0) return oneOutput(call.input(0));
  const double count = static_cast<double>(x.size() / groups);
  const auto in = x.as<float>();
  std::vector<double> mean(static_cast<std::size_t>(groups), 0), squares(mean.size(), 0);
  forEachInGroup(x.shape(), reduced,
                 [&](std::size_t i, std::size_t g) { mean[g] += static_cast<double>(in[i]) / count; });
  forEachInGroup(x.shape(), reduced, [&](std::size_t i, std::size_t g) {
    const double distance = static_cast<double>(in[i]) - mean[g];
    squares[g] += distance * distance / count;
  });
  TensorBuilder y(DType::Float32, x.shape());
  forEachInGroup(x.shape(), reduced, [&](std::size_t i, std::size_t g) {
    y.as<float>()[i] =
        static_cast<float>((static_cast<double>(in[i]) - mean[g]) / (std::sqrt(squares[g]) + 1e-9));
  });
  return oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
}

}  // namespace lapidary::core
