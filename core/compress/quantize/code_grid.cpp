// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/code_grid.h"

#include <algorithm>

#include "core/compress/inputs/matrix_copy.h"

namespace lapidary::core {
namespace {

/// Nearest integer, ties to even, for |x| < 2^22: adding 1.5 * 2^23 leaves no fraction bits.
inline float nearestEven(float x) { return (x + 12582912.0f) - 12582912.0f; }

template <class Code>
Tensor stored(const WeightMatrix& matrix, const Shape& shape, const std::vector<std::int32_t>& codes) {
  TensorBuilder builder(dtypeOf<Code>(), shape);
  scatter(matrix, codes, builder.as<Code>().data());
  return std::move(builder).build();
}

}  // namespace

CodeGrid::CodeGrid(const WeightEncoding& encoding, const Quantize& quantize, const WeightMatrix& matrix) {
  const bool affine = quantize.scheme == Scheme::Affine;
  m_most = affine ? (1 << quantize.bits) - 1 : std::max(1, (1 << (quantize.bits - 1)) - 1);
  m_least = affine ? 0 : -m_most;
  const auto scales = encoding.scale.as<float>();
  const auto zeros = toInt64(encoding.zeroPoint);
  if (encoding.blockSize > 0)
    m_columnsPerScale = static_cast<std::size_t>(encoding.blockSize);
  else
    m_columnsPerScale = std::max<std::size_t>(1, matrix.inputs);
  m_perRow = (matrix.inputs + m_columnsPerScale - 1) / m_columnsPerScale;
  for (std::size_t r = 0; r < matrix.outputs; ++r)
    for (std::size_t b = 0; b < m_perRow; ++b) {
      const std::size_t blocked = matrix.inputsFirst ? b * matrix.outputs + r : r * m_perRow + b;
      const std::size_t at = scales.size() == 1 ? 0 : blocked;
      m_scales.push_back(scales[at]);
      m_zeros.push_back(static_cast<std::int32_t>(zeros[at]));
    }
}

std::int32_t CodeGrid::nearest(std::size_t row, std::size_t column, float value) const {
  const std::size_t at = scaleIndex(row, column);
  const std::int32_t zero = m_zeros[at];
  const float level = nearestEven(std::clamp(value / m_scales[at], static_cast<float>(m_least - zero),
                                             static_cast<float>(m_most - zero)));
  return static_cast<std::int32_t>(level) + zero;
}

std::shared_ptr<const WeightEncoding> withCodes(const WeightEncoding& encoding, const WeightMatrix& matrix,
                                                const std::vector<std::int32_t>& codes) {
  auto changed = std::make_shared<WeightEncoding>(encoding);
  const Shape& shape = encoding.codes.shape();
  switch (encoding.codes.dtype()) {
    case DType::Int8:
      changed->codes = stored<std::int8_t>(matrix, shape, codes);
      break;
    case DType::UInt8:
      changed->codes = stored<std::uint8_t>(matrix, shape, codes);
      break;
    case DType::Int16:
      changed->codes = stored<std::int16_t>(matrix, shape, codes);
      break;
    default:
      changed->codes = stored<std::uint16_t>(matrix, shape, codes);
  }
  return changed;
}

}  // namespace lapidary::core
