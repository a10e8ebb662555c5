// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/answers/predictor.h"

#include <algorithm>

#include "core/analyze/answers/answer_kind.h"
#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/class_scores.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

SamplePrediction predictionOf(const ClassScores& scores, std::size_t row, const Dataset& data,
                              std::size_t sample) {
  SamplePrediction prediction;
  prediction.top1 = scores.top1(row);
  prediction.probability = scores.probability(row, prediction.top1);
  if (!data.labelled()) return prediction;
  const std::int64_t label = data.source().label(sample);
  requireClass(data.source(), sample, scores.classes);
  prediction.truthProbability = scores.probability(row, label);
  prediction.loss = scores.crossEntropy(row, label);
  prediction.top5 = scores.within(row, label, 5);
  return prediction;
}

}  // namespace

Predictor::Predictor(const Model& model, const Executor& executor, const Dataset& data, unsigned workers,
                     Remembering remembering)
    : m_data(data), m_workers(workers), m_runner(model, executor, data, remembering) {}

Predictor::Predictor(const Model& model, OutputsOf elsewhere, const Dataset& data, Remembering remembering)
    : m_data(data), m_workers(1), m_runner(model, std::move(elsewhere), data, remembering) {}

void Predictor::extend(const Model& model, std::size_t samples, Predictions& predictions,
                       const Progress& progress) const {
  const std::size_t end = aligned(samples);
  // Calls are small, so that two jobs that share the workers take turns.
  const std::size_t perCall = std::max<std::size_t>(1, 2 * m_workers) * m_runner.chunkSize();
  while (predictions.samples.size() < end) {
    progress.check();
    const std::size_t begin = predictions.samples.size();
    const Predictions part = answers(model, {begin, std::min(end, begin + perCall)}, progress.stop);
    predictions.classes = part.classes;
    predictions.samples.insert(predictions.samples.end(), part.samples.begin(), part.samples.end());
    progress.step(predictions.samples.size(), m_data.size());
  }
}

Predictions Predictor::answers(const Model& model, SampleRange range, std::stop_token stop) const {
  const auto chunks = m_runner.chunks(range.begin, range.end);
  std::vector<Predictions> parts(chunks.size());
  parallelFor(chunks.size(), m_workers,
              [&](std::size_t i, unsigned) { parts[i] = runChunk(model, chunks[i], stop); });
  Predictions all;
  for (const Predictions& part : parts) {
    all.classes = part.classes;
    all.samples.insert(all.samples.end(), part.samples.begin(), part.samples.end());
  }
  return all;
}

Predictions Predictor::runChunk(const Model& model, SampleRange chunk, std::stop_token stop) const {
  const ClassScores scores = classScores(m_runner.outputs(model, chunk, stop), model.scoresOutput);
  if (scores.samples < chunk.end - chunk.begin)
    throw Error(ErrorKind::Unsupported, "the model gave answers for " + std::to_string(scores.samples) +
                                            " of " + std::to_string(chunk.end - chunk.begin) + " samples");
  Predictions predictions{scores.classes, {}};
  for (std::size_t i = chunk.begin; i < chunk.end; ++i)
    predictions.samples.push_back(predictionOf(scores, i - chunk.begin, m_data, m_data.order()[i]));
  return predictions;
}

}  // namespace lapidary::core
