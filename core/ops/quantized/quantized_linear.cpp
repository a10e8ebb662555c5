// SPDX-License-Identifier: GPL-3.0-or-later
// QuantizeLinear, DequantizeLinear, DynamicQuantizeLinear.
#include <algorithm>
#include <cmath>

#include "core/model/element_codes.h"
#include "core/ops/checks.h"
#include "core/ops/kernels/int8_codes.h"
#include "core/ops/kernels/quantization.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

/// The integer type of at most 16 bits that `output_dtype` names.
DType codeType(std::int64_t number) {
  const auto type = dtypeOfCode(number);
  if (type && !isFloating(*type) && *type != DType::Bool && bitsOf(*type) <= 16) return *type;
  unsupported("output_dtype " + std::to_string(number) + " of QuantizeLinear");
}

DType outputType(const OpCall& call) {
  const std::int64_t declared = call.node.intOr("output_dtype", 0);
  if (!call.has(2)) return declared == 0 ? DType::UInt8 : codeType(declared);
  const DType type = call.inputs[2].dtype;
  if (declared != 0 && codeType(declared) != type)
    invalid("output_dtype is " + std::string(name(codeType(declared))) + ", but the zero point is " +
            std::string(name(type)));
  return type;
}

/// The quotient in the type that x has beside a float scale: float, or double for int32.
template <class T>
Tensor quantized(const Tensor& x, const Quantization& q, const ScaleLayout& layout, DType type) {
  const CodeRange range = codeRange(type);
  TensorBuilder codes(DType::Int32, x.shape());
  const T* in = x.as<T>().data();
  const float* scale = q.scale.as<float>().data();
  const std::int32_t* zero = q.zeroPoint.as<std::int32_t>().data();
  std::int32_t* out = codes.as<std::int32_t>().data();
  layout.forEachRun([&](std::int64_t first, std::int64_t count, std::int64_t p, std::int64_t step) {
    for (std::int64_t i = 0; i < count; ++i, p += step)
      out[first + i] = codeOf(static_cast<double>(in[first + i] / static_cast<T>(scale[p])), zero[p], range);
  });
  return convert(std::move(codes).build(), type);
}

}  // namespace

std::vector<Activation> quantizeLinearForward(const OpCall& call) {
  const Tensor x = call.input(0);
  const DType type = outputType(call);
  const Quantization q = quantizationOf(call, 1, 2);
  const ScaleLayout layout = scaleLayout(call.node, x.shape(), call.input(1));
  if (x.dtype() == DType::Float32 && layout.kind == ScaleLayout::Kind::PerTensor && isByteCode(type))
    return oneOutput(quantizedBytes(x, q.scale.as<float>()[0], q.zeroPoint.as<std::int32_t>()[0], type));
  if (x.dtype() == DType::Int32)
    return oneOutput(quantized<double>(convert(x, DType::Float64), q, layout, type));
  return oneOutput(quantized<float>(floatOf(x, "x"), q, layout, type));
}

std::vector<Activation> dequantizeLinearForward(const OpCall& call) {
  if (auto lazy = lazilyDequantized(call)) return {std::move(*lazy)};
  const Tensor codes = call.input(0);
  codeRange(codes.dtype());
  if (call.has(2) && call.inputs[2].dtype != codes.dtype())
    invalid("x is " + std::string(name(codes.dtype())) + ", but its zero point is " +
            std::string(name(call.inputs[2].dtype)));
  const Quantization q = quantizationOf(call, 1, 2);
  const ScaleLayout layout = scaleLayout(call.node, codes.shape(), call.input(1));
  const Tensor x = convert(codes, DType::Int32);
  TensorBuilder y(DType::Float32, x.shape());
  const std::int32_t* in = x.as<std::int32_t>().data();
  const float* scale = q.scale.as<float>().data();
  const std::int32_t* zero = q.zeroPoint.as<std::int32_t>().data();
  float* out = y.as<float>().data();
  layout.forEachRun([&](std::int64_t first, std::int64_t count, std::int64_t p, std::int64_t step) {
    for (std::int64_t i = 0; i < count; ++i, p += step)
      out[first + i] = static_cast<float>(std::int64_t{in[first + i]} - zero[p]) * scale[p];
  });
  return oneOutput(convert(std::move(y).build(), call.inputs[1].dtype));
}

/// Codes are integers: nothing flows back through them.
std::vector<Tensor> dequantizeLinearBackward(const BackwardCall& call) { return noGradients(call); }

std::vector<Activation> dynamicQuantizeLinearForward(const OpCall& call) {
  const Tensor x = floatInput(call, 0);
  float low = 0, high = 0;  // the range always holds 0
  for (const float value : x.as<float>()) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const CodeRange range = codeRange(DType::UInt8);
  const float scale = low == high ? 1.0f : (high - low) / 255.0f;
  const std::int32_t zero = codeOf(static_cast<double>(-low / scale), 0, range);
  TensorBuilder y(DType::UInt8, x.shape());
  for (std::size_t i = 0; i < y.as<std::uint8_t>().size(); ++i)
    y.as<std::uint8_t>()[i] =
        static_cast<std::uint8_t>(codeOf(static_cast<double>(x.as<float>()[i] / scale), zero, range));
  return {std::move(y).build(), Tensor::scalar(scale), Tensor::scalar(static_cast<std::uint8_t>(zero))};
}

}  // namespace lapidary::core
