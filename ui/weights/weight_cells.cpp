// SPDX-License-Identifier: GPL-3.0-or-later
// Each source holds the tensors, not copies of their values.
#include "ui/weights/weight_cells.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>
#include <vector>

#include "core/model/weight_matrix.h"

namespace lapidary::ui {
namespace {

constexpr float gap = std::numeric_limits<float>::quiet_NaN();

/// Cells whose value is a function of the weight's index.
template <class Value>
class IndexedCells final : public CellSource {
 public:
  IndexedCells(const WeightLayout& layout, Value value) : m_layout(layout), m_value(std::move(value)) {}
  int width() const override { return m_layout.size().width(); }
  int height() const override { return m_layout.size().height(); }
  void read(int y, int left, std::span<float> out) const override {
    if (m_layout.form() == WeightForm::Matrix) {
      const auto first = static_cast<std::size_t>(m_layout.indexAt(left, y));
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = m_value(first + i);
      return;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::int64_t index = m_layout.indexAt(left + static_cast<int>(i), y);
      out[i] = index < 0 ? gap : m_value(static_cast<std::size_t>(index));
    }
  }

 private:
  WeightLayout m_layout;
  Value m_value;
};

template <class Value>
std::shared_ptr<const CellSource> indexedCells(const WeightLayout& layout, Value value) {
  return std::make_shared<IndexedCells<Value>>(layout, std::move(value));
}

/// The index of each weight's zero point: 0 without one, and for one of the whole tensor.
class ZeroPointOf {
 public:
  explicit ZeroPointOf(const core::WeightEncoding& encoding)
      : m_shape(encoding.codes.shape()), m_block(static_cast<std::size_t>(encoding.blockSize)) {
    if (encoding.zeroPoint.defined()) m_zeros = core::toInt64(encoding.zeroPoint);
    if (m_zeros.empty()) m_zeros = {0};
    const auto axis = static_cast<std::size_t>(std::max(0, encoding.axis));
    if (encoding.axis < 0 || axis >= m_shape.size()) return;
    m_matrix = core::weightMatrix(m_shape, encoding.axis);
    m_channels = static_cast<std::size_t>(m_shape[axis]);
    for (std::size_t i = axis + 1; i < m_shape.size(); ++i) m_inner *= static_cast<std::size_t>(m_shape[i]);
  }
  std::int64_t operator()(std::size_t index) const {
    const std::size_t zero = m_channels < 2 && m_block == 0 ? 0
                             : m_block > 0                  ? blockOf(index)
                                                            : index / m_inner % m_channels;
    return m_zeros[zero < m_zeros.size() ? zero : 0];
  }

 private:
  std::size_t blockOf(std::size_t index) const {
    if (m_matrix.inputsFirst)
      return index / m_matrix.outputs / m_block * m_matrix.outputs + index % m_matrix.outputs;
    return index / m_matrix.inputs * core::blockCount(m_matrix.inputs, m_block) +
           index % m_matrix.inputs / m_block;
  }

  core::Shape m_shape;
  std::vector<std::int64_t> m_zeros;
  core::WeightMatrix m_matrix;
  std::size_t m_inner = 1, m_channels = 1, m_block;
};

template <class Code>
std::shared_ptr<const CellSource> planeOf(const WeightLayout& layout, const core::WeightEncoding& encoding,
                                          int plane) {
  const ZeroPointOf zeroPoint(encoding);
  return indexedCells(layout, [codes = encoding.codes, zeroPoint, plane](std::size_t index) {
    const int magnitude =
        std::abs(static_cast<int>(codes.as<Code>()[index]) - static_cast<int>(zeroPoint(index)));
    return static_cast<float>((magnitude >> plane) & 1);
  });
}

}  // namespace

std::shared_ptr<const CellSource> weightCells(const WeightLayout& layout, const core::Tensor& values) {
  return indexedCells(layout, [values, data = values.as<float>()](std::size_t index) { return data[index]; });
}

std::shared_ptr<const CellSource> differenceCells(const WeightLayout& layout, const core::Tensor& before,
                                                  const core::Tensor& after) {
  return indexedCells(layout, [before, after, a = before.as<float>(),
                               b = after.as<float>()](std::size_t index) { return b[index] - a[index]; });
}

std::shared_ptr<const CellSource> bitPlaneCells(const WeightLayout& layout,
                                                const core::WeightEncoding& encoding, int plane) {
  switch (encoding.codes.dtype()) {
    case core::DType::Int8:
      return planeOf<std::int8_t>(layout, encoding, plane);
    case core::DType::UInt8:
      return planeOf<std::uint8_t>(layout, encoding, plane);
    case core::DType::Int16:
      return planeOf<std::int16_t>(layout, encoding, plane);
    default:
      return planeOf<std::uint16_t>(layout, encoding, plane);
  }
}

int magnitudeBits(const core::WeightEncoding& encoding) {
  const std::vector<std::int64_t> codes = core::toInt64(encoding.codes);
  const ZeroPointOf zeroPoint(encoding);
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < codes.size(); ++i)
    all |= static_cast<std::uint64_t>(std::llabs(codes[i] - zeroPoint(i)));
  return std::max(1, static_cast<int>(std::bit_width(all)));
}

}  // namespace lapidary::ui
