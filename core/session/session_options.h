// SPDX-License-Identifier: GPL-3.0-or-later
// The options of a session: what it may take of the machine, and from which samples it learns.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/analyze/saliency_drift.h"

namespace lapidary::core {

class Dataset;

struct SessionOptions {
  unsigned workers = 0;  ///< 0: all processors
  /// Besides the weights: running activations, caches, kept samples and packed weights together. Where
  /// one sample alone needs more, samples run one at a time.
  std::size_t memoryBytes = std::size_t{1} << 30;
  std::size_t firstSamples = 100;        ///< in the first outcome that carries a quality
  std::size_t calibrationSamples = 256;  ///< the first of the order that static ranges come from
  /// The data that those samples come from; null: the session's own data.
  std::shared_ptr<const Dataset> calibrationData = nullptr;
  std::string output = {};  ///< the name of the output that holds the scores of classes; empty: chosen
  DriftOptions drift = {};  ///< of the saliency that every outcome carries
};

}  // namespace lapidary::core
