// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/int8_codes.h"

#include <algorithm>
#include <cmath>

#include "core/ops/kernels/quantization.h"
#include "core/ops/kernels/vector_sums.h"

namespace lapidary::core {
namespace {

LAPIDARY_VECTORIZED void quantizeRun(const float* x, std::int64_t count, float scale, float zero, int flip,
                                     std::uint8_t* codes) {
  // Adding and taking away 1.5 * 2^23 rounds to an integer, half to even, below 2^22.
  constexpr float rounder = 12582912.0f;
  const Vector8 none{}, low = none - 1024.0f, high = none + 1024.0f, most = none + 255.0f;
  mapVectors<Byte8>(x, codes, count, [&](const Vector8& vector, Byte8& result) {
    Vector8 value = vector / scale;
    value = value == value ? value : none;
    value = value > low ? value : low;
    value = value < high ? value : high;
    value = (value + rounder) - rounder + zero;
    value = value > none ? value : none;
    value = value < most ? value : most;
    result = __builtin_convertvector(__builtin_convertvector(value, Integer8) ^ flip, Byte8);
  });
}

LAPIDARY_VECTORIZED void dequantizeRun(const std::uint8_t* codes, std::int64_t count, float scale,
                                       std::int32_t zero, float* x) {
  for (std::int64_t i = 0; i < count; ++i) x[i] = static_cast<float>(codes[i] - zero) * scale;
}

LAPIDARY_VECTORIZED void flipSigns(const std::uint8_t* from, std::int64_t count, std::uint8_t* to) {
  for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<std::uint8_t>(from[i] ^ 0x80u);
}

const std::uint8_t* bytesOf(const Activation& activation) {
  const auto view = activation.layout ? activation.blockedBytes.view : activation.tensor.bytes();
  return reinterpret_cast<const std::uint8_t*>(view.data());
}

dnnl::memory::desc unsignedDesc(const Activation& codes) {
  dnnl::memory::desc desc = descOf(codes);
  desc.data.data_type = dnnl_u8;
  return desc;
}

/// The codes, with the sign flipped where they are signed.
Bytes unsignedBytes(const Activation& codes) {
  if (codes.dtype == DType::UInt8) return heldBytes(codes);
  const auto size = static_cast<std::int64_t>(codes.byteSize());
  TensorBuilder builder(DType::UInt8, {size});
  flipSigns(bytesOf(codes), size, builder.as<std::uint8_t>().data());
  const Tensor flipped = std::move(builder).build();
  return Bytes{flipped.owner(), flipped.bytes()};
}

}  // namespace

Bytes heldBytes(const Activation& activation) {
  if (activation.layout) return activation.blockedBytes;
  return Bytes{activation.tensor.owner(), activation.tensor.bytes()};
}

const CodesLayout* codesLayout(const Activation& activation) {
  return dynamic_cast<const CodesLayout*>(activation.layout.get());
}

bool liesInCodes(const Activation& activation) {
  return activation.layout != nullptr &&
         (activation.dtype != DType::Float32 || codesLayout(activation) != nullptr);
}

Activation codesIn(const Activation& activation, const dnnl::memory::desc& wanted) {
  Activation codes;
  codes.shape = activation.shape;
  codes.dtype = DType::UInt8;
  codes.layout = std::make_shared<DnnlLayout>(codesLayout(activation)->desc);
  codes.blockedBytes = activation.blockedBytes;
  return reordered(codes, wanted);
}

Tensor dequantized(const Activation& activation) {
  const CodesLayout& layout = *codesLayout(activation);
  const Activation codes = codesIn(activation, plainDesc(activation.shape, DType::UInt8));
  TensorBuilder builder(DType::Float32, activation.shape);
  dequantizeRun(bytesOf(codes), builder.size(), layout.scale, layout.zero, builder.as<float>().data());
  return std::move(builder).build();
}

bool isByteCode(DType type) { return type == DType::Int8 || type == DType::UInt8; }

Tensor quantizedBytes(const Tensor& x, float scale, std::int32_t zero, DType type) {
  // Signed codes are computed as unsigned ones of 128 more and get their sign back at the end.
  const bool isSigned = type == DType::Int8;
  TensorBuilder builder(type, x.shape());
  auto* codes = reinterpret_cast<std::uint8_t*>(builder.bytes().data());
  quantizeRun(x.as<float>().data(), x.size(), scale, static_cast<float>(zero + (isSigned ? 128 : 0)),
              isSigned ? 0x80 : 0, codes);
  return std::move(builder).build();
}

std::optional<Activation> lazilyDequantized(const OpCall& call) {
  if (!call.has(0) || !call.has(1) || !isByteCode(call.inputs[0].dtype) ||
      call.inputs[1].dtype != DType::Float32 || call.inputs[1].tensor.size() != 1 ||
      call.inputs[1].shape.size() > 1)
    return std::nullopt;
  const Activation& codes = call.inputs[0];
  if (call.has(2) && (call.inputs[2].dtype != codes.dtype || call.inputs[2].tensor.size() != 1))
    return std::nullopt;
  if (codes.shape.empty() || codes.shape.size() > 5 || elementCount(codes.shape) == 0) return std::nullopt;
  const Quantization q = quantizationOf(call, 1, 2);
  const std::int32_t shift = codes.dtype == DType::Int8 ? 128 : 0;
  Activation value;
  value.shape = codes.shape;
  value.layout = std::make_shared<CodesLayout>(unsignedDesc(codes), q.scale.as<float>()[0],
                                               q.zeroPoint.as<std::int32_t>()[0] + shift);
  value.blockedBytes = unsignedBytes(codes);
  return value;
}

bool holdsCodes(const OpCall& call) {
  if (std::ranges::any_of(call.inputs, liesInCodes)) return true;
  return call.fusion != nullptr && (call.fusion->codeScale > 0 || liesInCodes(call.fusion->residual));
}

std::vector<Activation> withoutCodes(const OpCall& call, Forward forward) {
  std::vector<Activation> inputs(call.inputs.begin(), call.inputs.end());
  for (Activation& input : inputs)
    if (liesInCodes(input)) input = Activation(toPlain(input));
  OpCall plain{call.node, call.opset, inputs, nullptr, call.prepared, call.subgraphs};
  if (call.fusion == nullptr) return forward(plain);
  Fusion fusion = *call.fusion;
  fusion.codeScale = 0;
  if (liesInCodes(fusion.residual)) fusion.residual = Activation(toPlain(fusion.residual));
  plain.fusion = &fusion;
  std::vector<Activation> outputs = forward(plain);
  if (call.fusion->codeScale > 0)
    outputs.at(0) = quantizedBytes(toPlain(outputs.at(0)), call.fusion->codeScale, call.fusion->codeZero,
                                   call.fusion->codeType);
  return outputs;
}

}  // namespace lapidary::core
