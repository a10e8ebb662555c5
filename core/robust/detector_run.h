// SPDX-License-Identifier: GPL-3.0-or-later
// Scores inputs with a detector that was fitted to a model.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "core/robust/detector.h"
#include "core/run/executor.h"

namespace lapidary::core {

/// A model with the detector that belongs to it; thread-safe.
class DetectorRun {
 public:
  /// Throws Error(InvalidInput) where the detector is of another model, or does not fit this one.
  DetectorRun(const Model& model, const Dataset& data, InputDetector detector);

  struct Answers {
    std::vector<std::int64_t> top1;
    std::vector<DetectorScores> scores;
  };
  /// Of a batch, inputs in graph order.
  Answers of(std::span<const Tensor> inputs, std::size_t samples, const std::stop_token& stop) const;
  const InputDetector& detector() const { return m_detector; }

 private:
  const Model& m_model;
  Executor m_executor;
  InputBox m_box;
  ValueId m_features;
  InputDetector m_detector;
};

}  // namespace lapidary::core
