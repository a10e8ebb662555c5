// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/integer_codes.h"

#include <algorithm>
#include <bit>

#include "core/support/vectorized.h"

// Values must be what the formula of WeightEncoding gives in float32, a product rounded and then a sum
// rounded: this folder is compiled without contraction into fused multiply-adds.

namespace lapidary::core {
namespace {

/// Nearest integer, ties to even, for |x| < 2^22: adding 1.5 * 2^23 leaves no fraction bits.
LAPIDARY_INLINE float roundEven(float x) { return (x + 12582912.0f) - 12582912.0f; }

/// The parameters of one run: an array each where neighbours lie in neighbouring groups, else of one element.
struct Run {
  const float *scales, *offsets;
  const std::int32_t* zeros;
  const double *lows, *widths;
  CodeLimits limits;
  bool perElement;

  Run(const Parameters& p, std::size_t group, bool each)
      : scales(p.scale.data() + group),
        offsets(p.offset.data() + group),
        zeros(p.zero.data() + group),
        lows(p.low.data() + group),
        widths(p.width.data() + group),
        limits(p.limits),
        perElement(each) {}
  void advance(std::size_t by) { scales += by, offsets += by, zeros += by, lows += by, widths += by; }
};

/// Symmetric, PowerOfTwo, BitPlane: codes of sign and magnitude.
template <bool perElement, class Code>
LAPIDARY_INLINE void signedRun(float* __restrict v, Code* __restrict code, std::size_t length,
                               const Run& run) {
  const auto most = static_cast<float>(run.limits.most);
  const float* __restrict scales = run.scales;
  const float only = scales[0];
  const std::int32_t mask = run.limits.mask;
  for (std::size_t i = 0; i < length; ++i) {
    const float scale = perElement ? scales[i] : only;
    const float level = roundEven(std::max(-most, std::min(most, v[i] / scale)));
    const auto exact = static_cast<std::int32_t>(level);
    const std::int32_t sign = exact >> 31;
    const std::int32_t kept = (((exact ^ sign) - sign) & mask);
    const std::int32_t k = (kept ^ sign) - sign;
    code[i] = static_cast<Code>(k);
    v[i] = static_cast<float>(k) * scale;
  }
}

template <bool perElement, class Code>
LAPIDARY_INLINE void affineRun(float* __restrict v, Code* __restrict code, std::size_t length,
                               const Run& run) {
  const auto most = static_cast<float>(run.limits.most);
  const float* __restrict scales = run.scales;
  const std::int32_t* __restrict zeros = run.zeros;
  const float onlyScale = scales[0];
  const std::int32_t onlyZero = zeros[0],
                     last = run.limits.most;  // codes are bytes, which may alias anything
  for (std::size_t i = 0; i < length; ++i) {
    const float scale = perElement ? scales[i] : onlyScale;
    const std::int32_t zero = perElement ? zeros[i] : onlyZero;
    const float level = roundEven(std::max(-most, std::min(most, v[i] / scale)));
    const std::int32_t k = std::max(0, std::min(last, static_cast<std::int32_t>(level) + zero));
    code[i] = static_cast<Code>(k);
    v[i] = static_cast<float>(k - zero) * scale;
  }
}

/// Levels are found in double: near 65,535 steps float32 has too few bits left for the 0.5.
template <bool perElement>
LAPIDARY_INLINE void findLevels(const float* __restrict v, std::int32_t* __restrict levels,
                                std::size_t length, const Run& run) {
  const double* __restrict lows = run.lows, * __restrict widths = run.widths;
  const double low = lows[0], width = widths[0], steps = run.limits.most - run.limits.least;
  for (std::size_t i = 0; i < length; ++i) {
    const double normal = (v[i] - (perElement ? lows[i] : low)) / (perElement ? widths[i] : width);
    // Not negative, so that truncation is floor.
    levels[i] = static_cast<std::int32_t>(std::max(0.0, std::min(steps, normal * steps + 0.5)));
  }
}

template <bool perElement, class Code>
LAPIDARY_INLINE void levelsToCodes(float* __restrict v, Code* __restrict codes,
                                   const std::int32_t* __restrict levels, std::size_t length,
                                   const Run& run) {
  const float* __restrict scales = run.scales, * __restrict offsets = run.offsets;
  const float scale = scales[0], offset = offsets[0];
  const std::int32_t least = run.limits.least, reserve = run.limits.reserved ? -1 : 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::int32_t kept = ~(reserve & -static_cast<std::int32_t>(v[i] == 0.0f));
    const std::int32_t k = (levels[i] + least) & kept;
    const float product = static_cast<float>(k) * (perElement ? scales[i] : scale);
    const float value = product + (perElement ? offsets[i] : offset);
    codes[i] = static_cast<Code>(k);
    v[i] = std::bit_cast<float>(std::bit_cast<std::int32_t>(value) & kept);
  }
}

template <bool perElement, class Code>
LAPIDARY_INLINE void minMaxRun(float* v, Code* codes, std::size_t length, Run run) {
  constexpr std::size_t block = 512;
  std::int32_t levels[block];
  for (std::size_t at = 0; at < length; at += block) {
    const std::size_t n = std::min(block, length - at);
    findLevels<perElement>(v + at, levels, n, run);
    levelsToCodes<perElement>(v + at, codes + at, levels, n, run);
    if (perElement) run.advance(n);
  }
}

/// Binary, Ternary.
template <bool perElement>
LAPIDARY_INLINE void signRun(float* __restrict v, std::int8_t* __restrict code, std::size_t length,
                             const Run& run) {
  const float* __restrict scales = run.scales;
  const float only = scales[0];
  for (std::size_t i = 0; i < length; ++i) {
    const std::int32_t k = (v[i] > 0) - (v[i] < 0);
    code[i] = static_cast<std::int8_t>(k);
    v[i] = static_cast<float>(k) * (perElement ? scales[i] : only);
  }
}

// Clones of functions for several processors cannot be templates.
using std::int8_t, std::int16_t, std::uint8_t, std::uint16_t;
LAPIDARY_VECTORIZED void encodeSigned(float* v, int8_t* c, std::size_t n, const Run& run) {
  run.perElement ? signedRun<true>(v, c, n, run) : signedRun<false>(v, c, n, run);
}
LAPIDARY_VECTORIZED void encodeSigned(float* v, int16_t* c, std::size_t n, const Run& run) {
  run.perElement ? signedRun<true>(v, c, n, run) : signedRun<false>(v, c, n, run);
}
LAPIDARY_VECTORIZED void encodeAffine(float* v, uint8_t* c, std::size_t n, const Run& run) {
  run.perElement ? affineRun<true>(v, c, n, run) : affineRun<false>(v, c, n, run);
}
LAPIDARY_VECTORIZED void encodeAffine(float* v, uint16_t* c, std::size_t n, const Run& run) {
  run.perElement ? affineRun<true>(v, c, n, run) : affineRun<false>(v, c, n, run);
}
LAPIDARY_VECTORIZED void encodeMinMax(float* v, uint8_t* c, std::size_t n, const Run& run) {
  run.perElement ? minMaxRun<true>(v, c, n, run) : minMaxRun<false>(v, c, n, run);
}
LAPIDARY_VECTORIZED void encodeMinMax(float* v, uint16_t* c, std::size_t n, const Run& run) {
  run.perElement ? minMaxRun<true>(v, c, n, run) : minMaxRun<false>(v, c, n, run);
}
LAPIDARY_VECTORIZED void encodeSign(float* v, int8_t* c, std::size_t n, const Run& run) {
  run.perElement ? signRun<true>(v, c, n, run) : signRun<false>(v, c, n, run);
}

template <class Code, class Encode>
Tensor encodeRuns(std::span<float> values, const Shape& shape, const ScaleGroups& groups,
                  const Parameters& parameters, const Encode& encode) {
  TensorBuilder builder(dtypeOf<Code>(), shape);
  Code* codes = builder.as<Code>().data();
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    encode(values.data() + begin, codes + begin, length, Run(parameters, group, perElement()));
  });
  return std::move(builder).build();
}

template <class Code>
Tensor encodeAs(std::span<float> values, const Shape& shape, const ScaleGroups& groups, Scheme scheme,
                const Parameters& parameters) {
  return encodeRuns<Code>(values, shape, groups, parameters,
                          [scheme](float* v, Code* c, std::size_t n, const Run& run) {
                            if constexpr (std::is_signed_v<Code>)
                              encodeSigned(v, c, n, run);
                            else if (scheme == Scheme::Affine)
                              encodeAffine(v, c, n, run);
                            else
                              encodeMinMax(v, c, n, run);
                          });
}

}  // namespace

DType codeType(const Quantize& quantize) {
  const bool isUnsigned = quantize.scheme == Scheme::Affine || quantize.scheme == Scheme::MinMax;
  const bool wide = fixedBits(quantize.scheme) == 0 && quantize.bits > 8;
  if (isUnsigned) return wide ? DType::UInt16 : DType::UInt8;
  return wide ? DType::Int16 : DType::Int8;
}

Tensor encodeNearest(std::span<float> values, const Shape& shape, const ScaleGroups& groups,
                     const Quantize& quantize, const Parameters& parameters) {
  if (quantize.scheme == Scheme::Binary || quantize.scheme == Scheme::Ternary)
    return encodeRuns<std::int8_t>(
        values, shape, groups, parameters,
        [](float* v, std::int8_t* c, std::size_t n, const Run& run) { encodeSign(v, c, n, run); });
  switch (codeType(quantize)) {
    case DType::Int8:
      return encodeAs<std::int8_t>(values, shape, groups, quantize.scheme, parameters);
    case DType::Int16:
      return encodeAs<std::int16_t>(values, shape, groups, quantize.scheme, parameters);
    case DType::UInt8:
      return encodeAs<std::uint8_t>(values, shape, groups, quantize.scheme, parameters);
    default:
      return encodeAs<std::uint16_t>(values, shape, groups, quantize.scheme, parameters);
  }
}

}  // namespace lapidary::core
