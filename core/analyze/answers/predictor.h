// SPDX-License-Identifier: GPL-3.0-or-later
// Computes what a model answers for each sample of a dataset, in fixed chunks by several workers.
#pragma once

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictions.h"

namespace lapidary::core {

/// The answers of a model to prefixes of a dataset, chunk by chunk of a BatchRunner.
class Predictor {
 public:
  Predictor(const Model& model, const Executor& executor, const Dataset& data, unsigned workers,
            Remembering remembering);
  /// The model is run elsewhere; on the calling thread alone.
  Predictor(const Model& model, OutputsOf elsewhere, const Dataset& data, Remembering remembering);

  /// The least number of samples at or above `samples` that ends on the grid, at most all.
  std::size_t aligned(std::size_t samples) const { return m_runner.aligned(samples); }
  std::size_t chunkSize() const { return m_runner.chunkSize(); }

  /// The chunks of the grid from `begin`, which lies on it, to `end`.
  Predictions answers(const Model& model, SampleRange range, std::stop_token stop) const;

  /// Extends a prefix to `aligned(samples)` samples. Throws Cancelled within one step of the graph;
  /// `predictions` then holds what was complete. Throws Error(InvalidInput) for a label that is no
  /// class of the model.
  void extend(const Model& model, std::size_t samples, Predictions& predictions,
              const Progress& progress) const;

 private:
  Predictions runChunk(const Model& model, SampleRange chunk, std::stop_token stop) const;

  const Dataset& m_data;
  unsigned m_workers;
  BatchRunner m_runner;
};

}  // namespace lapidary::core
