// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/class_loss.h"

#include <algorithm>

namespace lapidary::core {
namespace {

/// The gradient at the output as the model gives it: of a probability p the score is its logarithm, and
/// 1 / p the derivative of that.
Tensor outputGradient(const Loss& loss, const ClassScores& scores, const Shape& shape) {
  TensorBuilder builder(DType::Float32, shape);
  const auto gradients = builder.as<float>();
  std::ranges::fill(gradients, 0.0f);
  for (std::size_t row = 0; row < scores.samples; ++row)
    for (std::size_t c = 0; c < scores.classes; ++c) {
      const std::size_t at = scores.indexOf(row, static_cast<std::int64_t>(c));
      const float gradient = loss.gradient[row * scores.classes + c];
      gradients[at] = scores.probabilities ? gradient / std::max(scores.values[at], 1e-12f) : gradient;
    }
  return std::move(builder).build();
}

}  // namespace

ClassLoss::ClassLoss(ClassLossSettings settings, ClassAnswers teacher, std::vector<std::int64_t> labels)
    : m_settings(std::move(settings)), m_teacher(std::move(teacher)), m_labels(std::move(labels)) {}

TrainSubject::Gradients ClassLoss::of(std::span<const Tensor> outputs,
                                      std::span<const std::size_t> samples) const {
  const ClassScores scores = classScores(outputs, m_settings.output);
  Rows withLabel, without;
  for (std::size_t row = 0; row < samples.size(); ++row)
    (labelled(samples[row]) ? withLabel : without).push_back(row);
  Loss loss{0, std::vector<float>(samples.size() * scores.classes)};
  add(scores, samples, withLabel, loss);
  add(scores, samples, without, loss);
  if (m_settings.heard) m_settings.heard(loss.sum, samples.size());
  TrainSubject::Gradients gradients{loss.sum, std::vector<Tensor>(outputs.size())};
  gradients.outputs[scores.output] = outputGradient(loss, scores, outputs[scores.output].shape());
  return gradients;
}

void ClassLoss::add(const ClassScores& scores, std::span<const std::size_t> samples, const Rows& rows,
                    Loss& total) const {
  if (rows.empty()) return;
  std::vector<float> mine, teacher;
  std::vector<std::int64_t> labels;
  for (const std::size_t row : rows) {
    const auto logs = logScores(scores, row);
    mine.insert(mine.end(), logs.begin(), logs.end());
    if (m_teacher.classes > 0) {
      const auto taught = m_teacher.row(samples[row]);
      teacher.insert(teacher.end(), taught.begin(), taught.end());
    }
    if (labelled(samples[row])) labels.push_back(m_labels[samples[row]]);
  }
  const Loss loss = lossOf({mine, scores.classes}, {teacher, m_teacher.classes}, labels);
  total.sum += loss.sum;
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::copy_n(loss.gradient.begin() + static_cast<std::ptrdiff_t>(i * scores.classes), scores.classes,
                total.gradient.begin() + static_cast<std::ptrdiff_t>(rows[i] * scores.classes));
}

Loss ClassLoss::lossOf(const Scores& mine, const Scores& teacher,
                       std::span<const std::int64_t> labels) const {
  const double share = labels.empty() ? 1 : m_teacher.classes == 0 ? 0 : m_settings.teacher;
  if (share <= 0) return crossEntropy(mine, labels, m_settings.smoothing);
  Loss taught = distillation(mine, teacher, m_settings.temperature);
  if (share >= 1) return taught;
  return weightedSum(std::move(taught), crossEntropy(mine, labels, m_settings.smoothing), share, 1 - share);
}

}  // namespace lapidary::core
