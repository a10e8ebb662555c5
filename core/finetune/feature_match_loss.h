// SPDX-License-Identifier: GPL-3.0-or-later
// The loss of feature matching: how far a value of the student is from one of its teacher.
#pragma once

#include <span>

#include "core/data/dataset.h"
#include "core/finetune/feature_match.h"
#include "core/run/executor.h"
#include "core/train/trainer.h"

namespace lapidary::core {

/// Const and thread-safe once made. The models and the data must outlive it.
class FeatureMatchLoss {
 public:
  /// Throws Error(InvalidInput) where a model has no such value, or their shapes differ.
  FeatureMatchLoss(const FeatureMatch& match, const Model& teacher, const Dataset& teacherData,
                   const Model& student, const Dataset& studentData);

  /// The student with the value among its outputs, as the last.
  const Model& student() const { return m_student; }

  /// Adds the loss of the last output to those of the others.
  void addTo(TrainSubject::Gradients& gradients, std::span<const Tensor> outputs,
             std::span<const std::size_t> samples) const;

 private:
  Tensor wanted(std::span<const std::size_t> samples) const;

  const Model& m_teacher;
  const Dataset& m_data;
  double m_weight;
  ValueId m_value;  ///< of the teacher
  Executor m_executor;
  Model m_student;
};

}  // namespace lapidary::core
