// SPDX-License-Identifier: GPL-3.0-or-later
// Tiling arithmetic.
#include "ui/weights/weight_layout.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace lapidary::ui {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("WeightLayout", text); }

}  // namespace

WeightLayout::WeightLayout(const core::Shape& shape) : m_count(core::elementCount(shape)) {
  const std::size_t rank = shape.size();
  if (rank >= 3) {
    m_kernelWidth = static_cast<int>(shape[rank - 1]);
    m_kernelHeight = rank >= 4 ? static_cast<int>(shape[rank - 2]) : 1;
    m_outputs = shape[0];
    m_inputs = m_count / std::max<std::int64_t>(1, m_outputs * m_kernelHeight * m_kernelWidth);
  } else if (rank == 2) {
    m_outputs = shape[0];
    m_inputs = shape[1];
  } else {
    m_outputs = 1;
    m_inputs = m_count;
  }
  if (m_kernelHeight * m_kernelWidth > 1) {
    m_form = WeightForm::Kernels;
    const double slant = static_cast<double>(m_outputs) * m_kernelHeight /
                         std::max(1.0, static_cast<double>(m_inputs) * m_kernelWidth);
    m_perRow = std::max(1, static_cast<int>(std::lround(std::sqrt(slant))));
    const std::int64_t rows = (m_outputs + m_perRow - 1) / m_perRow;
    m_width = static_cast<int>(m_perRow * m_inputs * (m_kernelWidth + 1) - 1);
    m_height = static_cast<int>(rows * (m_kernelHeight + 1) - 1);
  } else if (m_outputs > 1 && m_inputs > 1) {
    m_form = WeightForm::Matrix;
    m_width = static_cast<int>(m_inputs);
    m_height = static_cast<int>(m_outputs);
  } else {
    m_form = WeightForm::Vector;
    m_width = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(m_count))));
    m_height = m_width > 0 ? static_cast<int>((m_count + m_width - 1) / m_width) : 0;
  }
  m_width = std::max(1, m_width);
  m_height = std::max(1, m_height);
}

WeightLayout::Kernel WeightLayout::kernelAt(int x, int y) const {
  const int tileX = x / (m_kernelWidth + 1), tileY = y / (m_kernelHeight + 1);
  const int inX = x % (m_kernelWidth + 1), inY = y % (m_kernelHeight + 1);
  const std::int64_t output = std::int64_t{tileY} * m_perRow + tileX / m_inputs;
  if (inX == m_kernelWidth || inY == m_kernelHeight || output >= m_outputs) return {-1, 0, 0, 0};
  return {output, tileX % m_inputs, inY, inX};
}

std::int64_t WeightLayout::indexAt(int x, int y) const {
  if (x < 0 || y < 0 || x >= m_width || y >= m_height) return -1;
  if (m_form != WeightForm::Kernels) {
    const std::int64_t index = std::int64_t{y} * m_width + x;
    return index < m_count ? index : -1;
  }
  const Kernel kernel = kernelAt(x, y);
  if (kernel.output < 0) return -1;
  return ((kernel.output * m_inputs + kernel.input) * m_kernelHeight + kernel.y) * m_kernelWidth + kernel.x;
}

QString WeightLayout::title() const {
  switch (m_form) {
    case WeightForm::Vector:
      return translated(QT_TRANSLATE_NOOP("WeightLayout", "vector of %1")).arg(m_count);
    case WeightForm::Matrix:
      return translated(QT_TRANSLATE_NOOP("WeightLayout", "matrix %1 × %2")).arg(m_outputs).arg(m_inputs);
    case WeightForm::Kernels:
      break;
  }
  return translated(QT_TRANSLATE_NOOP("WeightLayout", "%1 × %2 kernels of %3 × %4"))
      .arg(m_outputs)
      .arg(m_inputs)
      .arg(m_kernelHeight)
      .arg(m_kernelWidth);
}

QString WeightLayout::position(QPoint cell) const {
  const std::int64_t index = indexAt(cell.x(), cell.y());
  if (index < 0) return {};
  if (m_form == WeightForm::Vector)
    return translated(QT_TRANSLATE_NOOP("WeightLayout", "element %1")).arg(index);
  if (m_form == WeightForm::Matrix)
    return translated(QT_TRANSLATE_NOOP("WeightLayout", "row %1, column %2")).arg(cell.y()).arg(cell.x());
  const Kernel kernel = kernelAt(cell.x(), cell.y());
  return translated(QT_TRANSLATE_NOOP("WeightLayout", "kernel %1, %2 at row %3, column %4"))
      .arg(kernel.output)
      .arg(kernel.input)
      .arg(kernel.y)
      .arg(kernel.x);
}

}  // namespace lapidary::ui
