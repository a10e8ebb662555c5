// SPDX-License-Identifier: GPL-3.0-or-later
// The task that every method of explaining is given.
#pragma once

#include <span>

#include "core/explain/map/saliency.h"
#include "core/model/model.h"
#include "core/run/executor.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// Holds references: for the length of a call.
struct SaliencyTask {
  const Model& model;
  const Executor& executor;
  std::span<const Tensor> inputs;  ///< a batch of one
  SaliencyMethod method;
  std::int64_t targetClass;  ///< < 0: the model's top-1
  const SaliencyOptions& options;
  const Progress& progress;
};

/// How many variations of one sample are run at once: 1 where the model insists on it, or where ranges of
/// all that is fed at once would mix them.
std::size_t variationBatch(const Model& model);

/// The sample `times` times along the batch axis.
Tensor repeated(const Tensor& sample, std::size_t times);

}  // namespace lapidary::core
