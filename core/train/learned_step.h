// SPDX-License-Identifier: GPL-3.0-or-later
// Weights on a grid whose steps are learned along with them.
#pragma once

#include "core/train/trainer.h"

namespace lapidary::core {

/// Codes from -most to most, or -1 and 1 alone where `signsOnly`; a weight of exactly 0 stays 0 in either.
struct StepGrid {
  float most = 1;
  bool signsOnly = false;
};

/// Learned step size quantization (LSQ; Esser et al. 2020): value = step * clamp(round(w / step), -most,
/// most). The numbers are the weights and, behind them, the steps. The gradients pass straight through to
/// weights inside the range; those at a step are divided by sqrt(weights of the group * most), as published.
class LearnedStep final : public TrainedForm {
 public:
  /// `groups`: of every weight, the index of its step; all below the number of steps. Steps above 0.
  LearnedStep(const Tensor& weights, std::vector<float> steps, std::vector<std::uint32_t> groups,
              StepGrid grid);

  std::vector<float> start() const override;
  Tensor seen(std::span<const float> numbers) const override;
  std::vector<float> gradient(std::span<const float> numbers, std::span<const float> atSeen) const override;

 private:
  float stepOf(std::span<const float> numbers, std::size_t i) const;
  float codeOf(float weight, float step) const;

  Tensor m_weights;
  std::vector<float> m_steps;
  std::vector<std::uint32_t> m_groups;
  std::vector<double> m_counts;  ///< weights of every group that are not 0
  StepGrid m_grid;
};

}  // namespace lapidary::core
