// SPDX-License-Identifier: GPL-3.0-or-later
// One figure for the memory besides the weights, divided among all that runs and remembers.
#pragma once

#include <cstddef>

#include "core/run/executor.h"

namespace lapidary::core {

/// The bytes that are alive while one sample runs; 0 where that is not known.
struct SampleMemory {
  std::size_t bytes = 0;
};

/// Their sum, and one chunk that runs in the background, is within the budget, except where one sample alone,
/// or the model's fixed batch, needs more.
struct MemoryShares {
  std::size_t cuts = 0;      ///< cut weights that are remembered
  std::size_t samples = 0;   ///< prepared samples that are kept
  std::size_t prepared = 0;  ///< packed weights and primitives
  std::size_t idle = 0;      ///< freed buffers that wait for reuse
  std::size_t outcomes = 0;  ///< measurements of recipes
  std::size_t inputs = 0;  ///< what calibration learnt of layers; the cache makes room for it when it is used
  std::size_t cache = 0;   ///< remembered activations
  std::size_t chunk = 1;   ///< samples run at once; the same for any number of workers
  unsigned workers = 1;    ///< that run chunks at the same time
};

/// `fixedBatch` is the number of samples that the model insists on, 0 where it does not.
MemoryShares sharesOf(std::size_t budget, SampleMemory sample, std::size_t fixedBatch, unsigned workers);

}  // namespace lapidary::core
