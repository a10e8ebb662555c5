#include "core/session/measurements.h"

#include "core/session/evaluation.h"

namespace lapidary::core {
namespace {

constexpr Needs toRun{.runnable = true};
constexpr Needs answers{.runnable = true, .samples = true, .classScores = true};
constexpr Needs labelledAnswers{.runnable = true, .samples = true, .classScores = true, .labels = true};

/// The quality needs nothing: it becomes less where something is missing, and none where nothing can run.
constexpr Measurement rows[] = {
    {measurement::size, words::size, {}, Turn::First, addSize},
    {measurement::quality, words::quality, {}, Turn::Always, addQuality},
    {measurement::latency, words::latency, toRun, Turn::Usually, addLatency},
    {measurement::forms, words::forms, {}, Turn::Usually, addForms},
    {{"reliability"}, words::reliability, labelledAnswers, Turn::Always, addReliability},
    {measurement::saliency, words::saliency, answers, Turn::Usually, addSaliency},
    {measurement::attacked, words::attacked, labelledAnswers, Turn::OnRequest, addAttacked},
};

}  // namespace

std::span<const Measurement> measurements() { return rows; }

MeasurementSet usualMeasurements() {
  MeasurementSet usual;
  for (const Measurement& row : rows)
    if (row.turn == Turn::Usually) usual.insert(row.id);
  return usual;
}

std::vector<Figure> figuresOfAnswers(const Dataset& data, const Predictions& original,
                                     const Predictions& cut) {
  std::vector<Figure> figures;
  for (const Measurement& row : rows) {
    if (row.ofAnswers == nullptr || (row.needs.labels && !data.labelled())) continue;
    figures.push_back(row.ofAnswers(data, original, cut));
    figures.back().words = &row.words;
  }
  return figures;
}

std::vector<const FigureWords*> wordsOfAnswers() {
  std::vector<const FigureWords*> found;
  for (const Measurement& row : rows)
    if (row.ofAnswers != nullptr) found.push_back(&row.words);
  return found;
}

}  // namespace lapidary::core
