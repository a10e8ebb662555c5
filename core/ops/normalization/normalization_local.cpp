// SPDX-License-Identifier: GPL-3.0-or-later
// LRN, LpNormalization and MeanVarianceNormalization.
#include <algorithm>
#include <cmath>

#include "core/ops/checks.h"
#include "core/ops/kernels/vector_sums.h"
#include "core/ops/normalization/normalization.h"
#include "core/ops/results.h"

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
/// Before opset 9 all samples together, and their channels together or each by itself.
std::vector<bool> reducedAxes(const Node& node, std::int64_t opset, std::size_t rank) {
  std::vector<bool> reduced(rank, false);
  if (opset < 9) {
    const bool together = node.intOr("across_channels", 0) != 0;
    for (std::size_t axis = 0; axis < rank; ++axis) reduced[axis] = together || axis != 1;
    return reduced;
  }
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

/// Attributes of LRN.
struct Response {
  std::int64_t size;
  float factor, beta, bias;
};

Response responseOf(const Node& node) {
  const std::int64_t size = node.intOr("size", 0);
  if (size < 1) invalid("size is " + std::to_string(size) + ", at least 1 was expected");
  return {size, node.floatOr("alpha", 1e-4f) / static_cast<float>(size), node.floatOr("beta", 0.75f),
          node.floatOr("bias", 1)};
}

/// Channels within `before` and `after` of c.
struct ChannelRange {
  std::int64_t first, last;
};
ChannelRange channelsAround(std::int64_t c, std::int64_t before, std::int64_t after, std::int64_t channels) {
  return {c > before ? c - before : 0, after >= channels - c ? channels - 1 : c + after};
}

/// The line of an LpNormalization that starts at `start`, in steps.
struct StridedLine {
  std::size_t start, end, step;
};
StridedLine stridedLine(const Lines& lines, std::int64_t o) {
  const auto start = static_cast<std::size_t>(o / lines.inner * lines.length * lines.inner + o % lines.inner);
  const auto step = static_cast<std::size_t>(lines.inner);
  return {start, start + static_cast<std::size_t>(lines.length) * step, step};
}

std::int64_t normOf(const Node& node) {
  const std::int64_t p = node.intOr("p", 2);
  if (p != 1 && p != 2) invalid("p is " + std::to_string(p) + ", 1 or 2 was expected");
  return p;
}

double lineNorm(std::span<const float> x, const StridedLine& line, std::int64_t p) {
  double sum = 0;
  for (std::size_t i = line.start; i < line.end; i += line.step) {
    const auto value = static_cast<double>(x[i]);
    sum += p == 1 ? std::fabs(value) : value * value;
  }
  return p == 1 ? sum : std::sqrt(sum);
}

/// Mean and standard deviation of every group.
struct GroupMoments {
  std::vector<double> mean, deviation;
  double count = 1;
};

GroupMoments groupMoments(const Tensor& x, const std::vector<bool>& reduced) {
  std::int64_t groups = 1;
  for (std::size_t d = 0; d < x.rank(); ++d) groups *= reduced[d] ? 1 : x.shape()[d];
  const auto in = x.as<float>();
  GroupMoments m{
      std::vector<double>(static_cast<std::size_t>(groups), 0), {}, static_cast<double>(x.size() / groups)};
  m.deviation = m.mean;
  forEachInGroup(x.shape(), reduced,
                 [&](std::size_t i, std::size_t g) { m.mean[g] += static_cast<double>(in[i]) / m.count; });
  forEachInGroup(x.shape(), reduced, [&](std::size_t i, std::size_t g) {
    const double distance = static_cast<double>(in[i]) - m.mean[g];
    m.deviation[g] += distance * distance / m.count;
  });
  for (double& value : m.deviation) value = std::sqrt(value) + 1e-9;
  return m;
}

/// Before opset 9 only the mean may be taken away.
bool keepsVariance(const Node& node, std::int64_t opset) {
  return opset < 9 && node.intOr("normalize_variance", 1) == 0;
}

}  // namespace

std::vector<Activation> lrnForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  requireRank(x, 2, "X");
  const Response r = responseOf(call.node);
  const std::int64_t channels = x.shape()[1], spatial = product(x.shape(), 2, x.rank());
  TensorBuilder y(DType::Float32, x.shape());
  std::vector<float> sum(static_cast<std::size_t>(x.size() > 0 ? spatial : 0));
  for (std::int64_t plane = 0; plane < x.shape()[0] * channels && x.size() > 0; ++plane) {
    const std::int64_t c = plane % channels;
    const auto around = channelsAround(c, (r.size - 1) / 2, r.size / 2, channels);
    const float* sample = x.as<float>().data() + (plane - c) * spatial;
    std::ranges::fill(sum, 0.0f);
    for (std::int64_t k = around.first; k <= around.last; ++k)
      addSquares(sample + k * spatial, sum.data(), spatial);
    float* out = y.as<float>().data() + plane * spatial;
    if (r.beta == 0.75f)
      threeQuarters(sample + c * spatial, sum.data(), out, spatial, r.bias, r.factor);
    else
      anyPower(sample + c * spatial, sum.data(), out, spatial, r.bias, r.factor, r.beta);
  }
  return oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
}

/// y_i = x_i s_i^-beta with s_i = bias + factor sum x_k^2: every x_k also stands in the s_i around it.
std::vector<Tensor> lrnBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Tensor x = floatOf(call.inputs[0], "X");
  const Response r = responseOf(call.node);
  const std::int64_t channels = x.shape()[1], spatial = product(x.shape(), 2, x.rank());
  TensorBuilder dx(DType::Float32, x.shape());
  std::vector<double> through(static_cast<std::size_t>(channels)), direct(through.size());
  for (std::int64_t i = 0; i < x.shape()[0] * spatial && x.size() > 0; ++i) {
    const std::int64_t start = i / spatial * channels * spatial + i % spatial;
    const auto at = [&](std::int64_t c) { return static_cast<std::size_t>(start + c * spatial); };
    const auto value = [&](std::int64_t c) { return static_cast<double>(x.as<float>()[at(c)]); };
    for (std::int64_t c = 0; c < channels; ++c) {
      const auto around = channelsAround(c, (r.size - 1) / 2, r.size / 2, channels);
      double sum = 0;
      for (std::int64_t k = around.first; k <= around.last; ++k) sum += value(k) * value(k);
      const double s = static_cast<double>(r.bias) + static_cast<double>(r.factor) * sum;
      const auto index = static_cast<std::size_t>(c);
      direct[index] = static_cast<double>(call.outputGradients[0].as<float>()[at(c)]) *
                      std::pow(s, -static_cast<double>(r.beta));
      through[index] = direct[index] * value(c) / s;
    }
    for (std::int64_t c = 0; c < channels; ++c) {
      const auto around = channelsAround(c, r.size / 2, (r.size - 1) / 2, channels);
      double sum = 0;
      for (std::int64_t k = around.first; k <= around.last; ++k) sum += through[static_cast<std::size_t>(k)];
      const double shared = 2 * static_cast<double>(r.factor * r.beta) * value(c) * sum;
      dx.as<float>()[at(c)] = static_cast<float>(direct[static_cast<std::size_t>(c)] - shared);
    }
  }
  return gradientOf(call, 0, std::move(dx).build());
}

std::vector<Activation> lpNormForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  const std::int64_t p = normOf(call.node);
  const Lines lines = linesAlong(x.shape(), axisOf(call.node.intOr("axis", -1), x.rank()));
  TensorBuilder y(DType::Float32, x.shape());
  const auto in = x.as<float>();
  for (std::int64_t o = 0; o < lines.outer * lines.inner && x.size() > 0; ++o) {
    const StridedLine line = stridedLine(lines, o);
    const double norm = lineNorm(in, line, p);
    for (std::size_t i = line.start; i < line.end; i += line.step)
      y.as<float>()[i] = norm == 0 ? 0.0f : static_cast<float>(static_cast<double>(in[i]) / norm);
  }
  return oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
}

/// Of x / n(x): (g - n'(x) (g . y)) / n, where n' is the sign of x (p = 1) or y itself (p = 2).
std::vector<Tensor> lpNormBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Tensor x = floatOf(call.inputs[0], "X"), output = floatOf(call.outputs[0], "Y");
  const std::int64_t p = normOf(call.node);
  const Lines lines = linesAlong(x.shape(), axisOf(call.node.intOr("axis", -1), x.rank()));
  TensorBuilder dx = zeros(x.shape());
  const auto in = x.as<float>(), y = output.as<float>(), g = call.outputGradients[0].as<float>();
  for (std::int64_t o = 0; o < lines.outer * lines.inner && x.size() > 0; ++o) {
    const StridedLine line = stridedLine(lines, o);
    const double norm = lineNorm(in, line, p);
    if (norm == 0) continue;
    double along = 0;
    for (std::size_t i = line.start; i < line.end; i += line.step)
      along += static_cast<double>(g[i]) * static_cast<double>(y[i]);
    for (std::size_t i = line.start; i < line.end; i += line.step) {
      const double sign = static_cast<double>(static_cast<int>(in[i] > 0) - static_cast<int>(in[i] < 0));
      const double derivative = p == 1 ? sign : static_cast<double>(y[i]);
      dx.as<float>()[i] = static_cast<float>((static_cast<double>(g[i]) - derivative * along) / norm);
    }
  }
  return gradientOf(call, 0, std::move(dx).build());
}

/// (x - mean) / (standard deviation + 1e-9), as the operator's function body has it.
std::vector<Activation> meanVarianceNormForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  const std::vector<bool> reduced = reducedAxes(call.node, call.opset, x.rank());
  if (x.size() == 0) return oneOutput(call.input(0));
  GroupMoments m = groupMoments(x, reduced);
  if (keepsVariance(call.node, call.opset)) std::ranges::fill(m.deviation, 1.0);
  TensorBuilder y(DType::Float32, x.shape());
  forEachInGroup(x.shape(), reduced, [&](std::size_t i, std::size_t g) {
    y.as<float>()[i] =
        static_cast<float>((static_cast<double>(x.as<float>()[i]) - m.mean[g]) / m.deviation[g]);
  });
  return oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
}

/// (g - mean(g) - y mean(g y)) / standard deviation, by group.
std::vector<Tensor> meanVarianceNormBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Tensor x = floatOf(call.inputs[0], "X"), output = floatOf(call.outputs[0], "Y");
  const std::vector<bool> reduced = reducedAxes(call.node, call.opset, x.rank());
  TensorBuilder dx(DType::Float32, x.shape());
  if (x.size() == 0) return gradientOf(call, 0, std::move(dx).build());
  GroupMoments m = groupMoments(x, reduced);
  const bool shifts = keepsVariance(call.node, call.opset);
  if (shifts) std::ranges::fill(m.deviation, 1.0);
  const auto y = output.as<float>(), flow = call.outputGradients[0].as<float>();
  std::vector<double> mean(m.mean.size(), 0), along(m.mean.size(), 0);
  forEachInGroup(x.shape(), reduced, [&](std::size_t i, std::size_t g) {
    mean[g] += static_cast<double>(flow[i]) / m.count;
    along[g] += static_cast<double>(flow[i]) * static_cast<double>(y[i]) / m.count;
  });
  forEachInGroup(x.shape(), reduced, [&](std::size_t i, std::size_t g) {
    const double turned = shifts ? 0 : static_cast<double>(y[i]) * along[g];
    const double centered = static_cast<double>(flow[i]) - mean[g] - turned;
    dx.as<float>()[i] = static_cast<float>(centered / m.deviation[g]);
  });
  return gradientOf(call, 0, std::move(dx).build());
}

}  // namespace lapidary::core
