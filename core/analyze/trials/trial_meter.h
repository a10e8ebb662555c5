// SPDX-License-Identifier: GPL-3.0-or-later
// Extends trials of candidates sample by sample, against answers of the original that are computed once.
#pragma once

#include <vector>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/class_scores.h"
#include "core/analyze/trials/trial.h"

namespace lapidary::core {

/// The candidate that a meter measures next. `same` as the original: nothing is run.
struct TrialSubject {
  const Model& model;
  const BatchRunner& runner;
  bool same = false;
};

/// For scores of classes. Holds references, which must outlive it. Used by one thread at a time; chunks are
/// run by `workers`, and the sums are the same to the last bit for any number of them.
class TrialMeter {
 public:
  TrialMeter(const Model& original, const BatchRunner& runner, const Dataset& data, unsigned workers);

  /// Extends the prefix to `samples`, rounded up to the grid. Throws Cancelled between chunks; the trial then
  /// holds what was complete.
  void extend(const TrialSubject& subject, std::size_t samples, Trial& trial, const Progress& progress);

 private:
  struct Reference {
    std::vector<std::int64_t> top1;
    std::vector<float> logProbabilities;  ///< rows of `classes`, of the samples that memory allows
    std::size_t classes = 0;
  };

  void extendReference(std::size_t samples, const Progress& progress);
  Trial ofChunk(const ClassScores& scores, SampleRange chunk) const;
  void count(std::size_t index, std::int64_t answer, Trial& trial) const;

  const Model& m_original;
  const BatchRunner& m_runner;
  const Dataset& m_data;
  unsigned m_workers;
  Reference m_reference;
};

/// log softmax of a sample's scores, or the log of what already are probabilities.
std::vector<float> logProbabilities(const ClassScores& scores, std::size_t sample);
/// KL(p || q) in nats of two rows of log probabilities; never below 0.
double divergenceOf(std::span<const float> p, std::span<const float> q);
/// By how much less likely than its own top-1 the original, of log probabilities p, holds another answer.
double regretOf(std::span<const float> p, std::int64_t wanted, std::int64_t answer);

/// Sums of two disjoint parts; `part` follows.
void addTo(Trial& trial, const Trial& part);

}  // namespace lapidary::core
