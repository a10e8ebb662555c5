// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/quality/accuracy.h"

#include "core/analyze/quality/output_meter.h"
#include "core/analyze/statistics.h"
#include "core/data/dataset.h"

namespace lapidary::core {
namespace {

struct Tally {
  std::size_t right = 0, rightBefore = 0, gained = 0, lost = 0, top5 = 0, agreed = 0;
  double loss = 0;
};

Tally tallyOf(const Dataset& data, const Predictions& original, const Predictions& cut) {
  Tally tally;
  for (std::size_t i = 0; i < cut.samples.size(); ++i) {
    const SamplePrediction &now = cut.samples[i], &before = original.samples[i];
    tally.agreed += now.top1 == before.top1;
    if (!data.labelled()) continue;
    const std::int64_t label = data.source().label(data.order()[i]);
    const bool right = now.top1 == label, rightBefore = before.top1 == label;
    tally.right += right;
    tally.rightBefore += rightBefore;
    tally.gained += right && !rightBefore;
    tally.lost += rightBefore && !right;
    tally.top5 += now.top5;
    tally.loss += now.loss;
  }
  return tally;
}

}  // namespace

Quality qualityOf(const Dataset& data, const Predictions& original, const Predictions& cut) {
  const std::size_t n = cut.samples.size();
  const Tally tally = tallyOf(data, original, cut);
  const auto share = [n](std::size_t count) { return static_cast<double>(count) / static_cast<double>(n); };
  Quality quality;
  quality.kind = data.labelled() ? QualityKind::Accuracy : QualityKind::Agreement;
  quality.samples = n;
  quality.total = data.size();
  if (n == 0) return quality;
  quality.agreement = share(tally.agreed);
  quality.agreementInterval = wilsonInterval(tally.agreed, n);
  if (!data.labelled()) return quality;
  quality.top1 = share(tally.right);
  quality.top1Interval = wilsonInterval(tally.right, n);
  if (cut.classes >= 10) quality.top5 = share(tally.top5);
  quality.loss = tally.loss / static_cast<double>(n);
  quality.originalTop1 = share(tally.rightBefore);
  quality.change = *quality.top1 - *quality.originalTop1;
  quality.changeInterval = pairedInterval(tally.gained, tally.lost, n);
  return quality;
}

}  // namespace lapidary::core
