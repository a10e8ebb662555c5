// SPDX-License-Identifier: GPL-3.0-or-later
// How to store the weights of one layer in few bits: which values the codes may stand for, how many scales
// there are, where their range comes from, and how a weight finds its code.
#pragma once

namespace lapidary::core {

/// Quantization comes after pruning, and a weight that is zero by then stays exactly zero in every
/// scheme but MinMax without pruning. All arithmetic that gives values is float32: WeightEncoding.
enum class Scheme {
  None,
  /// Signed codes, zero point 0, scale = max|w| / N, N = 2^(b-1) - 1, code = w / scale rounded to
  /// nearest, ties to even. At 1 bit N = 1: three codes -1, 0, 1, stored as 2 bits.
  Symmetric,
  /// Unsigned codes 0 to 2^b - 1; the range [min, max] is widened to hold 0, the zero point is an
  /// integer; code = w / scale rounded to nearest even, plus the zero point.
  Affine,
  /// w' = (w - min) / (max - min), code = floor(w' * N + 0.5), N = 2^b - 1, value = code * scale + min
  /// with scale = (max - min) / N. Where pruning left zeros, min and max are those of the other
  /// weights, N = 2^b - 2 (1 at 1 bit, then stored as 2 bits), and code 0 is kept for exact zero: the
  /// codes of the others are 1 + floor(w' * N + 0.5), their value code * scale + (min - scale).
  MinMax,
  /// sign(w) times the mean magnitude of the weights that are not zero; codes -1, 1 (1 bit), and 0
  /// where there are zeros (2 bits).
  Binary,
  /// Symmetric's integer code seen as sign and magnitude = sum of b_i 2^i; the lowest `droppedPlanes`
  /// planes of the magnitude are cleared, the scale stays.
  BitPlane,
  /// Symmetric with the scale rounded up to a power of two: a shift in place of a product.
  PowerOfTwo,
  /// -s, 0, s: zero where |w| <= 0.7 mean|w|, s the mean magnitude of the others (Li, Zhang, Liu 2016).
  Ternary,
  /// 16 values at quantiles of a normal distribution, times max|w| (NF4; Dettmers et al. 2023).
  NormalFloat,
  /// 8-bit floats times a scale that brings max|w| to the greatest of them (Micikevicius et al. 2022).
  Float8E4M3,
  Float8E5M2,
  /// 2^b values found by k-means over the weights, exact zeros kept apart (Han, Mao, Dally 2016).
  Codebook,
};

/// One scale for the tensor, one for every output channel (weights of rank 0 or 1: for the tensor), or one
/// for every `groupSize` neighbouring weights along the inputs of an output channel.
enum class Granularity { Tensor, Channel, Group };

/// How a range comes from values; those beyond it are clipped.
enum class RangeMethod {
  MinMax,            ///< from least to greatest value seen
  Percentile,        ///< leaves out the outermost 0.01 % of the values
  MeanSquaredError,  ///< the range whose codes have the least mean squared error
  Entropy,           ///< the range of least Kullback-Leibler divergence (Migacz 2017)
};

/// How a weight finds its code, once the scales are known.
enum class Rounding {
  Nearest,
  Gptq,      ///< column by column, the columns to come make up for the error (Frantar et al. 2023)
  Adaptive,  ///< up or down, so that the layer's output errs least (AdaRound; Nagel et al. 2020)
};

struct Quantize {
  Scheme scheme = Scheme::None;
  int bits = 8;  ///< 1 to 16 (Codebook 1 to 8); ignored by the schemes that have their own: see fixedBits
  Granularity granularity = Granularity::Channel;
  int droppedPlanes = 0;                    ///< BitPlane only: lowest planes set to zero, 0 to bits - 1
  int groupSize = 64;                       ///< Group only: 8 to 4096
  RangeMethod range = RangeMethod::MinMax;  ///< schemes of even steps only: see hasRange
  Rounding rounding = Rounding::Nearest;    ///< Symmetric, Affine and PowerOfTwo only: see hasRounding
  bool correctBias = false;  ///< the bias makes up for the mean error of the output (Nagel et al. 2019)
  bool scaleInputs = false;  ///< salient inputs' weights are scaled up before rounding (AWQ; Lin et al. 2023)
  auto operator<=>(const Quantize&) const = default;
};

/// Bits of a code in schemes that do not ask for them; 0 in the others.
constexpr int fixedBits(Scheme scheme) {
  switch (scheme) {
    case Scheme::Binary:
      return 1;
    case Scheme::Ternary:
      return 2;
    case Scheme::NormalFloat:
      return 4;
    case Scheme::Float8E4M3:
    case Scheme::Float8E5M2:
      return 8;
    default:
      return 0;
  }
}

/// Whether there is a range to choose: codes in even steps.
constexpr bool hasRange(Scheme scheme) {
  return scheme == Scheme::Symmetric || scheme == Scheme::Affine || scheme == Scheme::MinMax ||
         scheme == Scheme::PowerOfTwo || scheme == Scheme::BitPlane;
}

constexpr bool hasRounding(Scheme scheme) {
  return scheme == Scheme::Symmetric || scheme == Scheme::Affine || scheme == Scheme::PowerOfTwo;
}

/// Whether calibration samples decide.
constexpr bool needsSamples(const Quantize& quantize) {
  return quantize.scheme != Scheme::None &&
         ((hasRounding(quantize.scheme) && quantize.rounding != Rounding::Nearest) || quantize.correctBias ||
          quantize.scaleInputs);
}

}  // namespace lapidary::core
