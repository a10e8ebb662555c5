// SPDX-License-Identifier: GPL-3.0-or-later
// InstanceNormalization and GroupNormalization: over the space of a channel, or of a group of channels.
#include "core/ops/checks.h"
#include "core/ops/kernels/vector_sums.h"
#include "core/ops/normalization/normalization.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

/// N x groups rows of `perGroup` channels of `spatial` elements, contiguous in a plain tensor.
struct Groups {
  std::int64_t batch, groups, perGroup, spatial;
  std::int64_t length() const { return perGroup * spatial; }
};

Groups groupsOf(const Shape& shape, std::int64_t groups) {
  if (shape.size() < 3) invalid("the input has shape " + toText(shape) + ", N x C x spatial was expected");
  if (groups < 1 || shape[1] % groups != 0)
    invalid("num_groups is " + std::to_string(groups) + ", which does not divide " +
            std::to_string(shape[1]) + " channels");
  return {shape[0], groups, shape[1] / groups, product(shape, 2, shape.size())};
}

Groups instanceGroups(const Shape& shape) {
  if (shape.size() < 3) invalid("the input has shape " + toText(shape) + ", N x C x spatial was expected");
  return {shape[0], shape[1], 1, product(shape, 2, shape.size())};
}

/// Scale or bias with one value a channel, or (GroupNormalization before opset 21) one a group.
Tensor channelValues(const Tensor& tensor, const Groups& g, const char* what) {
  const Tensor values = floatOf(tensor, what);
  if (values.size() != g.groups * g.perGroup && values.size() != g.groups)
    invalid(std::string(what) + " has " + std::to_string(values.size()) + " values for " +
            std::to_string(g.groups * g.perGroup) + " channels in " + std::to_string(g.groups) + " groups");
  return values;
}

/// Gives the index of the value that belongs to a channel.
std::size_t valueOf(const Tensor& values, const Groups& g, std::int64_t channel) {
  return static_cast<std::size_t>(values.size() == g.groups * g.perGroup ? channel : channel / g.perGroup);
}

LAPIDARY_VECTORIZED void affine(const float* x, float* y, std::int64_t count, Moments m, float scale,
                                float bias) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = (x[i] - m.mean) * m.inverse * scale + bias;
}

std::vector<Activation> forward(const OpCall& call, const Tensor& x, const Groups& g) {
  const Tensor scale = channelValues(call.input(1), g, "scale");
  const Tensor bias = channelValues(call.input(2), g, "bias");
  const float epsilon = epsilonOf(call.node);
  TensorBuilder y(DType::Float32, x.shape());
  const float* in = x.as<float>().data();
  float* out = y.as<float>().data();
  for (std::int64_t row = 0; row < g.batch * g.groups && x.size() > 0; ++row) {
    const Moments m = momentsOf(in, g.length(), epsilon);
    for (std::int64_t i = 0; i < g.perGroup; ++i, in += g.spatial, out += g.spatial) {
      const std::int64_t channel = row % g.groups * g.perGroup + i;
      affine(in, out, g.spatial, m, scale.as<float>()[valueOf(scale, g, channel)],
             bias.as<float>()[valueOf(bias, g, channel)]);
    }
  }
  return oneOutput(convert(std::move(y).build(), call.inputs[0].dtype));
}

std::vector<Tensor> backward(const BackwardCall& call, const Groups& groups) {
  std::vector<Tensor> gradients = noGradients(call);
  if (!call.outputGradients[0].defined()) return gradients;
  const Tensor x = floatOf(call.inputs[0], "X");
  const Tensor scale = channelValues(call.inputs[1], groups, "scale");
  const float epsilon = epsilonOf(call.node);
  TensorBuilder dx(DType::Float32, x.shape()), dScale = zeros(call.inputs[1].shape()),
                                               dBias = zeros(call.inputs[2].shape());
  std::vector<float> g(static_cast<std::size_t>(x.size() > 0 ? groups.length() : 0));
  for (std::int64_t row = 0; row < groups.batch * groups.groups && x.size() > 0; ++row) {
    const float* in = x.as<float>().data() + row * groups.length();
    const float* dy = call.outputGradients[0].as<float>().data() + row * groups.length();
    const Moments m = momentsOf(in, groups.length(), epsilon);
    for (std::int64_t i = 0; i < groups.perGroup; ++i) {
      const std::int64_t start = i * groups.spatial;
      const std::size_t v = valueOf(scale, groups, row % groups.groups * groups.perGroup + i);
      affine(dy + start, g.data() + start, groups.spatial, {0, 1}, scale.as<float>()[v], 0);
      const float total = sumOf(dy + start, groups.spatial);
      dScale.as<float>()[v] += (dotOf(dy + start, in + start, groups.spatial) - m.mean * total) * m.inverse;
      dBias.as<float>()[v] += total;
    }
    normalizedGradient(in, g.data(), groups.length(), m, dx.as<float>().data() + row * groups.length());
  }
  if (call.wanted[0]) gradients[0] = std::move(dx).build();
  if (call.wanted[1]) gradients[1] = std::move(dScale).build();
  if (call.wanted[2]) gradients[2] = std::move(dBias).build();
  return gradients;
}

std::int64_t groupCount(const Node& node) { return node.intOr("num_groups", 0); }

void requireParameters(const BackwardCall& call) {
  if (call.inputs.size() < 3 || !call.inputs[1].defined() || !call.inputs[2].defined())
    invalid("scale and bias are missing");
  if (call.inputs[1].size() != call.inputs[2].size()) invalid("scale and bias are of different sizes");
}

}  // namespace

std::vector<Activation> instanceNormForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  return forward(call, x, instanceGroups(x.shape()));
}

std::vector<Activation> groupNormForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  return forward(call, x, groupsOf(x.shape(), groupCount(call.node)));
}

std::vector<Tensor> instanceNormBackward(const BackwardCall& call) {
  requireParameters(call);
  return backward(call, instanceGroups(call.inputs[0].shape()));
}

std::vector<Tensor> groupNormBackward(const BackwardCall& call) {
  requireParameters(call);
  return backward(call, groupsOf(call.inputs[0].shape(), groupCount(call.node)));
}

}  // namespace lapidary::core
