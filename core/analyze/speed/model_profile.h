// SPDX-License-Identifier: GPL-3.0-or-later
// The time of every step of a forward pass: every step of the cut model beside the original's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/support/ids.h"

namespace lapidary::core {

struct ProfileRequest {
  std::int64_t batch = 1;  ///< samples at once; a model of a fixed batch takes its own
  unsigned threads = 1;    ///< how many threads run such a batch at the same time
};

/// One or more fused nodes that run as one. Figures are of one batch on one thread.
struct StepProfile {
  NodeId node;           ///< the first
  std::string name;      ///< of the first node, else of the value that it computes
  std::string op;        ///< operators in order: "Conv + Relu"
  LayerId layer;         ///< of the first node; invalid where it has no weights
  double seconds = 0;    ///< median
  double original = 0;   ///< the same step of the original; 0 where it has no such step
  double flops = 0;      ///< a multiply-add counts two
  double bytes = 0;      ///< of the values read (weights too) and written, as they lie in memory
  double peakShare = 0;  ///< flops / seconds, of the machine's sgemm peak
};

struct ModelProfile {
  std::vector<StepProfile> steps;  ///< in the order in which they run
  double seconds = 0;              ///< median of all steps together
  double original = 0;
  double flops = 0, bytes = 0;
  double peak = 0;          ///< measured float32 operations a second of one thread (see sgemmPeak)
  double peakShare = 0;     ///< of the whole
  std::size_t samples = 0;  ///< in a batch
  unsigned threads = 1;
  int runs = 0;  ///< that the medians stand on
};

}  // namespace lapidary::core
