// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/codebook.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "core/compress/quantize/code_parameters.h"
#include "core/compress/quantize/k_means.h"
#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

/// The quantiles that Dettmers et al. ("QLoRA", 2023) give: of a normal distribution, from the probability
/// 0.9677083 to a half in 8 steps above zero and in 7 below, over the greatest.
constexpr std::array<float, 16> normalFloats{
    -1.0f,       -0.69619280f, -0.52507305f, -0.39491749f, -0.28444138f, -0.18477343f, -0.09105004f, 0.0f,
    0.07958030f, 0.16093020f,  0.24611230f,  0.33791524f,  0.44070983f,  0.56261700f,  0.72295684f,  1.0f};

/// How an 8-bit float is made up.
struct Float8 {
  int fraction;    ///< bits of the fraction
  int bias;        ///< of the exponent
  float greatest;  ///< finite value
};
constexpr Float8 e4m3{3, 7, 448.0f}, e5m2{2, 15, 57344.0f};

constexpr const Float8& formatOf(Scheme scheme) { return scheme == Scheme::Float8E4M3 ? e4m3 : e5m2; }

/// Codes of x = v / scale, |x| rounded to the format's fraction, ties to even; below the least normal number
/// in steps of the least number. Without branches, so that it can be vectorised.
template <bool perElement>
LAPIDARY_INLINE void float8Run(const float* __restrict v, std::uint8_t* __restrict codes, std::size_t length,
                               const float* __restrict scales, const Float8& format) {
  const std::int32_t cut = 23 - format.fraction, least = 127 - format.bias + 1;
  const std::int32_t half = (1 << (cut - 1)) - 1, fractions = (1 << format.fraction) - 1;
  // Adding this to a number below the least normal one leaves steps of the least number.
  const float aligned = std::bit_cast<float>((least + cut) << 23);
  const float only = scales[0], greatest = format.greatest;
  for (std::size_t i = 0; i < length; ++i) {
    const float scaled = v[i] / (perElement ? scales[i] : only);
    const std::int32_t sign = std::bit_cast<std::int32_t>(scaled) >> 31;
    const float x = std::min(std::fabs(scaled), greatest);
    const auto bits = std::bit_cast<std::int32_t>(x);
    const std::int32_t rounded = bits + half + (bits >> cut & 1);
    const std::int32_t normal =
        (((rounded >> 23) - least + 1) << format.fraction) | (rounded >> cut & fractions);
    const std::int32_t small = std::bit_cast<std::int32_t>(x + aligned) & 0xff;
    const std::int32_t code = (bits >> 23) < least ? small : normal;
    codes[i] = static_cast<std::uint8_t>(code | (sign & -static_cast<std::int32_t>(code != 0) & 0x80));
  }
}

LAPIDARY_VECTORIZED void float8Codes(const float* v, std::uint8_t* codes, std::size_t length,
                                     const float* scales, bool perElement, const Float8& format) {
  perElement ? float8Run<true>(v, codes, length, scales, format)
             : float8Run<false>(v, codes, length, scales, format);
}

/// The number of edges below v / scale, a comparison each.
template <bool perElement>
LAPIDARY_INLINE void countRun(const float* __restrict v, std::uint8_t* __restrict codes, std::size_t length,
                              const float* __restrict scales, const float* edges, std::size_t count) {
  constexpr std::size_t block = 256;
  float x[block];
  std::int32_t below[block];
  const float only = scales[0];
  for (std::size_t at = 0; at < length; at += block) {
    const std::size_t n = std::min(block, length - at);
    for (std::size_t i = 0; i < n; ++i) x[i] = v[at + i] / (perElement ? scales[at + i] : only);
    for (std::size_t i = 0; i < n; ++i) below[i] = 0;
    for (std::size_t e = 0; e < count; ++e)
      for (std::size_t i = 0; i < n; ++i) below[i] += x[i] > edges[e];
    for (std::size_t i = 0; i < n; ++i) codes[at + i] = static_cast<std::uint8_t>(below[i]);
  }
}

LAPIDARY_VECTORIZED void countEdges(const float* v, std::uint8_t* codes, std::size_t length,
                                    const float* scales, bool perElement, const float* edges,
                                    std::size_t count) {
  perElement ? countRun<true>(v, codes, length, scales, edges, count)
             : countRun<false>(v, codes, length, scales, edges, count);
}

/// The same by bisection, for many edges.
void bisectEdges(const float* v, std::uint8_t* codes, std::size_t length, const float* scales,
                 bool perElement, const std::vector<float>& edges) {
  for (std::size_t i = 0; i < length; ++i) {
    const float x = v[i] / scales[perElement ? i : 0];
    const float* first = edges.data();
    for (std::size_t left = edges.size(); left > 0;) {
      const std::size_t half = left / 2;
      const bool below = first[half] < x;
      first += below ? half + 1 : 0;
      left = below ? left - half - 1 : half;
    }
    codes[i] = static_cast<std::uint8_t>(first - edges.data());
  }
}

/// Halfway between neighbouring entries.
std::vector<float> edgesBetween(std::span<const float> entries) {
  std::vector<float> edges;
  for (std::size_t i = 0; i + 1 < entries.size(); ++i)
    edges.push_back(
        static_cast<float>((static_cast<double>(entries[i]) + static_cast<double>(entries[i + 1])) / 2));
  return edges;
}

/// Scales that bring the greatest magnitude of every group to `greatest`.
std::vector<float> scalesTo(std::span<const float> values, const ScaleGroups& groups, float greatest) {
  const Ranges ranges = rangesOf(values, groups, false);
  std::vector<float> scales;
  for (std::size_t g = 0; g < groups.count(); ++g) {
    const float largest = std::max(std::fabs(ranges.low[g]), std::fabs(ranges.high[g]));
    scales.push_back(ranges.low[g] <= ranges.high[g]
                         ? usableScale(static_cast<double>(largest) / static_cast<double>(greatest))
                         : 1.0f);
  }
  return scales;
}

/// The centres of the weights that are not zero.
std::vector<float> centresOf(std::span<const float> values, const ScaleGroups& groups,
                             const std::vector<float>& scales, std::size_t clusters) {
  std::vector<WeightedValue> weighted;
  weighted.reserve(values.size());
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    for (std::size_t i = 0; i < length; ++i) {
      const float scale = scales[group + (perElement() ? i : 0)];
      // A weight of zero would make a group of tiny weights vanish from the sums.
      if (values[begin + i] != 0.0f)
        weighted.push_back({values[begin + i] / scale, std::clamp(scale * scale, 1e-30f, 1e30f)});
    }
  });
  return kMeansCentres(std::move(weighted), clusters);
}

/// Entries that rise, from code `first` on.
struct Table {
  std::vector<float> values;
  std::size_t first = 0;
};

Table clusteredTable(std::span<const float> values, const ScaleGroups& groups,
                     const std::vector<float>& scales, unsigned bits) {
  const bool zeros = std::ranges::find(values, 0.0f) != values.end();
  const std::size_t clusters = (std::size_t{1} << bits) - zeros;
  Table table{zeros ? std::vector{0.0f} : std::vector<float>{}, zeros};
  const std::vector<float> centres =
      centresOf(values, groups, scales, std::max<std::size_t>(zeros + 1, clusters));
  table.values.insert(table.values.end(), centres.begin(), centres.end());
  return table;
}

void findCodes(std::span<const float> values, const ScaleGroups& groups, const Table& table,
               const std::vector<float>& scales, std::uint8_t* codes) {
  constexpr std::size_t few = 16;
  const std::vector<float> edges = edgesBetween(std::span(table.values).subspan(table.first));
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    const float* v = values.data() + begin;
    const float* scale = scales.data() + group;
    if (edges.size() < few)
      countEdges(v, codes + begin, length, scale, perElement(), edges.data(), edges.size());
    else
      bisectEdges(v, codes + begin, length, scale, perElement(), edges);
    if (table.first == 0) return;
    for (std::size_t i = 0; i < length; ++i)
      codes[begin + i] = static_cast<std::uint8_t>(v[i] == 0.0f ? 0 : codes[begin + i] + 1);
  });
}

void lookUp(std::span<float> values, const ScaleGroups& groups, const std::vector<float>& table,
            const std::vector<float>& scales, const std::uint8_t* codes) {
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    const float* scale = scales.data() + group;
    for (std::size_t i = 0; i < length; ++i)
      values[begin + i] = table[codes[begin + i]] * scale[perElement() ? i : 0];
  });
}

}  // namespace

std::span<const float> normalFloatValues() { return normalFloats; }

std::vector<float> float8Values(Scheme scheme) {
  const Float8& format = formatOf(scheme);
  std::vector<float> values(256);
  for (int code = 0; code < 256; ++code) {
    const int exponent = (code & 0x7f) >> format.fraction, fraction = code & ((1 << format.fraction) - 1);
    const float one = exponent > 0 ? 1.0f : 0.0f;
    const float part = one + std::ldexp(static_cast<float>(fraction), -format.fraction);
    const float value = std::ldexp(part, std::max(1, exponent) - format.bias);
    if (value <= format.greatest) values[static_cast<std::size_t>(code)] = code & 0x80 ? -value : value;
  }
  return values;
}

void encodeByCodebook(std::span<float> values, const ScaleGroups& groups, const Quantize& quantize,
                      const Shape& scaleShape, const Shape& shape, WeightEncoding& encoding) {
  const bool clustered = quantize.scheme == Scheme::Codebook, normal = quantize.scheme == Scheme::NormalFloat;
  const bool plain = clustered && scaleShape.empty();
  const float greatest = clustered || normal ? 1.0f : formatOf(quantize.scheme).greatest;
  const std::vector<float> scales = plain ? std::vector{1.0f} : scalesTo(values, groups, greatest);
  TensorBuilder codes(DType::UInt8, shape);
  std::uint8_t* code = codes.as<std::uint8_t>().data();
  Table table;
  if (clustered || normal) {
    table = normal ? Table{{normalFloats.begin(), normalFloats.end()}, 0}
                   : clusteredTable(values, groups, scales, static_cast<unsigned>(quantize.bits));
    findCodes(values, groups, table, scales, code);
  } else {
    table.values = float8Values(quantize.scheme);
    groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
      float8Codes(values.data() + begin, code + begin, length, scales.data() + group, perElement(),
                  formatOf(quantize.scheme));
    });
  }
  lookUp(values, groups, table.values, scales, code);
  encoding.codes = std::move(codes).build();
  encoding.codebook = Tensor::from<float>({static_cast<std::int64_t>(table.values.size())}, table.values);
  encoding.scale = Tensor::from<float>(scaleShape, scales);
}

}  // namespace lapidary::core
