// SPDX-License-Identifier: GPL-3.0-or-later
// From what every step costs to stages: where a model is cut, and what a pipeline of the stages will do.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/support/ids.h"

namespace lapidary::core {

/// A constant that a step reads.
struct StepWeight {
  ValueId value;
  std::size_t bytes = 0;
};

/// The cost of one step of the planned graph for one batch.
struct StepCost {
  NodeId node;  ///< the first node of the step
  double flops = 0;
  double bytes = 0;            ///< read and written once
  double tableSeconds = 0;     ///< from the operators' cost rules at assumed rates
  double measuredSeconds = 0;  ///< median; 0 where it was not measured
  std::size_t entering = 0;    ///< bytes of activations alive before it that it or a later step reads
  std::size_t held = 0;        ///< bytes of activations alive while it runs
  std::vector<StepWeight> weights;

  double seconds() const { return measuredSeconds > 0 ? measuredSeconds : tableSeconds; }
};

/// One step in parts of its output channels (tensor parallel), seconds for one batch.
struct SplitCost {
  std::size_t step = 0;
  NodeId node;
  std::int64_t channels = 0;
  std::size_t parts = 0;
  double wholeSeconds = 0, predictedSeconds = 0, splitSeconds = 0;
};

/// The cost of handing activations from one stage to the next.
struct Link {
  double latency = 5e-6;         ///< seconds: a queue's lock and the waking of a thread
  double bytesPerSecond = 1e10;  ///< of a core that reads what another one wrote
};

struct StageRequest {
  unsigned stages = 2;
  unsigned processors = 1;  ///< that the stages share
  std::size_t queued = 2;   ///< batches that may wait before each stage
  std::int64_t batch = 1;   ///< samples of the batch that was measured
  Link link;
};

struct Stage {
  std::size_t firstStep = 0, endStep = 0;
  double seconds = 0;               ///< for one batch, the handover to it included
  double share = 0;                 ///< of all stages' seconds
  std::size_t enteringBytes = 0;    ///< of one batch
  std::size_t weightBytes = 0;      ///< constants, once each; packed copies come on top
  std::size_t activationBytes = 0;  ///< at most alive at once, the batches that wait included
};

struct StagePlan {
  std::vector<Stage> stages;
  double batchSeconds = 0;            ///< between two batches that leave a full pipeline
  double fillSeconds = 0;             ///< until the first batch leaves, minus batchSeconds
  double samplesPerSecond = 0;        ///< of a full pipeline
  double serialSamplesPerSecond = 0;  ///< of one thread that runs all steps

  double secondsFor(std::size_t batches) const {
    return fillSeconds + batchSeconds * static_cast<double>(batches);
  }
};

/// At most one stage a step. Throws Error(Usage) where there is no step.
StagePlan planStages(std::span<const StepCost> steps, const StageRequest& request);

}  // namespace lapidary::core
