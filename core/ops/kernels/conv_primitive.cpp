// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/conv_primitive.h"

#include <algorithm>
#include <bit>

#include "core/ops/checks.h"
#include "core/ops/kernels/channel_block_choice.h"
#include "core/ops/kernels/conv_weights.h"
#include "core/ops/kernels/conv_winograd.h"
#include "core/ops/kernels/epilogue.h"
#include "core/ops/prepared.h"

namespace lapidary::core {
namespace {

using dnnl::memory;

/// Weights in the primitive's layout and the bias, both with the folded scale and shift.
struct PackedWeights {
  Activation weights;
  Tensor bias;  ///< undefined where there is none
};

/// The post-ops that follow the sum of a convolution.
struct Tail {
  bool bias;
  const Fusion* fusion;
  bool residual() const { return fusion != nullptr && fusion->residual.defined(); }
};

template <class Kind>
typename Kind::Forward::primitive_desc describeForward(const ConvDims& dims, bool bias,
                                                       const dnnl::post_ops& ops) {
  const auto prop = dnnl::prop_kind::forward_inference;
  const memory::desc source = anyLayout(dims.source), weights = anyLayout(dims.weights),
                     destination = anyLayout(dims.destination);
  using Desc = typename Kind::Forward::desc;
  const Desc desc = bias ? Desc(prop, Kind::algorithm, source, weights,
                                memory::desc(dims.bias, memory::data_type::f32, memory::format_tag::a),
                                destination, dims.strides, dims.dilations, dims.padBegin, dims.padEnd)
                         : Desc(prop, Kind::algorithm, source, weights, destination, dims.strides,
                                dims.dilations, dims.padBegin, dims.padEnd);
  dnnl::primitive_attr attributes = keptPrimitiveAttributes();
  attributes.set_post_ops(ops);
  typename Kind::Forward::primitive_desc chosen(desc, attributes, dnnlEngine());
  if (!mustAskForBlocksOfEight() || moveToBlocksOfEight(chosen)) return chosen;
  return {desc, attributes, dnnlEngine()};
}

template <class Kind>
ConvPrimitive keep(const typename Kind::Forward::primitive_desc& desc) {
  ConvPrimitive result;
  result.primitive = typename Kind::Forward(desc);
  result.source = desc.src_desc();
  result.weights = desc.weights_desc();
  result.destination = desc.dst_desc();
  result.scratchpad = desc.scratchpad_desc();
  return result;
}

template <class Kind>
ConvPrimitive prepare(const ConvDims& dims, const Tail& tail) {
  const auto bare = describeForward<Kind>(dims, tail.bias, {});
  const bool acts = tail.fusion != nullptr && tail.fusion->activation != FusedActivation::None;
  if (!acts && !tail.residual()) return keep<Kind>(bare);
  try {
    dnnl::post_ops ops;
    if (tail.residual()) ops.append_binary(dnnl::algorithm::binary_add, bare.dst_desc());
    if (acts) appendActivation(ops, *tail.fusion);
    const auto fused = describeForward<Kind>(dims, tail.bias, ops);
    if (!tail.residual() || fused.dst_desc() == bare.dst_desc()) return keep<Kind>(fused);
  } catch (const dnnl::error& error) {
    if (error.status != dnnl_unimplemented) throw;
  }
  ConvPrimitive result = keep<Kind>(bare);
  result.fused = false;
  return result;
}

Key primitiveKey(const ConvShape& shape, const Tail& tail) {
  std::vector<std::uint64_t> words{tail.bias, tail.residual()};
  if (tail.fusion != nullptr) {
    words.push_back(static_cast<std::uint64_t>(tail.fusion->activation));
    words.push_back(std::bit_cast<std::uint32_t>(tail.fusion->alpha));
    words.push_back(std::bit_cast<std::uint32_t>(tail.fusion->beta));
  }
  return convKey(shape, words);
}

PackedWeights pack(const OpCall& call, const ConvShape& shape, const ConvPrimitive& primitive,
                   std::size_t& bytes) {
  auto [weight, bias] = foldedWeights(call, shape);
  PackedWeights packed;
  packed.bias = std::move(bias);
  const memory::desc plain = ConvDims(shape).plainWeights;
  memory from(plain, dnnlEngine(), const_cast<std::byte*>(weight.bytes().data()));
  FreshActivation to = allocate(primitive.weights, weight.shape());
  dnnl::reorder(from, to.memory).execute(dnnlStream(), from, to.memory);
  dnnlStream().wait();
  packed.weights = std::move(to.activation);
  bytes = packed.weights.byteSize() + static_cast<std::size_t>(shape.outChannels) * sizeof(float);
  return packed;
}

/// Residual and activation in passes of their own, where the primitive cannot do them.
Activation finished(const Activation& result, const Fusion& fusion) {
  Fusion rest = fusion;
  rest.channelScale = rest.channelShift = Tensor();
  return fused(toPlain(result), &rest);
}

void requireResidual(const Fusion* fusion, const Shape& output) {
  if (fusion != nullptr && fusion->residual.defined() && fusion->residual.shape != output)
    invalid("the fused residual has shape " + toText(fusion->residual.shape) + ", " + toText(output) +
            " was expected");
}

}  // namespace

Key convKey(const ConvShape& shape, std::span<const std::uint64_t> use) {
  const auto word = [](auto value) { return static_cast<std::uint64_t>(value); };
  std::vector<std::uint64_t> words{word(shape.transposed), word(shape.batch), word(shape.group),
                                   word(shape.inChannels), word(shape.outChannels)};
  const Window& window = shape.window;
  for (const auto* list :
       {&window.input, &window.kernel, &window.stride, &window.dilation, &window.padBegin, &window.output})
    for (const std::int64_t value : *list) words.push_back(word(value));
  words.insert(words.end(), use.begin(), use.end());
  return hashWords(words);
}

memory::desc anyLayout(const memory::dims& dims) {
  return {dims, memory::data_type::f32, memory::format_tag::any};
}

ConvDims::ConvDims(const ConvShape& shape) {
  const Window& window = shape.window;
  source = {shape.batch, shape.inChannels};
  source.insert(source.end(), window.input.begin(), window.input.end());
  const Shape output = shape.output();
  destination.assign(output.begin(), output.end());
  bias = {shape.outChannels};
  weights = {shape.outChannels / shape.group, shape.inChannels / shape.group};
  memory::dims strideOf{weights[1], 1};
  if (shape.transposed) strideOf = {1, weights[0]};
  std::int64_t kernel = 1;
  for (const std::int64_t size : window.kernel) kernel *= size;
  for (auto& stride : strideOf) stride *= kernel;
  for (std::size_t d = 0; d < window.dims(); ++d) {
    kernel /= window.kernel[d];
    weights.push_back(window.kernel[d]);
    strideOf.push_back(kernel);
  }
  if (shape.group > 1) {
    strideOf.insert(strideOf.begin(),
                    weights[0] * weights[1] * strideOf[1] / (shape.transposed ? weights[0] : 1));
    weights.insert(weights.begin(), shape.group);
  }
  plainWeights = memory::desc(weights, memory::data_type::f32, strideOf);
  strides = window.stride;
  for (const std::int64_t dilation : window.dilation) dilations.push_back(dilation - 1);
  padBegin = window.padBegin;
  padEnd = window.padEnd;
}

ConvPrimitive prepareConv(const ConvShape& shape, bool bias, const Fusion* fusion) {
  const Tail tail{bias, fusion};
  const ConvDims dims(shape);
  return shape.transposed ? prepare<DeconvolutionKind>(dims, tail) : prepare<ConvolutionKind>(dims, tail);
}

Activation runConv(const OpCall& call, const ConvShape& shape) {
  const Fusion* fusion = call.fusion;
  requireResidual(fusion, shape.output());
  if (elementCount(shape.output()) == 0) return zeros(shape.output()).build();
  if (suitsWinograd(shape, fusion)) return runWinogradConv(call, shape);
  const bool folded = fusion != nullptr && (fusion->channelScale.defined() || fusion->channelShift.defined());
  const Tail tail{call.has(2) || folded, fusion};
  const Key key = primitiveKey(shape, tail);
  return guardDnnl("oneDNN convolution", [&] {
    const auto primitive = remembered<ConvPrimitive>(call.prepared, key, [&](std::size_t& bytes) {
      bytes = 4096;
      return prepareConv(shape, tail.bias, fusion);
    });
    const auto packed =
        remembered<PackedWeights>(call.prepared, foldedWeightsKey(call, key),
                                  [&](std::size_t& bytes) { return pack(call, shape, *primitive, bytes); });
    const Activation source = reordered(call.inputs[0], primitive->source);
    FreshActivation result = allocate(primitive->destination, shape.output());
    std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, memoryOf(source)},
                                              {DNNL_ARG_WEIGHTS, memoryOf(packed->weights)},
                                              {DNNL_ARG_DST, result.memory}};
    const Activation bias = packed->bias.defined() ? Activation(packed->bias) : Activation();
    if (bias.defined()) arguments.emplace(DNNL_ARG_BIAS, memoryOf(bias));
    Activation residual;
    if (tail.residual() && primitive->fused) {
      residual = reordered(fusion->residual, primitive->destination);
      arguments.emplace(DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, memoryOf(residual));
    }
    execute(primitive->primitive, primitive->scratchpad, std::move(arguments));
    return primitive->fused ? std::move(result.activation) : finished(result.activation, *fusion);
  });
}

}  // namespace lapidary::core
