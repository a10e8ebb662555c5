// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/conv_weights.h"

#include "core/ops/checks.h"

namespace lapidary::core {
namespace {

/// The weight with every output channel multiplied by its scale.
Tensor scaled(const Tensor& weight, const Tensor& scale, const ConvShape& shape) {
  if (!scale.defined()) return weight;
  TensorBuilder builder(DType::Float32, weight.shape());
  const auto in = weight.as<float>();
  const auto out = builder.as<float>();
  const auto factor = scale.as<float>();
  const std::int64_t kernel = product(weight.shape(), 2, weight.rank());
  const std::int64_t inPerGroup = shape.inChannels / shape.group,
                     outPerGroup = shape.outChannels / shape.group;
  for (std::int64_t i = 0; i < weight.size(); ++i) {
    const std::int64_t pair = i / kernel;  // (row, column) of the channel matrix
    const std::int64_t channel = shape.transposed
                                     ? pair / outPerGroup / inPerGroup * outPerGroup + pair % outPerGroup
                                     : pair / inPerGroup;
    out[static_cast<std::size_t>(i)] =
        in[static_cast<std::size_t>(i)] * factor[static_cast<std::size_t>(channel)];
  }
  return std::move(builder).build();
}

Tensor perChannel(const Tensor& tensor, const ConvShape& shape, const char* what) {
  if (!tensor.defined()) return {};
  if (tensor.size() != shape.outChannels)
    invalid(std::string(what) + " has " + std::to_string(tensor.size()) + " values for " +
            std::to_string(shape.outChannels) + " output channels");
  return floatOf(tensor, what);
}

Tensor foldedBias(const Tensor& bias, const Tensor& scale, const Tensor& shift, const ConvShape& shape) {
  if (!scale.defined() && !shift.defined()) return bias;
  TensorBuilder builder(DType::Float32, {shape.outChannels});
  const auto out = builder.as<float>();
  for (std::size_t c = 0; c < out.size(); ++c)
    out[c] = (bias.defined() ? bias.as<float>()[c] : 0.0f) * (scale.defined() ? scale.as<float>()[c] : 1.0f) +
             (shift.defined() ? shift.as<float>()[c] : 0.0f);
  return std::move(builder).build();
}

}  // namespace

FoldedWeights foldedWeights(const OpCall& call, const ConvShape& shape) {
  const Fusion* fusion = call.fusion;
  const Tensor scale = fusion ? perChannel(fusion->channelScale, shape, "the fused scale") : Tensor();
  const Tensor shift = fusion ? perChannel(fusion->channelShift, shape, "the fused shift") : Tensor();
  const Tensor bias = call.has(2) ? perChannel(call.input(2), shape, "the bias") : Tensor();
  return {scaled(floatInput(call, 1), scale, shape), foldedBias(bias, scale, shift, shape)};
}

Key foldedWeightsKey(const OpCall& call, const Key& use) {
  const auto idOf = [&](std::size_t i) { return call.has(i) ? call.inputs[i].tensor.id() : TensorId{0}; };
  const std::uint64_t words[] = {use.high,
                                 use.low,
                                 idOf(1),
                                 idOf(2),
                                 call.fusion ? call.fusion->channelScale.id() : 0,
                                 call.fusion ? call.fusion->channelShift.id() : 0};
  return hashWords(words);
}

}  // namespace lapidary::core
