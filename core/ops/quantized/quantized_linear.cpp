// SPDX-License-Identifier: GPL-3.0-or-later
// QuantizeLinear, DequantizeLinear, DynamicQuantizeLinear.
#include <algorithm>
#include <cmath>

#include "core/model/element_codes.h"
#include "core/model/small_float.h"
#include "core/ops/checks.h"
#include "core/ops/kernels/int8_codes.h"
#include "core/ops/kernels/quantization.h"
#include "core/ops/results.h"
#include "core/ops/small_casts.h"

namespace lapidary::core {
namespace {

/// The type that `output_dtype` names: whole numbers of at most 16 bits, or floats of at most 8.
DType codeType(std::int64_t number) {
  const auto type = dtypeOfCode(number);
  const bool codes = type && (isSmallFloat(*type) || (!isFloating(*type) && *type != DType::Bool));
  if (codes && bitsOf(*type) <= 16 && *type != DType::Float8E8M0) return *type;
  unsupported("output_dtype " + std::to_string(number) + " of QuantizeLinear");
}

/// The floating type that an attribute names, or `fallback` where it is absent.
DType floatType(const Node& node, const std::string& attribute, DType fallback) {
  const std::int64_t number = node.intOr(attribute, 0);
  if (number == 0) return fallback;
  const auto type = dtypeOfCode(number);
  if (!type || !isFloating(*type) || isSmallFloat(*type))
    failAttribute(attribute, "is " + nameOfCode(number) + ", a floating type was expected");
  return *type;
}

/// Zero points of floats are there for their type alone.
void requireZero(const Tensor& zeroPoint) {
  const Tensor values = toFloat32(zeroPoint);
  for (const float value : values.as<float>())
    if (value != 0) failInput(2, "zero point", "is not zero, as it has to be for floats");
}

/// Of every element its quotient by its scale, or its product with it.
template <class F>
Tensor scaledBy(const Tensor& x, const Tensor& scale, const ScaleLayout& layout, F f) {
  TensorBuilder y(DType::Float32, x.shape());
  const float* in = x.as<float>().data();
  const float* scales = scale.as<float>().data();
  float* out = y.as<float>().data();
  layout.forEachRun([&](std::int64_t first, std::int64_t count, std::int64_t p, std::int64_t step) {
    for (std::int64_t i = 0; i < count; ++i, p += step) out[first + i] = f(in[first + i], scales[p]);
  });
  return std::move(y).build();
}

Tensor quantizedFloats(const OpCall& call, const ScaleLayout& layout, DType type, DType precision) {
  const Tensor quotients = scaledBy(toFloat32(call.input(0)), floatInput(call, 1), layout,
                                    [](float x, float scale) { return x / scale; });
  if (call.has(2)) requireZero(call.input(2));
  return castTo(convert(quotients, precision), type, castRules(call.node));
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

/// With quotients that are rounded to a type of 16 bits before they become codes.
Tensor inPrecision(const OpCall& call, const Quantization& q, const ScaleLayout& layout, DType type,
                   DType precision) {
  const Tensor x = convert(floatOf(call.input(0), "x"), precision), scale = convert(q.scale, precision);
  const Tensor quotients = convert(
      scaledBy(toFloat32(x), toFloat32(scale), layout, [](float a, float b) { return a / b; }), precision);
  const Tensor ones =
      scaledBy(q.scale, q.scale, {.inner = q.scale.size()}, [](float, float) { return 1.0f; });
  return quantized<float>(toFloat32(quotients), {ones, q.zeroPoint}, layout, type);
}

/// The type of the values: as asked for since opset 23, else that of the scale.
DType valueType(const OpCall& call) {
  const DType scale = call.inputs[1].dtype;
  return floatType(call.node, "output_dtype", isSmallFloat(scale) ? DType::Float32 : scale);
}

std::vector<Activation> dequantizedFloats(const OpCall& call, const Tensor& x) {
  if (call.has(2)) requireZero(call.input(2));
  const Tensor y =
      scaledBy(toFloat32(x), floatInput(call, 1), scaleLayout(call.node, x.shape(), call.input(1)),
               [](float value, float scale) { return value * scale; });
  return oneOutput(convert(y, valueType(call)));
}

}  // namespace

std::vector<Activation> quantizeLinearForward(const OpCall& call) {
  const Tensor x = call.input(0);
  const DType type = outputType(call);
  const DType precision = floatType(call.node, "precision", DType::Float32);
  if (isSmallFloat(type))
    return oneOutput(
        quantizedFloats(call, scaleLayout(call.node, x.shape(), call.input(1)), type, precision));
  const Quantization q = quantizationOf(call, 1, 2);
  const ScaleLayout layout = scaleLayout(call.node, x.shape(), call.input(1));
  if (x.dtype() == DType::Float32 && layout.kind == ScaleLayout::Kind::PerTensor && isByteCode(type))
    return oneOutput(quantizedBytes(x, q.scale.as<float>()[0], q.zeroPoint.as<std::int32_t>()[0], type));
  if (x.dtype() == DType::Int32)
    return oneOutput(quantized<double>(convert(x, DType::Float64), q, layout, type));
  if (bitsOf(precision) < 32) return oneOutput(inPrecision(call, q, layout, type, precision));
  return oneOutput(quantized<float>(floatOf(x, "x"), q, layout, type));
}

std::vector<Activation> dequantizeLinearForward(const OpCall& call) {
  const bool plain = call.has(1) && valueType(call) == DType::Float32;
  if (auto lazy = plain ? lazilyDequantized(call) : std::nullopt) return {std::move(*lazy)};
  const Tensor codes = call.input(0);
  if (isSmallFloat(codes.dtype())) return dequantizedFloats(call, codes);
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
  return oneOutput(convert(std::move(y).build(), valueType(call)));
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
