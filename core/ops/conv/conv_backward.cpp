// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/conv/conv_backward.h"

#include <algorithm>
#include <optional>

#include "core/ops/checks.h"
#include "core/ops/kernels/channel_block_choice.h"
#include "core/ops/kernels/conv_primitive.h"
#include "core/ops/kernels/conv_winograd.h"
#include "core/ops/kernels/vector_sums.h"
#include "core/ops/prepared.h"

namespace lapidary::core {
namespace {

using dnnl::memory;

template <class Kind>
typename Kind::Forward::primitive_desc forwardHint(const ConvDims& dims) {
  const typename Kind::Forward::desc desc(
      dnnl::prop_kind::forward_training, Kind::algorithm, anyLayout(dims.source), anyLayout(dims.weights),
      anyLayout(dims.destination), dims.strides, dims.dilations, dims.padBegin, dims.padEnd);
  return {desc, dnnlEngine()};
}

/// One of the two gradients, and how what it reads and writes must lie.
struct GradientPrimitive {
  dnnl::primitive primitive;
  memory::desc gradient, other, result, scratchpad;  ///< other: the weights, or the source
};

/// `Desc` is a primitive_desc of oneDNN's that can be made anew; of it the implementation that suits.
template <class Desc, class Make>
Desc chosen(Make&& make) {
  Desc desc = make();
  if (!mustAskForBlocksOfEight() || moveToBlocksOfEight(desc)) return desc;
  return make();
}

template <class Kind>
GradientPrimitive prepareData(const ConvDims& dims) {
  using Desc = typename Kind::BackwardData::primitive_desc;
  // Both must live while implementations are gone through.
  const auto hint = forwardHint<Kind>(dims);
  const typename Kind::BackwardData::desc desc(Kind::algorithm, anyLayout(dims.source),
                                               anyLayout(dims.weights), anyLayout(dims.destination),
                                               dims.strides, dims.dilations, dims.padBegin, dims.padEnd);
  const auto prepared =
      chosen<Desc>([&] { return Desc(desc, keptPrimitiveAttributes(), dnnlEngine(), hint); });
  return {typename Kind::BackwardData(prepared), prepared.diff_dst_desc(), prepared.weights_desc(),
          prepared.diff_src_desc(), prepared.scratchpad_desc()};
}

template <class Kind>
GradientPrimitive prepareWeights(const ConvDims& dims) {
  using Desc = typename Kind::BackwardWeights::primitive_desc;
  // Both must live while implementations are gone through.
  const auto hint = forwardHint<Kind>(dims);
  const typename Kind::BackwardWeights::desc desc(Kind::algorithm, anyLayout(dims.source),
                                                  anyLayout(dims.weights), anyLayout(dims.destination),
                                                  dims.strides, dims.dilations, dims.padBegin, dims.padEnd);
  const auto prepared =
      chosen<Desc>([&] { return Desc(desc, keptPrimitiveAttributes(), dnnlEngine(), hint); });
  return {typename Kind::BackwardWeights(prepared), prepared.diff_dst_desc(), prepared.src_desc(),
          prepared.diff_weights_desc(), prepared.scratchpad_desc()};
}

struct Operands {
  Tensor source, weights, gradient;  ///< Float32, plain
};

memory viewOf(const Tensor& tensor, const memory::desc& desc) {
  return {desc, dnnlEngine(), const_cast<std::byte*>(tensor.bytes().data())};
}

/// From the pool of buffers: fresh pages for every call would cost as much as the sums.
FreshActivation scratch(const memory::desc& desc) { return allocate(desc, Shape(desc.dims())); }

/// What holds the bytes must outlive the use.
memory converted(const memory& from, const memory::desc& wanted, FreshActivation& holder) {
  if (from.get_desc() == wanted) return from;
  holder = scratch(wanted);
  memory source = from;
  dnnl::reorder(source, holder.memory).execute(dnnlStream(), source, holder.memory);
  dnnlStream().wait();
  return holder.memory;
}

/// Runs it; the result lies as `plain`.
Tensor run(const GradientPrimitive& prepared, int otherArgument, const memory& other, int resultArgument,
           const Tensor& gradient, const memory::desc& plain, const Shape& shape) {
  TensorBuilder builder(DType::Float32, shape);
  memory to(plain, dnnlEngine(), builder.bytes().data());
  const bool inPlace = prepared.result == plain;
  FreshActivation fresh, gradientHolder, otherHolder;
  if (!inPlace) fresh = scratch(prepared.result);
  memory result = inPlace ? to : fresh.memory;
  execute(prepared.primitive, prepared.scratchpad,
          {{DNNL_ARG_DIFF_DST,
            converted(viewOf(gradient, plainDesc(gradient.shape())), prepared.gradient, gradientHolder)},
           {otherArgument, converted(other, prepared.other, otherHolder)},
           {resultArgument, result}});
  if (!inPlace) {
    dnnl::reorder(result, to).execute(dnnlStream(), result, to);
    dnnlStream().wait();
  }
  return std::move(builder).build();
}

std::shared_ptr<const GradientPrimitive> remember(const BackwardCall& call, const ConvShape& shape,
                                                  std::uint64_t use,
                                                  GradientPrimitive (*prepare)(const ConvDims&)) {
  const std::uint64_t words[] = {use};
  return remembered<GradientPrimitive>(call.prepared, convKey(shape, words), [&](std::size_t& bytes) {
    bytes = 4096;
    return prepare(ConvDims(shape));
  });
}

constexpr std::uint64_t dataUse = 0x64617461, weightsUse = 0x77656967;  // no other keys have them

template <class Kind>
Tensor dataGradient(const BackwardCall& call, const ConvShape& shape, const Operands& operands) {
  const auto prepared = remember(call, shape, dataUse, prepareData<Kind>);
  return run(*prepared, DNNL_ARG_WEIGHTS, viewOf(operands.weights, ConvDims(shape).plainWeights),
             DNNL_ARG_DIFF_SRC, operands.gradient, plainDesc(operands.source.shape()),
             operands.source.shape());
}

template <class Kind>
Tensor weightGradient(const BackwardCall& call, const ConvShape& shape, const Operands& operands) {
  const auto prepared = remember(call, shape, weightsUse, prepareWeights<Kind>);
  return run(*prepared, DNNL_ARG_SRC, viewOf(operands.source, plainDesc(operands.source.shape())),
             DNNL_ARG_DIFF_WEIGHTS, operands.gradient, ConvDims(shape).plainWeights,
             operands.weights.shape());
}

/// The convolution that carries the gradient back, of stride 1: the window's padding is what it lacked.
std::optional<ConvShape> backShape(const ConvShape& shape) {
  const Window& window = shape.window;
  if (shape.transposed || shape.group != 1) return std::nullopt;
  ConvShape back = shape;
  std::swap(back.inChannels, back.outChannels);
  std::swap(back.window.input, back.window.output);
  for (std::size_t d = 0; d < window.dims(); ++d) {
    if (window.stride[d] != 1 || window.dilation[d] != 1) return std::nullopt;
    back.window.padBegin[d] = window.kernel[d] - 1 - window.padBegin[d];
    back.window.padEnd[d] = window.kernel[d] - 1 - window.padEnd[d];
    if (back.window.padBegin[d] < 0 || back.window.padEnd[d] < 0) return std::nullopt;
  }
  return suitsWinograd(back, nullptr) ? std::optional(back) : std::nullopt;
}

/// Input and output channels changed over, every kernel turned by half a turn.
Tensor turned(const Tensor& weights) {
  const Shape& shape = weights.shape();
  const std::int64_t taps = product(shape, 2, shape.size());
  Shape to = shape;
  std::swap(to[0], to[1]);
  TensorBuilder builder(DType::Float32, to);
  for (std::int64_t out = 0; out < shape[0]; ++out)
    for (std::int64_t in = 0; in < shape[1]; ++in)
      std::reverse_copy(weights.as<float>().data() + (out * shape[1] + in) * taps,
                        weights.as<float>().data() + (out * shape[1] + in + 1) * taps,
                        builder.as<float>().data() + (in * shape[0] + out) * taps);
  return std::move(builder).build();
}

Tensor dataGradientByWinograd(const BackwardCall& call, const ConvShape& back, const Operands& operands) {
  const std::uint64_t words[] = {0x7475726e, operands.weights.id()};
  const auto weights = remembered<Tensor>(call.prepared, hashWords(words), [&](std::size_t& bytes) {
    bytes = operands.weights.bytes().size();
    return turned(operands.weights);
  });
  const Activation inputs[] = {operands.gradient, *weights};
  OpCall forward{call.node, call.opset, inputs};
  forward.prepared = call.prepared;
  return toPlain(runWinogradConv(forward, back));
}

/// Sum of the output gradient over samples and positions.
Tensor biasGradient(const Tensor& gradient, const ConvShape& shape) {
  std::vector<double> sums(static_cast<std::size_t>(shape.outChannels), 0.0);
  const std::int64_t positions = product(gradient.shape(), 2, gradient.rank());
  const float* value = gradient.as<float>().data();
  for (std::int64_t n = 0; n < shape.batch; ++n)
    for (double& sum : sums) {
      sum += static_cast<double>(sumOf(value, positions));
      value += positions;
    }
  const std::vector<float> rounded(sums.begin(), sums.end());
  return Tensor::from<float>({shape.outChannels}, rounded);
}

template <class Kind>
std::vector<Tensor> gradientsOf(const BackwardCall& call, const ConvShape& shape, const Operands& operands) {
  std::vector<Tensor> result(call.inputs.size());
  const bool empty = operands.gradient.size() == 0;
  if (call.wanted[0]) {
    const auto back = backShape(shape);
    result[0] = empty  ? zeros(operands.source.shape()).build()
                : back ? dataGradientByWinograd(call, *back, operands)
                       : dataGradient<Kind>(call, shape, operands);
  }
  if (call.wanted[1])
    result[1] = empty ? zeros(operands.weights.shape()).build() : weightGradient<Kind>(call, shape, operands);
  if (call.wanted.size() > 2 && call.wanted[2]) result[2] = biasGradient(operands.gradient, shape);
  return result;
}

}  // namespace

std::vector<Tensor> convGradients(const BackwardCall& call, const ConvShape& shape) {
  const Operands operands{floatOf(call.inputs[0], "the input"), floatOf(call.inputs[1], "the weight"),
                          call.outputGradients[0]};
  if (!operands.gradient.defined()) return std::vector<Tensor>(call.inputs.size());
  return guardDnnl("oneDNN convolution gradient", [&] {
    return shape.transposed ? gradientsOf<DeconvolutionKind>(call, shape, operands)
                            : gradientsOf<ConvolutionKind>(call, shape, operands);
  });
}

}  // namespace lapidary::core
