// SPDX-License-Identifier: GPL-3.0-or-later
// How a model runs on several workers: stages of a pipeline, samples shared out, large layers in parts;
// what was foretold and what was measured.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/support/progress.h"

namespace lapidary::core {

class Executor;

struct ParallelRequest {
  unsigned stages = 2;
  unsigned workers = 0;     ///< 0: all processors
  unsigned parts = 0;       ///< that a large layer is split into; 0: as many as workers
  std::int64_t batch = 20;  ///< samples of a batch; the model's own number where it insists on one
  double seconds = 0.5;     ///< about how long each figure is measured
};

struct StageFigures {
  std::string firstNode, lastNode;  ///< as errors name nodes
  std::vector<LayerId> layers;
  std::size_t steps = 0;
  double seconds = 0;  ///< for one batch
  double share = 0;    ///< of all stages' seconds
  double busy = 0;     ///< measured share of the run that its thread spent computing
  std::size_t weightBytes = 0, activationBytes = 0, enteringBytes = 0;
};

/// Throughput in samples per second.
struct WorkerFigures {
  unsigned workers = 1;
  double predicted = 0, measured = 0;
  std::vector<double> share;  ///< of the samples, by worker
};

struct SplitFigures {
  std::string node;
  LayerId layer;  ///< invalid where the node has no layer
  std::int64_t channels = 0;
  std::size_t parts = 0;
  double wholeSeconds = 0, predictedSeconds = 0, splitSeconds = 0;
};

struct ParallelFigures {
  std::int64_t batch = 0;
  unsigned processors = 1;
  std::vector<StageFigures> stages;
  double predicted = 0, measured = 0;  ///< samples per second of the pipeline, filling included
  std::vector<WorkerFigures> workers;  ///< 1, 2, 4, ... and the number asked for
  std::vector<SplitFigures> splits;    ///< the large layers, in the parts asked for
};

/// Plans and measures on the data's first samples, or without data on noise. Takes turns with nothing: what
/// else the machine does is in the measured figures. Throws Error(Unsupported) where there are no inputs to
/// run the model on, Cancelled where it was asked to stop.
ParallelFigures parallelFigures(const Model& model, const Executor& executor, const Dataset* data,
                                const ParallelRequest& request, const Progress& progress);

}  // namespace lapidary::core
