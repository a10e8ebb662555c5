// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/measurements.h"

#include "core/analyze/changes/flipped_answers.h"
#include "core/session/evaluation.h"

namespace lapidary::core {
namespace {

constexpr Needs needsRun{.runnable = true};
constexpr Needs needsAnswers{.runnable = true, .samples = true, .classScores = true};
constexpr Needs needsLabels{.runnable = true, .samples = true, .classScores = true, .labels = true};

/// The quality needs nothing: it becomes less where something is missing, and none where nothing can run.
constexpr MeasurementRow measurementRows[] = {
    {measurement::size, words::size, {}, Turn::First, addSize},
    {measurement::quality, words::quality, {}, Turn::Always, addQuality},
    {measurement::latency, words::latency, needsRun, Turn::Usually, addLatency},
    {measurement::forms, words::forms, {}, Turn::Usually, addForms},
    {.id = {"flipped"},
     .words = {"flipped", "Flipped answers", FigureUnit::Share},
     .needs = needsAnswers,
     .ofAnswers = flippedAnswers},
    {{"reliability"}, words::reliability, needsLabels, Turn::Always, addReliability},
    {measurement::saliency, words::saliency, needsAnswers, Turn::Usually, addSaliency},
    {measurement::attacked, words::attacked, needsLabels, Turn::OnRequest, addAttacked},
};

}  // namespace

std::span<const MeasurementRow> measurements() { return measurementRows; }

MeasurementSet usualMeasurements() {
  MeasurementSet usual;
  for (const MeasurementRow& row : measurementRows)
    if (row.turn == Turn::Usually) usual.insert(row.id);
  return usual;
}

std::vector<Figure> figuresOfAnswers(const Dataset& data, const Predictions& original,
                                     const Predictions& cut) {
  std::vector<Figure> figures;
  for (const MeasurementRow& row : measurementRows) {
    if (row.ofAnswers == nullptr || (row.needs.labels && !data.labelled())) continue;
    figures.push_back(row.ofAnswers(data, original, cut));
    figures.back().words = &row.words;
  }
  return figures;
}

std::vector<const FigureWords*> wordsOfAnswers() {
  std::vector<const FigureWords*> found;
  for (const MeasurementRow& row : measurementRows)
    if (row.ofAnswers != nullptr) found.push_back(&row.words);
  return found;
}

}  // namespace lapidary::core
