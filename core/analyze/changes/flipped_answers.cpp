// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/changes/flipped_answers.h"

#include "core/analyze/answers/predictions.h"
#include "core/analyze/statistics.h"

namespace lapidary::core {

Figure flippedAnswers(const Dataset&, const Predictions& original, const Predictions& cut) {
  const std::size_t samples = cut.samples.size();
  std::size_t flipped = 0;
  for (std::size_t i = 0; i < samples; ++i) flipped += cut.samples[i].top1 != original.samples[i].top1;
  const double share = samples == 0 ? 0 : static_cast<double>(flipped) / static_cast<double>(samples);
  return {.value = share, .interval = wilsonInterval(flipped, samples), .samples = samples};
}

}  // namespace lapidary::core
