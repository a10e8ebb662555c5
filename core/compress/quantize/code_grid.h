// SPDX-License-Identifier: GPL-3.0-or-later
// The values that the codes of one weight may stand for, once its scales are known.
#pragma once

#include <cstdint>
#include <vector>

#include "core/compress/recipe/recipe.h"
#include "core/model/model.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {

/// Of schemes with even steps and an exact zero (hasRounding): value = (code - zero) * scale in Float32.
class CodeGrid {
 public:
  /// `encoding` holds the scales and zero points; its codes do not matter.
  CodeGrid(const WeightEncoding& encoding, const Quantize& quantize, const WeightMatrix& matrix);

  std::int32_t least() const { return m_least; }
  std::int32_t most() const { return m_most; }
  float scaleAt(std::size_t row, std::size_t column) const { return m_scales[scaleIndex(row, column)]; }
  std::int32_t zeroAt(std::size_t row, std::size_t column) const { return m_zeros[scaleIndex(row, column)]; }
  /// The code of nearest value, ties to the even number of steps.
  std::int32_t nearest(std::size_t row, std::size_t column, float value) const;
  float valueOf(std::size_t row, std::size_t column, std::int32_t code) const {
    const std::size_t at = scaleIndex(row, column);
    return static_cast<float>(code - m_zeros[at]) * m_scales[at];
  }

 private:
  std::size_t scaleIndex(std::size_t row, std::size_t column) const {
    return row * m_perRow + column / m_columnsPerScale;
  }

  std::int32_t m_least = 0, m_most = 0;
  std::size_t m_perRow = 1, m_columnsPerScale = 1;
  std::vector<float> m_scales;  ///< rows x scales of a row
  std::vector<std::int32_t> m_zeros;
};

/// The encoding with these codes (row-major, of the matrix) in place of its own.
std::shared_ptr<const WeightEncoding> withCodes(const WeightEncoding& encoding, const WeightMatrix& matrix,
                                                const std::vector<std::int32_t>& codes);

}  // namespace lapidary::core
