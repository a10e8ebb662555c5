// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/int8_conv.h"

#include <bit>
#include <cmath>
#include <string_view>

#include "core/ops/kernels/conv_primitive.h"
#include "core/ops/kernels/int8_codes.h"
#include "core/ops/kernels/int8_weights.h"
#include "core/ops/prepared.h"

namespace lapidary::core {
namespace {

using dnnl::memory;
using Forward = dnnl::convolution_forward;

/// One pass over the input: the whole weight, or one of two exact parts of it.
struct Pass {
  dnnl::primitive primitive;
  memory::desc source, destination, scratchpad;
  Activation weights;
  Tensor bias;          ///< in units of the integer sum; undefined in all passes but the last
  int residualAt = -1;  ///< index among the post-ops
  int previousAt = -1;  ///< of the result of the pass before
};

struct Int8Conv {
  std::vector<Pass> passes;  ///< none: no fast integer kernel
};

memory::format_tag channelsLast(std::size_t rank) {
  switch (rank) {
    case 3:
      return memory::format_tag::nwc;
    case 4:
      return memory::format_tag::nhwc;
    default:
      return memory::format_tag::ndhwc;
  }
}

/// Generated code, as against reference loops: oneDNN names it so, on processors with VNNI also by its
/// batches of small products.
bool isFast(std::string_view kernel) { return kernel.starts_with("jit") || kernel.starts_with("brg"); }

float at(const Tensor& tensor, std::int64_t c, float absent) {
  if (!tensor.defined()) return absent;
  return tensor.as<float>()[static_cast<std::size_t>(tensor.size() == 1 ? 0 : c)];
}

/// Builds the passes for one weight, one fusion and one quantization of the source.
class Builder {
 public:
  Builder(const OpCall& call, const ConvShape& shape)
      : m_call(call),
        m_shape(shape),
        m_dims(shape),
        m_source(*codesLayout(call.inputs[0])),
        m_codes(*call.inputs[1].codes),
        m_fusion(call.fusion != nullptr ? *call.fusion : Fusion()),
        m_residual(codesLayout(m_fusion.residual)) {}

  Int8Conv build(std::size_t& bytes) {
    Int8Conv result;
    if (!computeScales()) return result;
    const std::vector<Tensor> parts = exactParts(m_codes.codes);
    // The remainder goes first; the pass of the main part adds its result and finishes.
    for (std::size_t p = parts.size(); p-- > 0;) {
      std::optional<Pass> pass = passOf(parts[p], p == 0, p == 0 && parts.size() > 1);
      if (!pass) return {};
      bytes += pass->weights.byteSize() + 4096;
      result.passes.push_back(std::move(*pass));
    }
    return result;
  }

 private:
  /// With a residual in codes, all is in units of its scale until the activation is applied.
  float unit() const { return m_residual != nullptr ? m_residual->scale : 1.0f; }

  /// Computes the worth of one unit of the integer sum in each output channel, and the bias in these units,
  /// with the zero point of a residual in codes.
  bool computeScales() {
    const std::int64_t channels = m_shape.outChannels;
    const Tensor bias = m_call.has(2) ? m_call.input(2) : Tensor();
    for (const Tensor* tensor : {&bias, &m_fusion.channelScale, &m_fusion.channelShift})
      if (tensor->defined() && (tensor->dtype() != DType::Float32 || tensor->size() != channels))
        return false;
    const float zero = m_residual != nullptr ? static_cast<float>(m_residual->zero) : 0.0f;
    TensorBuilder inSums(DType::Float32, {channels});
    for (std::int64_t c = 0; c < channels; ++c) {
      const float factor = at(m_fusion.channelScale, c, 1);
      const float scale = m_source.scale * at(m_codes.scale, c, 1) * factor;
      const float offset = at(bias, c, 0) * factor + at(m_fusion.channelShift, c, 0);
      const float units = (offset - zero * unit()) / scale;
      if (!std::isnormal(scale) || !std::isfinite(units) || !std::isnormal(scale / unit())) return false;
      m_scales.push_back(scale / unit());
      inSums.as<float>()[static_cast<std::size_t>(c)] = units;
    }
    m_bias = std::move(inSums).build();
    return true;
  }

  memory::desc outputDesc(memory::data_type type) const {
    return {m_dims.destination, type, channelsLast(m_dims.destination.size())};
  }

  dnnl::post_ops lastOps(bool addsPrevious, Pass& pass) const {
    using dnnl::algorithm;
    dnnl::post_ops ops;
    if (addsPrevious) {
      pass.previousAt = ops.len();
      ops.append_binary(algorithm::binary_add, outputDesc(memory::data_type::f32));
    }
    if (m_fusion.residual.defined()) {
      pass.residualAt = ops.len();
      ops.append_binary(algorithm::binary_add,
                        outputDesc(m_residual ? memory::data_type::u8 : memory::data_type::f32));
    }
    appendActivation(ops, m_fusion);
    const bool quantizes = m_fusion.codeScale > 0;
    if (quantizes || m_residual != nullptr)
      ops.append_eltwise(1, algorithm::eltwise_linear, unit() / (quantizes ? m_fusion.codeScale : 1.0f),
                         quantizes ? static_cast<float>(m_fusion.codeZero) : 0.0f);
    return ops;
  }

  memory::data_type lastType() const {
    if (!(m_fusion.codeScale > 0)) return memory::data_type::f32;
    return dnnlType(m_fusion.codeType);
  }

  std::optional<Pass> passOf(const Tensor& codes, bool last, bool addsPrevious) const {
    Pass pass;
    dnnl::primitive_attr attributes = keptPrimitiveAttributes();
    attributes.set_output_scales(1 << 1, m_scales);
    if (m_source.zero != 0) attributes.set_zero_points(DNNL_ARG_SRC, 0, {m_source.zero});
    if (last) attributes.set_post_ops(lastOps(addsPrevious, pass));
    const memory::desc source(m_dims.source, memory::data_type::u8, channelsLast(m_dims.source.size())),
        weights(m_dims.weights, memory::data_type::s8, memory::format_tag::any),
        bias(m_dims.bias, memory::data_type::f32, memory::format_tag::a),
        destination = outputDesc(last ? lastType() : memory::data_type::f32);
    const auto prop = dnnl::prop_kind::forward_inference;
    const auto direct = dnnl::algorithm::convolution_direct;
    const Forward::desc desc =
        last ? Forward::desc(prop, direct, source, weights, bias, destination, m_dims.strides,
                             m_dims.dilations, m_dims.padBegin, m_dims.padEnd)
             : Forward::desc(prop, direct, source, weights, destination, m_dims.strides, m_dims.dilations,
                             m_dims.padBegin, m_dims.padEnd);
    const Forward::primitive_desc chosen(desc, attributes, dnnlEngine(), true);
    if (!chosen || !isFast(chosen.impl_info_str())) return std::nullopt;
    pass.primitive = Forward(chosen);
    pass.source = chosen.src_desc();
    pass.destination = chosen.dst_desc();
    pass.scratchpad = chosen.scratchpad_desc();
    pass.weights = packed(codes, chosen.weights_desc());
    if (last) pass.bias = m_bias;
    return pass;
  }

  Activation packed(const Tensor& codes, const memory::desc& wanted) const {
    memory::desc plain = m_dims.plainWeights;
    plain.data.data_type = dnnl_s8;
    memory from(plain, dnnlEngine(), const_cast<std::byte*>(codes.bytes().data()));
    FreshActivation to = allocate(wanted, codes.shape(), DType::Int8);
    dnnl::reorder(from, to.memory).execute(dnnlStream(), from, to.memory);
    dnnlStream().wait();
    return std::move(to.activation);
  }

  const OpCall& m_call;
  const ConvShape& m_shape;
  ConvDims m_dims;
  const CodesLayout& m_source;
  const WeightCodes& m_codes;
  const Fusion m_fusion;
  const CodesLayout* m_residual;  ///< null: none, or in floats
  std::vector<float> m_scales;
  Tensor m_bias;
};

/// The weight's scale belongs to output channels, and all is small enough for a 32-bit sum.
bool suits(const OpCall& call, const ConvShape& shape) {
  if (codesLayout(call.inputs[0]) == nullptr || call.inputs[1].codes == nullptr || shape.transposed)
    return false;
  const WeightCodes& codes = *call.inputs[1].codes;
  if (codes.scale.size() != 1 && (codes.axis != 0 || codes.scale.size() != shape.outChannels)) return false;
  if (shape.window.dims() < 1 || shape.window.dims() > 3 || elementCount(shape.output()) == 0) return false;
  constexpr std::int64_t deepest = 65536;  // 255 * 128 * 65536 < 2^31
  if (codes.codes.size() / shape.outChannels > deepest) return false;
  // Depthwise kernels in floats are faster: there is no sum over channels to share.
  return shape.group == 1;
}

/// Only functions with f(a x) = a f(x) can be applied in units of the residual's scale.
bool needsFloatResidual(const OpCall& call) {
  if (call.fusion == nullptr || codesLayout(call.fusion->residual) == nullptr) return false;
  const FusedActivation kind = call.fusion->activation;
  return kind != FusedActivation::None && kind != FusedActivation::Relu && kind != FusedActivation::LeakyRelu;
}

Key keyOf(const OpCall& call, const ConvShape& shape) {
  const CodesLayout& source = *codesLayout(call.inputs[0]);
  const Fusion fusion = call.fusion != nullptr ? *call.fusion : Fusion();
  const CodesLayout* residual = codesLayout(fusion.residual);
  const auto bits = [](float value) -> std::uint64_t { return std::bit_cast<std::uint32_t>(value); };
  const auto word = [](auto value) { return static_cast<std::uint64_t>(value); };
  std::vector<std::uint64_t> words{0x496e7438,
                                   call.inputs[1].codes->codes.id(),
                                   call.inputs[1].codes->scale.id(),
                                   call.has(2) ? call.inputs[2].tensor.id() : 0,
                                   bits(source.scale),
                                   word(source.zero),
                                   fusion.channelScale.id(),
                                   fusion.channelShift.id(),
                                   word(fusion.residual.defined()),
                                   residual != nullptr ? bits(residual->scale) : 0,
                                   residual != nullptr ? word(residual->zero) : 0,
                                   word(fusion.activation),
                                   bits(fusion.alpha),
                                   bits(fusion.beta),
                                   bits(fusion.codeScale),
                                   word(fusion.codeZero),
                                   word(fusion.codeType),
                                   word(shape.batch)};
  const Window& window = shape.window;
  for (const auto* list :
       {&window.input, &window.kernel, &window.stride, &window.dilation, &window.padBegin, &window.output})
    for (const std::int64_t value : *list) words.push_back(word(value));
  return hashWords(words);
}

Activation runPass(const Pass& pass, const Activation& source, const Activation& previous, const OpCall& call,
                   const ConvShape& shape, DType type) {
  FreshActivation result = allocate(pass.destination, shape.output(), type);
  std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, memoryOf(source)},
                                            {DNNL_ARG_WEIGHTS, memoryOf(pass.weights)},
                                            {DNNL_ARG_DST, result.memory}};
  const Activation bias = pass.bias.defined() ? Activation(pass.bias) : Activation();
  if (bias.defined()) arguments.emplace(DNNL_ARG_BIAS, memoryOf(bias));
  const auto addend = [](int index) { return DNNL_ARG_ATTR_MULTIPLE_POST_OP(index) | DNNL_ARG_SRC_1; };
  if (pass.previousAt >= 0) arguments.emplace(addend(pass.previousAt), memoryOf(previous));
  Activation residual;
  if (pass.residualAt >= 0) {
    const Activation& given = call.fusion->residual;
    memory::desc wanted = pass.destination;
    wanted.data.data_type = codesLayout(given) ? dnnl_u8 : dnnl_f32;
    residual = codesLayout(given) ? codesIn(given, wanted) : reordered(given, wanted);
    arguments.emplace(addend(pass.residualAt), memoryOf(residual));
  }
  execute(pass.primitive, pass.scratchpad, std::move(arguments));
  return std::move(result.activation);
}

}  // namespace

std::optional<Activation> runInt8Conv(const OpCall& call, const ConvShape& shape) {
  if (!suits(call, shape)) return std::nullopt;
  if (needsFloatResidual(call)) {
    Fusion fusion = *call.fusion;
    fusion.residual = Activation(toPlain(fusion.residual));
    return runInt8Conv({call.node, call.opset, call.inputs, &fusion, call.prepared, call.subgraphs}, shape);
  }
  if (call.fusion != nullptr && call.fusion->residual.defined() &&
      call.fusion->residual.shape != shape.output())
    return std::nullopt;
  return guardDnnl("oneDNN integer convolution", [&]() -> std::optional<Activation> {
    const auto conv = remembered<Int8Conv>(call.prepared, keyOf(call, shape), [&](std::size_t& bytes) {
      bytes = 4096;
      return Builder(call, shape).build(bytes);
    });
    if (conv->passes.empty()) return std::nullopt;
    const Activation source = codesIn(call.inputs[0], conv->passes.front().source);
    Activation result;
    for (std::size_t p = 0; p < conv->passes.size(); ++p) {
      const bool quantizes =
          p + 1 == conv->passes.size() && call.fusion != nullptr && call.fusion->codeScale > 0;
      result = runPass(conv->passes[p], source, result, call, shape,
                       quantizes ? call.fusion->codeType : DType::Float32);
    }
    return result;
  });
}

}  // namespace lapidary::core
