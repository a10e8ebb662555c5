// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that share the values of a small table, whose entries are learned (Han, Mao, Dally 2016).
#pragma once

#include "core/train/trainer.h"

namespace lapidary::core {

/// The codes stay as they are; the numbers are the table's entries, the gradient at an entry is the sum of
/// those at its weights. Entry `zero`, where there is one, stays 0.
class LearnedCodebook final : public TrainedForm {
 public:
  /// `codes`: UInt8, in the weight's shape, all below the table's size.
  LearnedCodebook(Tensor codes, std::vector<float> table, std::optional<std::size_t> zero);

  std::vector<float> start() const override { return m_table; }
  Tensor seen(std::span<const float> numbers) const override;
  std::vector<float> gradient(std::span<const float> numbers, std::span<const float> atSeen) const override;

 private:
  Tensor m_codes;
  std::vector<float> m_table;
  std::optional<std::size_t> m_zero;
};

}  // namespace lapidary::core
