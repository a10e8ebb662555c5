// SPDX-License-Identifier: GPL-3.0-or-later
// The loss of a model that learns classes from labels, from a teacher, or from both.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/analyze/answers/class_answers.h"
#include "core/train/loss.h"
#include "core/train/trainer.h"

namespace lapidary::core {

struct ClassLossSettings {
  /// Share of the loss that is distillation from the teacher, in [0, 1]; the rest is cross-entropy.
  double teacher = 0.5;
  double temperature = 4;
  double smoothing = 0;                    ///< of labels
  std::optional<std::size_t> output = {};  ///< of the model that learns, see Model::scoresOutput
  /// Hears of every part of a batch, as it is before the step; from several threads at once.
  std::function<void(double sum, std::size_t samples)> heard = nullptr;
};

/// Const and thread-safe.
class ClassLoss {
 public:
  /// By sample: what the teacher answers, and its class. A sample whose class is below 0, or all where there
  /// are no labels at all, learns from the teacher alone; without a teacher's answers the labels are all.
  ClassLoss(ClassLossSettings settings, ClassAnswers teacher, std::vector<std::int64_t> labels);

  /// Summed over the samples, which the outputs are of, and its gradients at the outputs as the model gives
  /// them.
  TrainSubject::Gradients of(std::span<const Tensor> outputs, std::span<const std::size_t> samples) const;

 private:
  using Rows = std::vector<std::size_t>;  ///< of a batch
  void add(const ClassScores& scores, std::span<const std::size_t> samples, const Rows& rows,
           Loss& total) const;
  Loss lossOf(const Scores& mine, const Scores& teacher, std::span<const std::int64_t> labels) const;
  bool labelled(std::size_t sample) const { return sample < m_labels.size() && m_labels[sample] >= 0; }

  ClassLossSettings m_settings;
  ClassAnswers m_teacher;
  std::vector<std::int64_t> m_labels;
};

}  // namespace lapidary::core
