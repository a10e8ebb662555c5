// SPDX-License-Identifier: GPL-3.0-or-later
// The target's score of a sample of which parts are hidden, many masks at a time.
#pragma once

#include <functional>

#include "core/explain/hiding/hidden_input.h"
#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

struct TargetScore {
  float score = 0;  ///< the model's output
  float probability = 0;
};

class MaskedScore {
 public:
  /// Runs the whole sample. The task must outlive it.
  explicit MaskedScore(const SaliencyTask& task);

  const HiddenInput& input() const { return m_input; }
  const MapGeometry& geometry() const { return m_input.geometry(); }
  const TargetScore& whole() const { return m_whole; }

  /// Of masks 0 to `count` - 1; `maskOf` is called from several threads. Batches lie on a fixed grid.
  std::vector<TargetScore> of(std::size_t count, const std::function<Mask(std::size_t)>& maskOf) const;
  /// `values` by position of the map.
  SaliencyMap mapOf(std::vector<float> values) const;

 private:
  void run(std::size_t first, std::span<const Mask> masks, std::span<TargetScore> scores) const;

  const SaliencyTask& m_task;
  HiddenInput m_input;
  std::size_t m_batch;
  std::int64_t m_target = 0;
  TargetScore m_whole;
  double m_probability = 0;
};

}  // namespace lapidary::core
