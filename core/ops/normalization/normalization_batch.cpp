// SPDX-License-Identifier: GPL-3.0-or-later
// BatchNormalization: with the running statistics, or (training_mode) with those of the batch.
#include <cmath>

#include "core/ops/checks.h"
#include "core/ops/kernels/channel_blocks.h"
#include "core/ops/kernels/vector_sums.h"
#include "core/ops/normalization/normalization.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

LAPIDARY_VECTORIZED void affine(const float* x, float* y, std::int64_t count, float factor, float shift) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] * factor + shift;
}

/// Eight channels side by side.
LAPIDARY_VECTORIZED void affine8(const float* x, float* y, std::int64_t spatial, const float* factor,
                                 const float* shift) {
  for (std::int64_t s = 0; s < spatial; ++s)
    for (std::int64_t lane = 0; lane < 8; ++lane)
      y[s * 8 + lane] = x[s * 8 + lane] * factor[lane] + shift[lane];
}

struct Parameters {
  Tensor scale, bias, mean, variance;  ///< Float32 [C]
};

Parameters parametersOf(std::span<const Tensor> inputs, std::int64_t channels) {
  const char* names[] = {"scale", "B", "mean", "var"};
  Tensor found[4];
  for (std::size_t i = 0; i < 4; ++i) {
    if (i + 1 >= inputs.size() || !inputs[i + 1].defined()) failInput(i + 1, names[i], "is missing");
    found[i] = floatOf(inputs[i + 1], names[i]);
    if (found[i].size() != channels)
      failInput(
          i + 1, names[i],
          "has " + std::to_string(found[i].size()) + " values for " + std::to_string(channels) + " channels");
  }
  return {found[0], found[1], found[2], found[3]};
}

std::vector<Tensor> plainInputs(const OpCall& call) {
  std::vector<Tensor> inputs(1);  // the activation itself is not needed as a plain tensor
  for (std::size_t i = 1; i < call.inputs.size(); ++i)
    inputs.push_back(call.has(i) ? call.input(i) : Tensor());
  return inputs;
}

/// y = x * factor + shift, with zeros behind the last channel so that they fill whole blocks.
struct Affine {
  std::vector<float> factor, shift;
};

Affine affineOf(const Parameters& p, float epsilon, std::int64_t padded) {
  Affine a{std::vector<float>(static_cast<std::size_t>(padded)),
           std::vector<float>(static_cast<std::size_t>(padded))};
  for (std::size_t c = 0; c < p.scale.as<float>().size(); ++c) {
    a.factor[c] = p.scale.as<float>()[c] / std::sqrt(p.variance.as<float>()[c] + epsilon);
    a.shift[c] = p.bias.as<float>()[c] - p.mean.as<float>()[c] * a.factor[c];
  }
  return a;
}

void applyBlock(const float* x, float* y, const ChannelBlocks& view, const float* factor,
                const float* shift) {
  if (view.block == 1) return affine(x, y, view.spatial, *factor, *shift);
  if (view.block == 8) return affine8(x, y, view.spatial, factor, shift);
  for (std::int64_t s = 0; s < view.spatial; ++s)
    for (std::int64_t lane = 0; lane < view.block; ++lane)
      y[s * view.block + lane] = x[s * view.block + lane] * factor[lane] + shift[lane];
}

Activation normalized(const Activation& x, const ChannelBlocks& view, const Parameters& parameters,
                      float epsilon) {
  const Affine a = affineOf(parameters, epsilon, view.blocks * view.block);
  FreshActivation y = allocateLike(x, x.shape);
  auto* out = static_cast<float*>(y.memory.get_data_handle());
  for (std::int64_t n = 0; n < view.batch; ++n)
    for (std::int64_t b = 0; b < view.blocks; ++b)
      applyBlock(view.plane(n, b), out + (view.plane(n, b) - view.data), view,
                 a.factor.data() + b * view.block, a.shift.data() + b * view.block);
  return std::move(y.activation);
}

/// Mean and population variance of each channel over batch and space, of a plain view.
void batchMoments(const ChannelBlocks& view, std::span<float> mean, std::span<float> variance) {
  const double count = static_cast<double>(view.batch * view.spatial);
  for (std::int64_t c = 0; c < view.channels; ++c) {
    double sum = 0, squares = 0;
    for (std::int64_t n = 0; n < view.batch; ++n)
      sum += static_cast<double>(sumOf(view.plane(n, c), view.spatial));
    const auto center = static_cast<float>(sum / count);
    for (std::int64_t n = 0; n < view.batch; ++n)
      squares += static_cast<double>(squaresAround(view.plane(n, c), view.spatial, center));
    mean[static_cast<std::size_t>(c)] = center;
    variance[static_cast<std::size_t>(c)] = static_cast<float>(squares / count);
  }
}

Tensor mixed(const Tensor& running, const Tensor& current, float momentum) {
  TensorBuilder builder(DType::Float32, running.shape());
  for (std::size_t i = 0; i < builder.as<float>().size(); ++i)
    builder.as<float>()[i] = running.as<float>()[i] * momentum + current.as<float>()[i] * (1 - momentum);
  return std::move(builder).build();
}

std::vector<Activation> trained(const OpCall& call, const Activation& x, Parameters p, float epsilon) {
  const Activation plain(toPlain(x));
  const auto view = channelBlocks(plain);
  TensorBuilder mean(DType::Float32, {view->channels}), variance(DType::Float32, {view->channels});
  batchMoments(*view, mean.as<float>(), variance.as<float>());
  const Parameters batch{p.scale, p.bias, std::move(mean).build(), std::move(variance).build()};
  const float momentum = call.node.floatOr("momentum", 0.9f);
  return {normalized(plain, *view, batch, epsilon), mixed(p.mean, batch.mean, momentum),
          mixed(p.variance, batch.variance, momentum)};
}

/// With spatial = 0 (until opset 8) every position of every channel has parameters of its own: they are
/// the channels of a tensor without space.
std::vector<Activation> everyPosition(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  requireRank(x, 2, "X");
  if (!omitted(call, 1)) unsupported("batch normalisation in training mode before opset 9");
  const std::int64_t positions = product(x.shape(), 1, x.rank());
  const Activation flat(x.reshaped({x.shape()[0], positions}));
  const Activation y = normalized(flat, *channelBlocks(flat), parametersOf(plainInputs(call), positions),
                                  epsilonOf(call.node));
  return oneOutput(convert(toPlain(y).reshaped(x.shape()), call.inputs[0].dtype));
}

}  // namespace

std::vector<Activation> batchNormForward(const OpCall& call) {
  if (!call.has(0)) call.input(0);
  if (call.opset < 9 && call.node.intOr("spatial", 1) == 0) return everyPosition(call);
  const DType type = call.inputs[0].dtype;
  const Activation x = type == DType::Float32 ? viewable(call.inputs[0]) : Activation(floatInput(call, 0));
  if (x.shape.size() < 2)
    invalid("the input has shape " + toText(x.shape) + ", N x C x spatial was expected");
  const Parameters parameters = parametersOf(plainInputs(call), x.shape[1]);
  const float epsilon = epsilonOf(call.node);
  std::vector<Activation> outputs;
  if (call.node.intOr("training_mode", 0) != 0) {
    outputs = trained(call, x, parameters, epsilon);
    outputs.resize(std::max<std::size_t>(call.node.outputs.size(), 1));
  } else {
    outputs = oneOutput(normalized(x, *channelBlocks(x), parameters, epsilon));
    if (!omitted(call, 1)) unsupported("batch normalisation gives statistics in training mode only");
    outputs.resize(std::max<std::size_t>(call.node.outputs.size(), 1));
  }
  if (type != DType::Float32) outputs[0] = convert(outputs[0].tensor, type);
  return outputs;
}

std::vector<Tensor> batchNormBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  if (!call.outputGradients[0].defined()) return gradients;
  if (call.node.intOr("training_mode", 0) != 0)
    unsupported("the gradient of batch normalisation in training mode");
  const Tensor x = floatOf(call.inputs[0], "X");
  requireRank(x, 2, "X");
  const Activation plain(x), upstream(call.outputGradients[0]);
  const auto in = channelBlocks(plain), g = channelBlocks(upstream);
  const std::int64_t channels = x.shape()[1];
  const Parameters p = parametersOf(call.inputs, channels);
  const float epsilon = epsilonOf(call.node);
  const Affine a = affineOf(p, epsilon, channels);
  std::vector<TensorBuilder> sums;  // by channel: d scale, d bias, d mean, d variance
  for (int i = 0; i < 4; ++i) sums.push_back(zeros({channels}));
  TensorBuilder dx(DType::Float32, x.shape());
  float* out = dx.as<float>().data();
  for (std::int64_t n = 0; n < in->batch; ++n)
    for (std::int64_t b = 0; b < channels; ++b) {
      const auto c = static_cast<std::size_t>(b);
      affine(g->plane(n, b), out + (g->plane(n, b) - g->data), in->spatial, a.factor[c], 0);
      const float inverse = 1.0f / std::sqrt(p.variance.as<float>()[c] + epsilon);
      const float total = sumOf(g->plane(n, b), in->spatial);
      const float along = dotOf(g->plane(n, b), in->plane(n, b), in->spatial) - p.mean.as<float>()[c] * total;
      sums[0].as<float>()[c] += along * inverse;
      sums[1].as<float>()[c] += total;
      sums[2].as<float>()[c] -= total * a.factor[c];
      sums[3].as<float>()[c] -= 0.5f * along * a.factor[c] * inverse * inverse;
    }
  if (call.wanted[0]) gradients[0] = std::move(dx).build();
  for (std::size_t i = 0; i < 4; ++i)
    if (call.wanted[i + 1])
      gradients[i + 1] = std::move(sums[i]).build().reshaped(call.inputs[i + 1].shape());
  return gradients;
}

}  // namespace lapidary::core
