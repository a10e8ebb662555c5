// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/trials/trial_meter.h"

#include <algorithm>
#include <cmath>

#include "core/analyze/answers/batch_runner.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// Floats of the original's answers that are kept: 64 MiB.
constexpr std::size_t mostKept = std::size_t{1} << 24;
/// In place of log 0, so that a certainty that is lost counts much and not for everything.
constexpr float leastLog = -30;

std::vector<ClassScores> scoresOf(const Model& model, const BatchRunner& runner,
                                  const std::vector<SampleRange>& chunks, unsigned workers,
                                  const Progress& progress) {
  std::vector<ClassScores> scores(chunks.size());
  parallelFor(chunks.size(), workers, [&](std::size_t i, unsigned) {
    scores[i] = classScores(runner.outputs(model, chunks[i], progress.stop), model.scoresOutput);
  });
  return scores;
}

}  // namespace

std::vector<float> logProbabilities(const ClassScores& scores, std::size_t sample) {
  const auto row = scores.row(sample);
  std::vector<float> logs(row.begin(), row.end());
  if (scores.probabilities) {
    for (float& value : logs) value = std::max(leastLog, std::log(value));
    return logs;
  }
  const double most = *std::ranges::max_element(logs);
  double sum = 0;
  for (const float value : logs) sum += std::exp(value - most);
  const double norm = most + std::log(sum);
  for (float& value : logs) value = std::max(leastLog, static_cast<float>(value - norm));
  return logs;
}

double divergenceOf(std::span<const float> p, std::span<const float> q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    sum += std::exp(static_cast<double>(p[i])) * (static_cast<double>(p[i]) - static_cast<double>(q[i]));
  return std::isfinite(sum) ? std::max(0.0, sum) : -static_cast<double>(leastLog);
}

double regretOf(std::span<const float> p, std::int64_t wanted, std::int64_t answer) {
  const auto probability = [p](std::int64_t cls) {
    return std::exp(static_cast<double>(p[static_cast<std::size_t>(cls)]));
  };
  return std::max(0.0, probability(wanted) - probability(answer));
}

void addTo(Trial& trial, const Trial& part) {
  trial.samples += part.samples;
  trial.right += part.right;
  trial.rightBefore += part.rightBefore;
  trial.gained += part.gained;
  trial.lost += part.lost;
  trial.agreed += part.agreed;
  trial.divergence += part.divergence;
  trial.regret += part.regret;
  trial.regretSquares += part.regretSquares;
  trial.diverged += part.diverged;
  trial.power.signal += part.power.signal;
  trial.power.noise += part.power.noise;
}

TrialMeter::TrialMeter(const Model& original, const BatchRunner& runner, const Dataset& data,
                       unsigned workers)
    : m_original(original), m_runner(runner), m_data(data), m_workers(workers) {}

void TrialMeter::extendReference(std::size_t samples, const Progress& progress) {
  const auto chunks = m_runner.chunks(m_reference.top1.size(), m_runner.aligned(samples));
  const auto scores = scoresOf(m_original, m_runner, chunks, m_workers, progress);
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    m_reference.classes = scores[c].classes;
    for (std::size_t i = 0; i < chunks[c].end - chunks[c].begin; ++i) {
      m_reference.top1.push_back(scores[c].top1(i));
      if (m_reference.logProbabilities.size() + scores[c].classes > mostKept) continue;
      const auto row = logProbabilities(scores[c], i);
      m_reference.logProbabilities.insert(m_reference.logProbabilities.end(), row.begin(), row.end());
    }
  }
}

void TrialMeter::count(std::size_t index, std::int64_t answer, Trial& trial) const {
  const std::int64_t before = m_reference.top1[index];
  ++trial.samples;
  trial.agreed += answer == before;
  if (!m_data.labelled()) return;
  const std::int64_t label = m_data.source().label(m_data.order()[index]);
  trial.right += answer == label;
  trial.rightBefore += before == label;
  trial.gained += answer == label && before != label;
  trial.lost += before == label && answer != label;
}

Trial TrialMeter::ofChunk(const ClassScores& scores, SampleRange chunk) const {
  Trial trial;
  const std::size_t classes = m_reference.classes;
  for (std::size_t index = chunk.begin; index < chunk.end; ++index) {
    const std::size_t row = index - chunk.begin;
    count(index, scores.top1(row), trial);
    if ((index + 1) * classes > m_reference.logProbabilities.size() || scores.classes != classes) continue;
    const auto before = std::span(m_reference.logProbabilities).subspan(index * classes, classes);
    trial.divergence += divergenceOf(before, logProbabilities(scores, row));
    const double regret = regretOf(before, m_reference.top1[index], scores.top1(row));
    trial.regret += regret;
    trial.regretSquares += regret * regret;
    ++trial.diverged;
  }
  return trial;
}

void TrialMeter::extend(const TrialSubject& subject, std::size_t samples, Trial& trial,
                        const Progress& progress) {
  const std::size_t end = m_runner.aligned(samples);
  // Calls are small, so that two jobs that share the workers take turns.
  const std::size_t perCall = std::max<std::size_t>(1, 2 * m_workers) * m_runner.chunkSize();
  while (trial.samples < end) {
    progress.check();
    const std::size_t next = std::min(end, trial.samples + perCall);
    if (m_reference.top1.size() < next) extendReference(next, progress);
    const auto chunks = m_runner.chunks(trial.samples, next);
    if (subject.same) {
      Trial part;
      for (std::size_t index = trial.samples; index < next; ++index)
        count(index, m_reference.top1[index], part);
      part.diverged = part.samples;
      addTo(trial, part);
      continue;
    }
    const auto scores = scoresOf(subject.model, subject.runner, chunks, m_workers, progress);
    for (std::size_t c = 0; c < chunks.size(); ++c) addTo(trial, ofChunk(scores[c], chunks[c]));
  }
}

}  // namespace lapidary::core
