// SPDX-License-Identifier: GPL-3.0-or-later
// How much of what a model's answers rest on is left after a cut: figures and the options they are computed
// with.
#pragma once

#include <cstddef>
#include <string>

#include "core/support/interval.h"

namespace lapidary::core {

/// Three ways to compare the map of a sample before the cut with that after it; 1 means unchanged in each.
enum class DriftMeasure {
  RankCorrelation,  ///< Spearman's, in [-1, 1]: the same order of positions
  Ssim,             ///< structural similarity (Wang 2004), in [-1, 1]: the same pattern
  TopOverlap        ///< share of the most important positions that stay so, in [0, 1]
};

struct DriftOptions {
  std::string method = "gradient";  ///< word of the saliency method, see core/explain/drift.h
  std::size_t samples = 64;         ///< the first of the data's stratified order; 0: drift is not computed
  double topShare = 0.1;            ///< of the positions that count as the most important
  bool operator==(const DriftOptions&) const = default;
};

struct KeptFigure {
  double mean = 1;          ///< over the samples
  Interval interval{1, 1};  ///< of the mean, 95 %
};

/// Over the same samples of the data for every recipe, so that recipes can be compared.
struct SaliencyDrift {
  DriftOptions options;
  std::size_t samples = 0;  ///< that were compared: fewer than asked for where there are not so many
  KeptFigure rank, ssim, top;

  const KeptFigure& of(DriftMeasure measure) const {
    return measure == DriftMeasure::RankCorrelation ? rank : measure == DriftMeasure::Ssim ? ssim : top;
  }
};

/// "rank", "ssim", "top".
const char* name(DriftMeasure measure);
/// Throws Error(Usage) for another word.
DriftMeasure driftMeasureFrom(const std::string& word);

}  // namespace lapidary::core
