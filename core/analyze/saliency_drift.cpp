// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/saliency_drift.h"

#include "core/support/error.h"

namespace lapidary::core {

const char* name(DriftMeasure measure) {
  switch (measure) {
    case DriftMeasure::RankCorrelation:
      return "rank";
    case DriftMeasure::Ssim:
      return "ssim";
    case DriftMeasure::TopOverlap:
      return "top";
  }
  return "";
}

DriftMeasure driftMeasureFrom(const std::string& word) {
  for (const auto measure : {DriftMeasure::RankCorrelation, DriftMeasure::Ssim, DriftMeasure::TopOverlap})
    if (word == name(measure)) return measure;
  throw Error(ErrorKind::Usage, "there is no measure '" + word + "' of drift: rank, ssim or top");
}

}  // namespace lapidary::core
