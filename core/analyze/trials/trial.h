// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of a candidate beside the original's, over a prefix of the samples: sums that add up.
#pragma once

#include <cstdint>
#include <optional>

#include "core/analyze/outcome.h"
#include "core/analyze/quality/output_difference.h"

namespace lapidary::core {

/// A few numbers, whatever the samples: hundreds of candidates can be kept and sharpened in turn.
struct Trial {
  std::size_t samples = 0;                                       ///< seen so far, of the dataset's order
  std::size_t right = 0, rightBefore = 0, gained = 0, lost = 0;  ///< with labels
  std::size_t agreed = 0;  ///< top-1 equals the original's; where outputs are scores of classes
  double divergence = 0;   ///< sum of KL(original's answer || candidate's), nats, over `diverged` samples
  /// Sum over the same samples of p(original's top-1) - p(candidate's top-1), p being the original's answer:
  /// the accuracy that the original itself expects to be lost. Samples that it is not sure of count little,
  /// which way they flip; so it depends on luck far less than their labels do. Never below 0.
  double regret = 0;
  double regretSquares = 0;  ///< sum of its squares
  std::size_t diverged = 0;
  OutputPower power;  ///< where outputs are not scores of classes, or there are no data

  /// Mean KL divergence in nats; nothing where it was not measured.
  std::optional<double> meanDivergence() const;
  /// Upper end of the one-sided 95 % interval of the mean regret: of many candidates the luckiest is chosen.
  std::optional<double> highRegret() const;
  bool operator==(const Trial&) const = default;
};

/// The share that is lost, a number in [0, 1], on the samples of the trial, with its 95 % interval. With
/// labels: the original's accuracy less the candidate's (below 0: a gain), interval paired. Without: the
/// share of samples whose top-1 is another one than the original's.
struct Drop {
  double value = 0;
  Interval interval;
};

/// Nothing of kind Noise, nor before the first sample.
std::optional<Drop> dropOf(const Trial& trial, QualityKind kind);

}  // namespace lapidary::core
