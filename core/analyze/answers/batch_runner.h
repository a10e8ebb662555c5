// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a model over the samples of a dataset in chunks that lie on a fixed grid.
#pragma once

#include <functional>

#include "core/data/dataset.h"
#include "core/run/executor.h"

namespace lapidary::core {

/// Indices into Dataset::order(): one chunk of the grid, the last one possibly shorter.
struct SampleRange {
  std::size_t begin = 0, end = 0;
};

enum class Keep {
  Nothing,    ///< what is remembered is used, and nothing is added to it
  Recurring,  ///< results of the front; of the other samples those that are computed a second time
  Everything
};

/// The part of the runs that is kept in the executor's cache, under (dataset, chunk).
struct Remembering {
  bool on = false;
  std::size_t front = 0;   ///< samples that every evaluation begins with: their results last longest
  std::size_t chunk = 20;  ///< samples run at once, where the model does not insist on a number
  Keep keep = Keep::Everything;
};

/// The outputs for samples that were fed at once, from wherever they were computed.
using OutputsOf = std::function<std::vector<Tensor>(SampleRange feed)>;

/// Each chunk is computed by one thread, so the results are the same to the last bit for any number of
/// workers and any steps. Where the graph quantizes dynamically the samples of a
/// chunk are fed one by one (unless the model insists on a number): such ranges span all that is fed at
/// once, and a sample's answer must not depend on its neighbours. Holds references: executor and dataset
/// must outlive it. Thread-safe.
class BatchRunner {
 public:
  BatchRunner(const Model& model, const Executor& executor, const Dataset& data, Remembering remembering);
  /// The model is run elsewhere.
  BatchRunner(const Model& model, OutputsOf elsewhere, const Dataset& data, Remembering remembering);

  std::size_t chunkSize() const { return m_chunk; }
  /// The least number of samples at or above `samples` that ends on the grid, at most all.
  std::size_t aligned(std::size_t samples) const;
  /// The grid's chunks from `begin`, which lies on it, to `end`.
  std::vector<SampleRange> chunks(std::size_t begin, std::size_t end) const;
  /// The parts of a chunk that are fed at once, and the inputs for one of them.
  std::vector<SampleRange> feeds(SampleRange chunk) const;
  std::vector<Tensor> inputsOf(SampleRange feed) const;
  /// Outputs of one chunk. Where the model insists on a number of samples, the last one was repeated to
  /// fill up: rows after those of the chunk then mean nothing.
  std::vector<Tensor> outputs(const Model& model, SampleRange chunk, std::stop_token stop) const;

 private:
  std::vector<Tensor> outputsAtOnce(const Model& model, SampleRange feed, std::stop_token stop) const;
  void remember(SampleRange feed, RunOptions& options) const;

  const Executor* m_executor = nullptr;  ///< null: elsewhere
  OutputsOf m_elsewhere;
  const Dataset& m_data;
  Remembering m_remembering;
  std::size_t m_chunk;
  bool m_fixed = false;   ///< the model insists on m_chunk samples at once
  bool m_singly = false;  ///< samples are fed one by one
};

}  // namespace lapidary::core
