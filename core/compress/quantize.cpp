#include "core/compress/quantize.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "core/compress/channels.h"

// Values must be what the formula of WeightEncoding gives in float32, a product rounded and then a sum
// rounded: this file is compiled without contraction into fused multiply-adds.

namespace lapidary::core {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// What decides the scale of one channel.
struct Ranges {
  std::vector<float> low, high;    ///< over the weights that count (those that are not zero, if `skipZeros`)
  std::vector<double> magnitudes;  ///< sum of |w|
  std::vector<std::int64_t> nonzero;
};

/// Parameters of the codes by channel; scale, zero and offset as WeightEncoding has them.
struct Parameters {
  std::vector<float> scale, offset;
  std::vector<std::int32_t> zero;
  std::vector<double> low, width;    ///< MinMax: min and max - min
  std::int32_t least = 0, most = 0;  ///< range of codes
  std::int32_t mask = -1;            ///< kept planes of the magnitude
  bool reserved = false;             ///< MinMax: code 0 means zero
};

void requireFinite(std::span<const float> values) {
  std::int64_t bad = 0;
  for (const float v : values) bad += !(std::fabs(v) <= std::numeric_limits<float>::max());
  if (bad > 0)
    throw Error(
        ErrorKind::Unsupported,
        std::to_string(bad) + " weights are infinite or not a number; only finite weights can be quantized");
}

/// A run of one channel, in independent chains so that the loop is not bound by latency.
template <bool skipZeros>
void widenByRun(Ranges& r, std::size_t channel, const float* v, std::size_t length) {
  constexpr std::size_t lanes = 8;
  float low[lanes], high[lanes];
  double sum[lanes] = {};
  std::int32_t zeros[lanes] = {};
  std::fill(low, low + lanes, infinity), std::fill(high, high + lanes, -infinity);
  const auto take = [&](std::size_t lane, float x) {
    low[lane] = std::min(low[lane], skipZeros && x == 0.0f ? infinity : x);
    high[lane] = std::max(high[lane], skipZeros && x == 0.0f ? -infinity : x);
    sum[lane] += std::fabs(x);
    zeros[lane] += x == 0.0f;
  };
  std::size_t i = 0;
  for (; i + lanes <= length; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) take(lane, v[i + lane]);
  for (; i < length; ++i) take(i % lanes, v[i]);
  r.nonzero[channel] += static_cast<std::int64_t>(length);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    r.low[channel] = std::min(r.low[channel], low[lane]);
    r.high[channel] = std::max(r.high[channel], high[lane]);
    r.magnitudes[channel] += sum[lane];
    r.nonzero[channel] -= zeros[lane];
  }
}

/// A run whose element i is of channel i.
template <bool skipZeros>
void widenByRow(Ranges& r, const float* __restrict v, std::size_t length) {
  float* __restrict low = r.low.data(), * __restrict high = r.high.data();
  double* __restrict magnitudes = r.magnitudes.data();
  std::int64_t* __restrict nonzero = r.nonzero.data();
  for (std::size_t i = 0; i < length; ++i) {
    low[i] = std::min(low[i], skipZeros && v[i] == 0.0f ? infinity : v[i]);
    high[i] = std::max(high[i], skipZeros && v[i] == 0.0f ? -infinity : v[i]);
    magnitudes[i] += std::fabs(v[i]);
    nonzero[i] += v[i] != 0.0f;
  }
}

template <bool skipZeros>
Ranges rangesOf(std::span<const float> values, const Channels& channels) {
  Ranges r{std::vector<float>(channels.count, infinity), std::vector<float>(channels.count, -infinity),
           std::vector<double>(channels.count), std::vector<std::int64_t>(channels.count)};
  channels.forEachRun([&](std::size_t begin, std::size_t length, std::size_t channel, auto perElement) {
    if constexpr (perElement)
      widenByRow<skipZeros>(r, values.data() + begin, length);
    else
      widenByRun<skipZeros>(r, channel, values.data() + begin, length);
  });
  return r;
}

/// Never zero, which would stand for nothing (and ONNX asks for a positive scale).
float usableScale(double scale) {
  if (!(scale > 0)) return 1.0f;
  return std::max(static_cast<float>(scale), std::numeric_limits<float>::denorm_min());
}

Parameters symmetricParameters(const Ranges& ranges, const Quantize& quantize) {
  Parameters p;
  p.most = std::max(1, (1 << (quantize.bits - 1)) - 1);
  p.least = -p.most;
  if (quantize.scheme == Scheme::BitPlane) p.mask = ~((1 << quantize.droppedPlanes) - 1);
  for (std::size_t c = 0; c < ranges.low.size(); ++c) {
    const double largest = std::max(std::fabs(ranges.low[c]), std::fabs(ranges.high[c]));
    p.scale.push_back(usableScale(ranges.low[c] <= ranges.high[c] ? largest / p.most : 0));
    p.zero.push_back(0);
  }
  return p;
}

Parameters affineParameters(const Ranges& ranges, const Quantize& quantize) {
  Parameters p;
  p.most = (1 << quantize.bits) - 1;
  for (std::size_t c = 0; c < ranges.low.size(); ++c) {
    const double low = std::min(0.0, static_cast<double>(ranges.low[c]));
    const double high = std::max(0.0, static_cast<double>(ranges.high[c]));
    p.scale.push_back(usableScale((high - low) / p.most));
    const double zero = std::nearbyint(-low / static_cast<double>(p.scale.back()));
    p.zero.push_back(static_cast<std::int32_t>(std::clamp<double>(zero, 0, p.most)));
  }
  return p;
}

Parameters minMaxParameters(const Ranges& ranges, const Quantize& quantize, bool reserved) {
  Parameters p;
  p.reserved = reserved;
  const int steps = reserved ? std::max(1, (1 << quantize.bits) - 2) : (1 << quantize.bits) - 1;
  p.least = reserved ? 1 : 0;
  p.most = p.least + steps;
  for (std::size_t c = 0; c < ranges.low.size(); ++c) {
    const bool any = ranges.low[c] <= ranges.high[c];  // a channel may be all zeros
    const double low = any ? ranges.low[c] : 0, width = any ? ranges.high[c] - low : 0;
    if (width > static_cast<double>(std::numeric_limits<float>::max()))
      throw Error(ErrorKind::Unsupported,
                  "the weights span more than a float32 holds; min-max needs max - min");
    // Equal weights need no step; with |w| as the step and code 1, scale + offset is w without rounding.
    const double step = width > 0 ? width / steps : std::fabs(low);
    p.scale.push_back(usableScale(step));
    p.offset.push_back(reserved && any ? static_cast<float>(low) - p.scale.back() : static_cast<float>(low));
    p.zero.push_back(0);
    p.low.push_back(low);
    p.width.push_back(width > 0 ? width : 1);
  }
  return p;
}

Parameters binaryParameters(const Ranges& ranges) {
  Parameters p;
  p.least = -1, p.most = 1;
  for (std::size_t c = 0; c < ranges.low.size(); ++c) {
    const auto count = static_cast<double>(std::max<std::int64_t>(1, ranges.nonzero[c]));
    p.scale.push_back(usableScale(ranges.magnitudes[c] / count));
    p.zero.push_back(0);
  }
  return p;
}

Parameters parametersFor(const Quantize& quantize, const Ranges& ranges, bool reserved) {
  switch (quantize.scheme) {
    case Scheme::Affine:
      return affineParameters(ranges, quantize);
    case Scheme::MinMax:
      return minMaxParameters(ranges, quantize, reserved);
    case Scheme::Binary:
      return binaryParameters(ranges);
    default:
      return symmetricParameters(ranges, quantize);
  }
}

/// Nearest integer, ties to even, for |x| < 2^22: adding 1.5 * 2^23 leaves no fraction bits.
inline float roundEven(float x) { return (x + 12582912.0f) - 12582912.0f; }

/// Symmetric, BitPlane: codes of sign and magnitude.
template <class Code>
void encodeSigned(std::span<float> values, Code* codes, const Channels& channels, const Parameters& p) {
  const auto most = static_cast<float>(p.most);
  channels.forEachRun([&](std::size_t begin, std::size_t length, std::size_t channel, auto perElement) {
    float* __restrict v = values.data() + begin;
    Code* __restrict code = codes + begin;
    const float* __restrict scales = p.scale.data() + channel;
    const float only = scales[0];
    const std::int32_t mask = p.mask;
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
  });
}

template <class Code>
void encodeAffine(std::span<float> values, Code* codes, const Channels& channels, const Parameters& p) {
  const auto most = static_cast<float>(p.most);
  channels.forEachRun([&](std::size_t begin, std::size_t length, std::size_t channel, auto perElement) {
    float* __restrict v = values.data() + begin;
    Code* __restrict code = codes + begin;
    const float* __restrict scales = p.scale.data() + channel;
    const std::int32_t* __restrict zeros = p.zero.data() + channel;
    const float onlyScale = scales[0];
    const std::int32_t onlyZero = zeros[0];
    for (std::size_t i = 0; i < length; ++i) {
      const float scale = perElement ? scales[i] : onlyScale;
      const std::int32_t zero = perElement ? zeros[i] : onlyZero;
      const float level = roundEven(std::max(-most, std::min(most, v[i] / scale)));
      const std::int32_t k = std::max(0, std::min(p.most, static_cast<std::int32_t>(level) + zero));
      code[i] = static_cast<Code>(k);
      v[i] = static_cast<float>(k - zero) * scale;
    }
  });
}

/// The parameters of one run of MinMax: an array each where neighbours lie in neighbouring channels.
struct MinMaxRun {
  const double *lows, *widths;
  const float *scales, *offsets;
  double steps;
  std::int32_t least;
  bool reserved;

  MinMaxRun(const Parameters& p, std::size_t channel)
      : lows(p.low.data() + channel),
        widths(p.width.data() + channel),
        scales(p.scale.data() + channel),
        offsets(p.offset.data() + channel),
        steps(p.most - p.least),
        least(p.least),
        reserved(p.reserved) {}
  void advance(std::size_t by) { lows += by, widths += by, scales += by, offsets += by; }
};

/// Levels are found in double: near 65,535 steps float32 has too few bits left for the 0.5.
template <bool perElement>
void findLevels(const float* __restrict v, std::int32_t* __restrict levels, std::size_t length,
                const MinMaxRun& run) {
  const double* __restrict lows = run.lows, * __restrict widths = run.widths;
  const double low = lows[0], width = widths[0], steps = run.steps;
  for (std::size_t i = 0; i < length; ++i) {
    const double normal = (v[i] - (perElement ? lows[i] : low)) / (perElement ? widths[i] : width);
    // Not negative, so that truncation is floor.
    levels[i] = static_cast<std::int32_t>(std::max(0.0, std::min(steps, normal * steps + 0.5)));
  }
}

template <bool perElement, class Code>
void levelsToCodes(float* __restrict v, Code* __restrict codes, const std::int32_t* __restrict levels,
                   std::size_t length, const MinMaxRun& run) {
  const float* __restrict scales = run.scales, * __restrict offsets = run.offsets;
  const float scale = scales[0], offset = offsets[0];
  const std::int32_t least = run.least, reserve = run.reserved ? -1 : 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::int32_t kept = ~(reserve & -static_cast<std::int32_t>(v[i] == 0.0f));
    const std::int32_t k = (levels[i] + least) & kept;
    const float product = static_cast<float>(k) * (perElement ? scales[i] : scale);
    const float value = product + (perElement ? offsets[i] : offset);
    codes[i] = static_cast<Code>(k);
    v[i] = std::bit_cast<float>(std::bit_cast<std::int32_t>(value) & kept);
  }
}

template <class Code>
void encodeMinMax(std::span<float> values, Code* codes, const Channels& channels, const Parameters& p) {
  constexpr std::size_t block = 512;
  std::int32_t levels[block];
  channels.forEachRun([&](std::size_t begin, std::size_t length, std::size_t channel, auto perElement) {
    MinMaxRun run(p, channel);
    for (std::size_t at = 0; at < length; at += block) {
      const std::size_t n = std::min(block, length - at);
      findLevels<perElement()>(values.data() + begin + at, levels, n, run);
      levelsToCodes<perElement()>(values.data() + begin + at, codes + begin + at, levels, n, run);
      if constexpr (perElement()) run.advance(n);
    }
  });
}

void encodeBinary(std::span<float> values, std::int8_t* codes, const Channels& channels,
                  const Parameters& p) {
  channels.forEachRun([&](std::size_t begin, std::size_t length, std::size_t channel, auto perElement) {
    float* __restrict v = values.data() + begin;
    std::int8_t* __restrict code = codes + begin;
    const float* __restrict scales = p.scale.data() + channel;
    const float only = scales[0];
    for (std::size_t i = 0; i < length; ++i) {
      const std::int32_t k = (v[i] > 0) - (v[i] < 0);
      code[i] = static_cast<std::int8_t>(k);
      v[i] = static_cast<float>(k) * (perElement ? scales[i] : only);
    }
  });
}

template <class Code>
Tensor encodeAs(std::span<float> values, const Shape& shape, const Channels& channels, Scheme scheme,
                const Parameters& p) {
  TensorBuilder builder(dtypeOf<Code>(), shape);
  Code* codes = builder.as<Code>().data();
  if constexpr (std::is_signed_v<Code>)
    encodeSigned(values, codes, channels, p);
  else if (scheme == Scheme::Affine)
    encodeAffine(values, codes, channels, p);
  else
    encodeMinMax(values, codes, channels, p);
  return std::move(builder).build();
}

Tensor encode(std::span<float> values, const Shape& shape, const Channels& channels, const Quantize& quantize,
              const Parameters& p) {
  if (quantize.scheme == Scheme::Binary) {
    TensorBuilder builder(DType::Int8, shape);
    encodeBinary(values, builder.as<std::int8_t>().data(), channels, p);
    return std::move(builder).build();
  }
  const bool wide = quantize.bits > 8;
  if (quantize.scheme == Scheme::Symmetric || quantize.scheme == Scheme::BitPlane)
    return wide ? encodeAs<std::int16_t>(values, shape, channels, quantize.scheme, p)
                : encodeAs<std::int8_t>(values, shape, channels, quantize.scheme, p);
  return wide ? encodeAs<std::uint16_t>(values, shape, channels, quantize.scheme, p)
              : encodeAs<std::uint8_t>(values, shape, channels, quantize.scheme, p);
}

unsigned bitsNeeded(const Quantize& quantize, bool zeros, bool reserved) {
  const auto asked = static_cast<unsigned>(quantize.bits);
  switch (quantize.scheme) {
    case Scheme::Binary:
      return zeros ? 2 : 1;
    case Scheme::Symmetric:
    case Scheme::BitPlane:
      return std::max(2u, asked);
    case Scheme::MinMax:
      return reserved ? std::max(2u, asked) : asked;
    default:
      return asked;
  }
}

template <class T>
Tensor perChannel(const std::vector<T>& values, bool scalar) {
  return Tensor::from<T>(scalar ? Shape{} : Shape{static_cast<std::int64_t>(values.size())}, values);
}

}  // namespace

std::shared_ptr<const WeightEncoding> quantizeInPlace(std::span<float> values, const Shape& shape,
                                                      int channelAxis, const Quantize& quantize,
                                                      bool keepZeros) {
  requireFinite(values);
  const bool split = quantize.granularity == Granularity::Channel && shape.size() >= 2;
  const Channels channels = split ? Channels::along(shape, channelAxis) : Channels::single(values.size());
  const bool zeros = std::find(values.begin(), values.end(), 0.0f) != values.end();
  const bool reserved = keepZeros && zeros && quantize.scheme == Scheme::MinMax;
  const Parameters p = parametersFor(
      quantize, reserved ? rangesOf<true>(values, channels) : rangesOf<false>(values, channels), reserved);
  auto encoding = std::make_shared<WeightEncoding>();
  encoding->bits = bitsNeeded(quantize, zeros, reserved);
  encoding->axis = split ? channelAxis : -1;
  encoding->codes = encode(values, shape, channels, quantize, p);
  encoding->scale = perChannel(p.scale, !split);
  encoding->zeroPoint = convert(perChannel(p.zero, !split), encoding->codes.dtype());
  if (quantize.scheme == Scheme::MinMax) {
    encoding->offset = perChannel(p.offset, !split);
    encoding->offsetEverywhere = !reserved;
  }
  return encoding;
}

Tensor bitPlane(const WeightEncoding& encoding, int plane) {
  const std::vector<std::int64_t> codes = toInt64(encoding.codes);
  TensorBuilder builder(DType::UInt8, encoding.codes.shape());
  std::transform(codes.begin(), codes.end(), builder.as<std::uint8_t>().begin(), [plane](std::int64_t code) {
    return static_cast<std::uint8_t>((code < 0 ? -code : code) >> plane & 1);
  });
  return std::move(builder).build();
}

}  // namespace lapidary::core
