// SPDX-License-Identifier: GPL-3.0-or-later
// LayerNormalization and RMSNormalization: over all axes from `axis` on.
#include <cmath>

#include "core/ops/broadcast.h"
#include "core/ops/checks.h"
#include "core/ops/kernels/vector_sums.h"
#include "core/ops/normalization/normalization.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

struct Rows {
  std::size_t axis = 0;
  std::int64_t count = 0, length = 0;
  Shape rest;  ///< the normalised dimensions
};

Rows rowsOf(const Node& node, const Shape& shape) {
  Rows rows;
  rows.axis = axisOf(node.intOr("axis", -1), shape.size());
  rows.count = product(shape, 0, rows.axis);
  rows.length = product(shape, rows.axis, shape.size());
  rows.rest.assign(shape.begin() + static_cast<std::ptrdiff_t>(rows.axis), shape.end());
  return rows;
}

/// Scale or bias, repeated to the normalised dimensions where it broadcasts to them.
Tensor rowTensor(const Tensor& tensor, const Rows& rows, const char* what) {
  if (!tensor.defined()) return {};
  const Tensor values = floatOf(tensor, what);
  if (values.size() == rows.length) return values;
  const Shape shapes[] = {values.shape(), rows.rest};
  if (broadcastShape(shapes) != rows.rest)
    invalid(std::string(what) + " has shape " + toText(tensor.shape()) + ", which does not broadcast to " +
            toText(rows.rest));
  return expandTo(values, rows.rest);
}

LAPIDARY_VECTORIZED void normalizeRow(const float* x, float* y, std::int64_t count, Moments m,
                                      const float* scale, const float* bias) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = (x[i] - m.mean) * m.inverse * scale[i] + bias[i];
}

LAPIDARY_VECTORIZED void normalizeRowScaled(const float* x, float* y, std::int64_t count, Moments m,
                                            const float* scale) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = (x[i] - m.mean) * m.inverse * scale[i];
}

/// Mean 0, and the inverse root of the mean square.
Moments squareMoments(const float* x, std::int64_t count, float epsilon) {
  const float square = squaresAround(x, count, 0) / static_cast<float>(count);
  return {0, 1.0f / std::sqrt(square + epsilon)};
}

/// One value a row: the leading dimensions, then ones.
Shape statisticsShape(const Shape& shape, std::size_t axis) {
  Shape result = shape;
  std::fill(result.begin() + static_cast<std::ptrdiff_t>(axis), result.end(), 1);
  return result;
}

LAPIDARY_VECTORIZED void times(const float* x, const float* y, float* out, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) out[i] = x[i] * y[i];
}

LAPIDARY_VECTORIZED void addGradients(const float* x, const float* dy, Moments m, std::int64_t count,
                                      float* dScale, float* dBias) {
  for (std::int64_t i = 0; i < count; ++i) {
    dScale[i] += dy[i] * (x[i] - m.mean) * m.inverse;
    dBias[i] += dy[i];
  }
}

/// A gradient in the normalised dimensions brought back to the shape of the parameter.
Tensor parameterGradient(Tensor gradient, const Shape& shape) {
  if (gradient.size() == elementCount(shape)) return gradient.reshaped(shape);
  return sumTo(gradient, shape);
}

}  // namespace

std::vector<Activation> layerNormForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  const Rows rows = rowsOf(call.node, x.shape());
  const Tensor scale = rowTensor(call.input(1), rows, "Scale");
  const Tensor bias = call.has(2) ? rowTensor(call.input(2), rows, "B") : Tensor();
  const float epsilon = epsilonOf(call.node);
  const Shape reduced = checkedShape(statisticsShape(x.shape(), rows.axis));
  TensorBuilder y(DType::Float32, x.shape()), means(DType::Float32, reduced),
      inverses(DType::Float32, reduced);
  for (std::int64_t row = 0; row < rows.count; ++row) {
    const float* in = x.as<float>().data() + row * rows.length;
    float* out = y.as<float>().data() + row * rows.length;
    const Moments m = momentsOf(in, rows.length, epsilon);
    if (bias.defined())
      normalizeRow(in, out, rows.length, m, scale.as<float>().data(), bias.as<float>().data());
    else
      normalizeRowScaled(in, out, rows.length, m, scale.as<float>().data());
    means.as<float>()[static_cast<std::size_t>(row)] = m.mean;
    inverses.as<float>()[static_cast<std::size_t>(row)] = m.inverse;
  }
  std::vector<Activation> outputs = oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
  outputs.resize(std::max<std::size_t>(call.node.outputs.size(), 1));
  if (!omitted(call, 1)) outputs[1] = std::move(means).build();
  if (!omitted(call, 2)) outputs[2] = std::move(inverses).build();
  return outputs;
}

std::vector<Tensor> layerNormBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  for (std::size_t i = 1; i < call.outputGradients.size(); ++i)
    if (call.outputGradients[i].defined())
      unsupported("a gradient through the statistics of LayerNormalization");
  if (!call.outputGradients[0].defined()) return gradients;
  const Tensor x = floatOf(call.inputs[0], "X");
  const Rows rows = rowsOf(call.node, x.shape());
  const Tensor scale = rowTensor(call.inputs[1], rows, "Scale");
  const float epsilon = epsilonOf(call.node);
  TensorBuilder dx(DType::Float32, x.shape()), dScale = zeros(rows.rest), dBias = zeros(rows.rest);
  std::vector<float> g(static_cast<std::size_t>(rows.length));
  for (std::int64_t row = 0; row < rows.count; ++row) {
    const float* in = x.as<float>().data() + row * rows.length;
    const float* dy = call.outputGradients[0].as<float>().data() + row * rows.length;
    const Moments m = momentsOf(in, rows.length, epsilon);
    times(dy, scale.as<float>().data(), g.data(), rows.length);
    normalizedGradient(in, g.data(), rows.length, m, dx.as<float>().data() + row * rows.length);
    addGradients(in, dy, m, rows.length, dScale.as<float>().data(), dBias.as<float>().data());
  }
  if (call.wanted[0]) gradients[0] = std::move(dx).build();
  if (call.wanted[1]) gradients[1] = parameterGradient(std::move(dScale).build(), call.inputs[1].shape());
  if (call.inputs.size() > 2 && call.wanted[2] && call.inputs[2].defined())
    gradients[2] = parameterGradient(std::move(dBias).build(), call.inputs[2].shape());
  return gradients;
}

std::vector<Activation> rmsNormForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  const Rows rows = rowsOf(call.node, x.shape());
  const Tensor scale = rowTensor(call.input(1), rows, "scale");
  const float epsilon = epsilonOf(call.node);
  TensorBuilder y(DType::Float32, x.shape()),
      inverses(DType::Float32, checkedShape(statisticsShape(x.shape(), rows.axis)));
  for (std::int64_t row = 0; row < rows.count; ++row) {
    const float* in = x.as<float>().data() + row * rows.length;
    const Moments m = squareMoments(in, rows.length, epsilon);
    normalizeRowScaled(in, y.as<float>().data() + row * rows.length, rows.length, m,
                       scale.as<float>().data());
    inverses.as<float>()[static_cast<std::size_t>(row)] = m.inverse;
  }
  std::vector<Activation> outputs = oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
  if (!omitted(call, 1)) outputs.emplace_back(std::move(inverses).build());
  return outputs;
}

/// Of x r scale, where r = (mean(x^2) + epsilon)^-1/2.
std::vector<Tensor> rmsNormBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  if (call.outputGradients.size() > 1 && call.outputGradients[1].defined())
    unsupported("a gradient through the statistics of a normalisation");
  if (!call.outputGradients[0].defined()) return gradients;
  const Tensor x = floatOf(call.inputs[0], "X");
  const Rows rows = rowsOf(call.node, x.shape());
  const Tensor scale = rowTensor(call.inputs[1], rows, "scale");
  const float epsilon = epsilonOf(call.node);
  TensorBuilder dx(DType::Float32, x.shape()), dScale = zeros(rows.rest), unused = zeros(rows.rest);
  std::vector<float> g(static_cast<std::size_t>(rows.length));
  for (std::int64_t row = 0; row < rows.count; ++row) {
    const float* in = x.as<float>().data() + row * rows.length;
    const float* dy = call.outputGradients[0].as<float>().data() + row * rows.length;
    const Moments m = squareMoments(in, rows.length, epsilon);
    times(dy, scale.as<float>().data(), g.data(), rows.length);
    const float along =
        dotOf(g.data(), in, rows.length) * m.inverse * m.inverse / static_cast<float>(rows.length);
    for (std::int64_t i = 0; i < rows.length; ++i)
      dx.as<float>()[static_cast<std::size_t>(row * rows.length + i)] =
          m.inverse * (g[static_cast<std::size_t>(i)] - in[i] * along);
    addGradients(in, dy, m, rows.length, dScale.as<float>().data(), unused.as<float>().data());
  }
  if (call.wanted[0]) gradients[0] = std::move(dx).build();
  if (call.wanted[1]) gradients[1] = parameterGradient(std::move(dScale).build(), call.inputs[1].shape());
  return gradients;
}

}  // namespace lapidary::core
