// SPDX-License-Identifier: GPL-3.0-or-later
// How far a model's probabilities can be believed: bins of confidence, and the calibration error.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/support/interval.h"

namespace lapidary::core {

/// Samples whose answer was given with a probability in (low, high]; the first bin also holds 0.
struct ReliabilityBin {
  double low = 0, high = 0;
  std::size_t samples = 0, right = 0;
  double confidence = 0;    ///< mean probability of the answers; 0 of an empty bin
  double accuracy = 0;      ///< share that is right; 0 of an empty bin
  Interval interval{0, 1};  ///< of the accuracy, Wilson score, 95 %
};

struct Reliability {
  std::size_t samples = 0;
  std::vector<ReliabilityBin> bins;  ///< 15 of equal width, empty ones among them (Guo 2017)
  double ece = 0;        ///< expected calibration error: sum over bins of share * |accuracy - confidence|
  Interval eceInterval;  ///< 95 %, see reliabilityOf
  /// The same over 15 bins of equally many samples (Nixon 2019), which empty regions do not distort.
  double adaptiveEce = 0;
  double confidence = 0,
         accuracy = 0;  ///< means over all samples: confidence above accuracy is overconfidence
};

/// An answer: the probability of its class, in [0, 1], and whether it is right.
struct RatedAnswer {
  double probability = 0;
  bool right = false;
};

/// The interval is the basic bootstrap's, of 400 resamples drawn with a fixed seed: the percentiles of the
/// resampled errors mirrored at the error found, since resampling raises it as much again as sampling did; it
/// is widened to hold the error itself and kept in [0, 1].
Reliability reliabilityOf(std::span<const RatedAnswer> answers);

/// The two errors alone; 0 of no answers.
double calibrationError(std::span<const RatedAnswer> answers);
double adaptiveCalibrationError(std::span<const RatedAnswer> answers);

}  // namespace lapidary::core
