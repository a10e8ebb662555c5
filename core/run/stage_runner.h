// SPDX-License-Identifier: GPL-3.0-or-later
// One stage of a model for batches that come from another process and leave for a third.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

/// Tensors as bytes, in this machine's byte order, and back. Throws Error(InvalidInput).
std::vector<std::byte> packTensors(std::span<const Tensor> tensors);
std::vector<Tensor> unpackTensors(std::span<const std::byte> bytes);

/// The steps are those of Executor::run (fused), so that all stages together give the bits of one run.
/// The first stage takes packed inputs in graph order, the last one gives packed outputs; what passes between
/// is known to them alone. Thread-safe.
class StageRunner {
 public:
  /// Steps [first, end) as Pipeline::measure counts them. Throws Error(Usage) for others.
  StageRunner(const Model& model, std::size_t first, std::size_t end);
  ~StageRunner();

  /// Throws Cancelled, and Error(InvalidInput) for bytes that no earlier stage gave.
  std::vector<std::byte> run(const Model& model, std::span<const std::byte> entering,
                             std::stop_token stop = {}) const;

 private:
  struct Plan;
  std::unique_ptr<Plan> m_plan;
};

}  // namespace lapidary::core
