// What a model answers for each sample of a dataset, computed in fixed chunks by several workers.
#pragma once

#include <cstdint>
#include <vector>

#include "core/analyze/dataset.h"
#include "core/run/executor.h"

namespace lapidary::core {

struct SamplePrediction {
  std::int64_t top1 = -1;
  double probability = 0;       ///< of top-1: softmax of the logits, or the output itself if it sums to 1
  double truthProbability = 0;  ///< of the label, where labelled
  double loss = 0;              ///< -log truthProbability
  bool top5 = false;            ///< the label is among the five largest scores
};

/// By place in Dataset::order(), a prefix of it.
struct Predictions {
  std::size_t classes = 0;
  std::vector<SamplePrediction> samples;
};

/// Runs a model over prefixes of a dataset. Chunks lie on a fixed grid and each is computed by one
/// thread, so the results are the same to the last bit for any number of workers and any steps.
/// Holds references: executor and dataset must outlive it.
class Predictor {
 public:
  /// `remember`: results of steps go to the executor's cache under (dataset, chunk).
  Predictor(const Model& model, const Executor& executor, const Dataset& data, unsigned workers,
            bool remember);

  /// The least number of samples at or above `samples` that ends on the grid, at most all.
  std::size_t aligned(std::size_t samples) const;

  /// Extends a prefix to `aligned(samples)` samples. Throws Cancelled within one step of the graph;
  /// `predictions` then holds what was complete. Throws Error(InvalidInput) for a label that is no
  /// class of the model.
  void extend(const Model& model, std::size_t samples, Predictions& predictions,
              const Progress& progress) const;

 private:
  void runChunk(const Model& model, std::size_t chunk, Predictions& predictions, std::stop_token stop) const;
  std::vector<Tensor> inputsOf(std::size_t begin, std::size_t end) const;

  const Executor& m_executor;
  const Dataset& m_data;
  unsigned m_workers;
  bool m_remember;
  std::size_t m_chunk;
  bool m_fixed = false;  ///< the model insists on m_chunk samples at once
};

}  // namespace lapidary::core
