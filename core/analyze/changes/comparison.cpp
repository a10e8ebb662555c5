// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/changes/comparison.h"

#include "core/data/dataset.h"

namespace lapidary::core {
namespace {

Prediction shown(const SamplePrediction& prediction) {
  return {prediction.top1, prediction.probability, prediction.truthProbability};
}

Predictions firstOf(const Predictions& predictions, std::size_t count) {
  const auto begin = predictions.samples.begin();
  return {predictions.classes, {begin, begin + static_cast<std::ptrdiff_t>(count)}};
}

}  // namespace

std::optional<Reliability> reliabilityOf(const Dataset& data, const Predictions& predictions) {
  if (!data.labelled()) return std::nullopt;
  std::vector<RatedAnswer> answers;
  answers.reserve(predictions.samples.size());
  for (std::size_t i = 0; i < predictions.samples.size(); ++i) {
    const SamplePrediction& answer = predictions.samples[i];
    answers.push_back({answer.probability, answer.top1 == data.source().label(data.order()[i])});
  }
  return reliabilityOf(answers);
}

Comparison comparisonOf(const Dataset& data, const Predictions& original, const Predictions& cut) {
  Comparison comparison;
  comparison.samples = cut.samples.size();
  comparison.classes = cut.classes;
  comparison.confusion.assign(cut.classes * cut.classes, 0);
  comparison.originalConfusion.assign(cut.classes * cut.classes, 0);
  for (std::size_t i = 0; i < cut.samples.size(); ++i) {
    const std::size_t sample = data.order()[i];
    const SamplePrediction &before = original.samples[i], &now = cut.samples[i];
    const std::int64_t truth = data.labelled() ? data.source().label(sample) : -1;
    const std::size_t row = static_cast<std::size_t>(data.labelled() ? truth : before.top1) * cut.classes;
    ++comparison.confusion[row + static_cast<std::size_t>(now.top1)];
    ++comparison.originalConfusion[row + static_cast<std::size_t>(before.top1)];
    if (before.top1 == now.top1) continue;
    auto& list = !data.labelled() || before.top1 == truth ? comparison.lost
                 : now.top1 == truth                      ? comparison.gained
                                                          : comparison.changed;
    list.push_back({sample, truth, shown(before), shown(now)});
  }
  comparison.reliability = reliabilityOf(data, cut);
  comparison.originalReliability = reliabilityOf(data, firstOf(original, cut.samples.size()));
  return comparison;
}

}  // namespace lapidary::core
