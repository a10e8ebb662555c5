// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers that a training changes, and the weights that they stand for.
#pragma once

#include <map>

#include "core/run/batch_gradient.h"
#include "core/train/trainer.h"

namespace lapidary::core {

/// One per training; not thread-safe, but uses `workers` threads inside.
class TrainedNumbers {
 public:
  TrainedNumbers(const TrainSubject& subject, unsigned workers);

  /// Of the numbers of every weight.
  std::vector<std::size_t> sizes() const;
  const std::vector<std::vector<float>>& numbers() const { return m_numbers; }
  const Masks& held() const { return m_held; }
  /// Of the normalisations that follow the batches: mean, variance, mean, ...
  std::vector<Tensor> statistics() const;
  /// Throws Error(InvalidInput) where they are of other weights.
  void restore(const std::vector<std::vector<float>>& numbers, const Masks& held,
               const std::vector<Tensor>& statistics);

  Model model() const;

  /// Sums the shares in their order, times `scale`; of what is held nothing. The statistics follow the
  /// batch's.
  void takeGradients(const BatchGradient& gradient, float scale);
  std::vector<std::span<float>> spans() { return {m_numbers.begin(), m_numbers.end()}; }
  std::vector<std::span<float>> gradientSpans() { return {m_gradients.begin(), m_gradients.end()}; }
  std::vector<std::span<const float>> constGradientSpans() const {
    return {m_gradients.begin(), m_gradients.end()};
  }

  void hold(Masks masks);
  /// Makes zeros of what is held.
  void hold();

 private:
  const TrainedForm* formOf(std::size_t k) const;
  bool isHeld(std::size_t k) const { return k < m_held.size() && !m_held[k].empty(); }
  void takeGradient(std::size_t k, const BatchGradient& gradient, float scale);
  void follow(const BatchMoments& moments);

  const TrainSubject& m_subject;
  unsigned m_workers;
  std::vector<std::vector<float>> m_numbers, m_gradients;
  Masks m_held;
  std::map<ValueId, Tensor> m_statistics;
};

}  // namespace lapidary::core
