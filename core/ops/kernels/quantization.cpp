// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/quantization.h"

#include <algorithm>
#include <cmath>

#include "core/ops/broadcast.h"
#include "core/ops/checks.h"
#include "core/ops/kernels/gemm_kernel.h"

namespace lapidary::core {

CodeRange codeRange(DType type) {
  switch (type) {
    case DType::Int2:
      return {-2, 1};
    case DType::UInt2:
      return {0, 3};
    case DType::Int4:
      return {-8, 7};
    case DType::UInt4:
      return {0, 15};
    case DType::Int8:
      return {-128, 127};
    case DType::UInt8:
      return {0, 255};
    case DType::Int16:
      return {-32768, 32767};
    case DType::UInt16:
      return {0, 65535};
    case DType::Int32:
      return {-2147483648LL, 2147483647LL};
    default:
      break;
  }
  unsupported("quantized values of type " + std::string(name(type)));
}

std::int32_t codeOf(double scaled, std::int64_t zeroPoint, CodeRange range) {
  if (std::isnan(scaled)) return static_cast<std::int32_t>(zeroPoint);
  const double shifted = std::nearbyint(scaled) + static_cast<double>(zeroPoint);
  return static_cast<std::int32_t>(
      std::clamp(shifted, static_cast<double>(range.low), static_cast<double>(range.high)));
}

ScaleLayout scaleLayout(const Node& node, const Shape& shape, const Tensor& scale) {
  ScaleLayout layout;
  layout.inner = elementCount(shape);
  if (scale.size() == 1 && scale.rank() <= 1) return layout;
  const std::size_t axis = axisOf(node.intOr("axis", 1), shape.size());
  const Lines lines = linesAlong(shape, axis);
  layout.outer = lines.outer;
  layout.length = lines.length;
  layout.inner = lines.inner;
  const std::int64_t block = node.intOr("block_size", 0);
  if (block < 0) invalid("block_size is " + std::to_string(block) + ", at least 0 was expected");
  if (block == 0) {
    if (scale.rank() != 1 || scale.size() != shape[axis])
      invalid("the scale has shape " + toText(scale.shape()) + ", one value for each of the " +
              std::to_string(shape[axis]) + " positions of axis " + std::to_string(axis) + " was expected");
    layout.kind = ScaleLayout::Kind::PerAxis;
    return layout;
  }
  Shape expected = shape;
  expected[axis] = shape[axis] / block + (shape[axis] % block != 0 ? 1 : 0);
  if (scale.shape() != expected)
    invalid("the scale has shape " + toText(scale.shape()) + ", " + toText(expected) +
            " was expected for blocks of " + std::to_string(block));
  layout.kind = ScaleLayout::Kind::Blocked;
  layout.block = block;
  layout.blocks = expected[axis];
  return layout;
}

Quantization quantizationOf(const OpCall& call, std::size_t scale, std::size_t zeroPoint) {
  Quantization q;
  q.scale = floatInput(call, scale);
  if (!call.has(zeroPoint)) {
    q.zeroPoint = convert(zeros(q.scale.shape()).build(), DType::Int32);
    return q;
  }
  const Tensor codes = call.input(zeroPoint);
  codeRange(codes.dtype());
  q.zeroPoint = convert(codes, DType::Int32);
  if (q.zeroPoint.size() != q.scale.size())
    failInput(zeroPoint, "zero point",
              "has shape " + toText(codes.shape()) + ", but the scale has shape " + toText(q.scale.shape()));
  return q;
}

Tensor centered(const Tensor& codes, const Tensor& zeroPoint, const char* what) {
  if (codes.dtype() != DType::Int8 && codes.dtype() != DType::UInt8)
    invalid(std::string(what) + " is " + std::string(name(codes.dtype())) + ", int8 or uint8 was expected");
  if (!zeroPoint.defined()) return toFloat32(codes);
  if (zeroPoint.dtype() != codes.dtype())
    invalid(std::string(what) + " is " + std::string(name(codes.dtype())) + ", but its zero point is " +
            std::string(name(zeroPoint.dtype())));
  const Tensor result = broadcastMap(codes, zeroPoint.size() == 1 ? zeroPoint.reshaped({}) : zeroPoint,
                                     [](float a, float b) { return a - b; });
  if (result.shape() != codes.shape())
    invalid(std::string(what) + " has shape " + toText(codes.shape()) + ", its zero point " +
            toText(zeroPoint.shape()));
  return result;
}

void integerProduct(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b,
                    std::int32_t* c) {
  constexpr std::int64_t exactDepth = 256;  // 256 * 255 * 255 < 2^24
  std::fill_n(c, m * n, 0);
  std::vector<float> partial(static_cast<std::size_t>(m * n));
  for (std::int64_t first = 0; first < k; first += exactDepth) {
    multiply({.m = m,
              .n = n,
              .k = std::min(exactDepth, k - first),
              .a = a + first,
              .lda = k,
              .b = b + first * n,
              .ldb = n,
              .c = partial.data(),
              .ldc = n});
    for (std::size_t i = 0; i < partial.size(); ++i)
      c[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(c[i]) +
                                       static_cast<std::uint32_t>(static_cast<std::int32_t>(partial[i])));
  }
}

}  // namespace lapidary::core
