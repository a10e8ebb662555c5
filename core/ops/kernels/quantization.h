// SPDX-License-Identifier: GPL-3.0-or-later
// Integer codes and the real values they stand for: scales, zero points, and exact integer products.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ops/op.h"

namespace lapidary::core {

struct CodeRange {
  std::int64_t low, high;
};
/// The codes of an integer type. Throws Error for types that hold no codes.
CodeRange codeRange(DType type);

/// Rounds half to even, adds the zero point and saturates. Not-a-number becomes the zero point.
std::int32_t codeOf(double scaled, std::int64_t zeroPoint, CodeRange range);

/// The scale that belongs to each element: one for all, one for each position of an axis, or one for each
/// block of `block` positions of an axis.
struct ScaleLayout {
  enum class Kind { PerTensor, PerAxis, Blocked } kind = Kind::PerTensor;
  std::int64_t outer = 1, length = 1, inner = 1;  ///< the elements around the axis
  std::int64_t block = 1, blocks = 1;

  /// Calls `body(first element, count, first scale, step of the scale)` for runs of elements.
  template <class Body>
  void forEachRun(Body&& body) const {
    if (kind == Kind::PerTensor)
      return body(std::int64_t{0}, outer * length * inner, std::int64_t{0}, std::int64_t{0});
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t k = 0; k < length; ++k) {
        const std::int64_t first = (o * length + k) * inner;
        if (kind == Kind::PerAxis)
          body(first, inner, k, std::int64_t{0});
        else
          body(first, inner, (o * blocks + k / block) * inner, std::int64_t{1});
      }
  }
};
/// Reads `axis` and `block_size` of a QuantizeLinear or DequantizeLinear. Throws Error where the
/// scale's shape fits none of the three kinds.
ScaleLayout scaleLayout(const Node& node, const Shape& shape, const Tensor& scale);

/// Scale and zero point of call inputs `scale` and `zeroPoint`: Float32, and Int32 of as many elements
/// (zeros where it is omitted). Throws Error where they do not match.
struct Quantization {
  Tensor scale, zeroPoint;
};
Quantization quantizationOf(const OpCall& call, std::size_t scale, std::size_t zeroPoint);

/// 8-bit codes minus their zero point as Float32. `zeroPoint` (undefined: 0) broadcasts to the codes.
/// Throws Error for other types than int8 and uint8.
Tensor centered(const Tensor& codes, const Tensor& zeroPoint, const char* what);

/// c[m, n] = a[m, k] * b[k, n] for integers of magnitude 255 at most that are given as floats. Exact:
/// the depth is cut in pieces of 256, so that every partial sum is an integer below 2^24, which a float
/// holds in any order of summation. Sums wrap around beyond 32 bits.
void integerProduct(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b,
                    std::int32_t* c);

std::vector<Activation> quantizeLinearForward(const OpCall& call);
std::vector<Activation> dequantizeLinearForward(const OpCall& call);
std::vector<Tensor> dequantizeLinearBackward(const BackwardCall& call);
std::vector<Activation> dynamicQuantizeLinearForward(const OpCall& call);
std::vector<Activation> matMulIntegerForward(const OpCall& call);
std::vector<Activation> qLinearMatMulForward(const OpCall& call);
std::vector<Activation> convIntegerForward(const OpCall& call);
std::vector<Activation> qLinearConvForward(const OpCall& call);
std::vector<Activation> matMulNBitsForward(const OpCall& call);

}  // namespace lapidary::core
