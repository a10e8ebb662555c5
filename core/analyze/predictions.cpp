#include "core/analyze/predictions.h"

#include <algorithm>
#include <array>

#include "core/analyze/class_scores.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// Large enough for the operators to be efficient, small enough that a first outcome of 100 samples
/// keeps several workers busy and a stop is noticed soon.
constexpr std::size_t chunkSamples = 25;

SamplePrediction predictionOf(const ClassScores& scores, std::size_t row, const Dataset& data,
                              std::size_t sample) {
  SamplePrediction prediction;
  prediction.top1 = scores.top1(row);
  prediction.probability = scores.probability(row, prediction.top1);
  if (!data.labelled()) return prediction;
  const std::int64_t label = data.source().label(sample);
  if (label < 0 || static_cast<std::size_t>(label) >= scores.classes)
    throw Error(ErrorKind::InvalidInput, "sample " + data.source().sampleName(sample) + " has the label " +
                                             std::to_string(label) + ", the model gives " +
                                             std::to_string(scores.classes) + " classes (0 to " +
                                             std::to_string(scores.classes - 1) + ")");
  prediction.truthProbability = scores.probability(row, label);
  prediction.loss = scores.crossEntropy(row, label);
  prediction.top5 = scores.within(row, label, 5);
  return prediction;
}

}  // namespace

Predictor::Predictor(const Model& model, const Executor& executor, const Dataset& data, unsigned workers,
                     bool remember)
    : m_executor(executor), m_data(data), m_workers(workers), m_remember(remember), m_chunk(chunkSamples) {
  const std::int64_t batch = fixedBatch(model);
  m_fixed = batch > 0;
  if (m_fixed) m_chunk = static_cast<std::size_t>(batch);
}

std::size_t Predictor::aligned(std::size_t samples) const {
  return std::min(m_data.size(), (samples + m_chunk - 1) / m_chunk * m_chunk);
}

void Predictor::extend(const Model& model, std::size_t samples, Predictions& predictions,
                       const Progress& progress) const {
  const std::size_t end = aligned(samples);
  // Calls are small, so that two jobs that share the workers take turns.
  const std::size_t perCall = std::max<std::size_t>(1, 2 * m_workers) * m_chunk;
  while (predictions.samples.size() < end) {
    progress.check();
    const std::size_t begin = predictions.samples.size(), stop = std::min(end, begin + perCall);
    Predictions part{predictions.classes, std::vector<SamplePrediction>(stop - begin)};
    std::vector<std::size_t> classes((stop - begin + m_chunk - 1) / m_chunk);
    parallelFor(classes.size(), m_workers, [&](std::size_t i, unsigned) {
      Predictions chunk;
      runChunk(model, begin / m_chunk + i, chunk, progress.stop);
      std::copy(chunk.samples.begin(), chunk.samples.end(),
                part.samples.begin() + static_cast<std::ptrdiff_t>(i * m_chunk));
      classes[i] = chunk.classes;
    });
    predictions.classes = classes.front();
    predictions.samples.insert(predictions.samples.end(), part.samples.begin(), part.samples.end());
    progress.step(predictions.samples.size(), m_data.size());
  }
}

/// The samples of a chunk; where the model insists on a number, the last one is repeated to fill up.
std::vector<Tensor> Predictor::inputsOf(std::size_t begin, std::size_t end) const {
  std::vector<std::size_t> samples(m_data.order().begin() + static_cast<std::ptrdiff_t>(begin),
                                   m_data.order().begin() + static_cast<std::ptrdiff_t>(end));
  if (m_fixed) samples.resize(m_chunk, samples.back());
  return m_data.inputs(samples);
}

void Predictor::runChunk(const Model& model, std::size_t chunk, Predictions& predictions,
                         std::stop_token stop) const {
  if (stop.stop_requested()) throw Cancelled();
  const std::size_t begin = chunk * m_chunk, end = std::min(begin + m_chunk, m_data.size());
  RunOptions options;
  options.stop = stop;
  if (m_remember) options.batchKey = hashWords(std::array<std::uint64_t, 3>{m_data.id(), m_chunk, chunk});
  const RunResult result = m_executor.run(model, inputsOf(begin, end), options);
  const ClassScores scores = classScores(result.outputs);
  if (scores.samples < end - begin)
    throw Error(ErrorKind::Unsupported, "the model gave answers for " + std::to_string(scores.samples) +
                                            " of " + std::to_string(end - begin) + " samples");
  predictions.classes = scores.classes;
  for (std::size_t i = begin; i < end; ++i)
    predictions.samples.push_back(predictionOf(scores, i - begin, m_data, m_data.order()[i]));
}

}  // namespace lapidary::core
