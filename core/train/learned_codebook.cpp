// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/learned_codebook.h"

namespace lapidary::core {

LearnedCodebook::LearnedCodebook(Tensor codes, std::vector<float> table, std::optional<std::size_t> zero)
    : m_codes(std::move(codes)), m_table(std::move(table)), m_zero(zero) {}

Tensor LearnedCodebook::seen(std::span<const float> numbers) const {
  TensorBuilder builder(DType::Float32, m_codes.shape());
  const auto codes = m_codes.as<std::uint8_t>();
  for (std::size_t i = 0; i < codes.size(); ++i) builder.as<float>()[i] = numbers[codes[i]];
  return std::move(builder).build();
}

std::vector<float> LearnedCodebook::gradient(std::span<const float> numbers,
                                             std::span<const float> atSeen) const {
  std::vector<double> sums(numbers.size());
  const auto codes = m_codes.as<std::uint8_t>();
  for (std::size_t i = 0; i < codes.size(); ++i) sums[codes[i]] += static_cast<double>(atSeen[i]);
  if (m_zero) sums[*m_zero] = 0;
  return {sums.begin(), sums.end()};
}

}  // namespace lapidary::core
