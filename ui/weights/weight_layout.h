// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of weights in the picture of a layer: a matrix as it is, kernels as tiles with gaps.
#pragma once

#include <QPoint>
#include <QSize>
#include <QString>
#include <cstdint>

#include "core/model/tensor.h"

namespace lapidary::ui {

enum class WeightForm { Vector, Matrix, Kernels };

/// Kernels (rank 3 and more) stand in rows by output, all inputs of one output side by side; where that
/// would be tall and thin, several outputs share a row.
class WeightLayout {
 public:
  WeightLayout() = default;
  explicit WeightLayout(const core::Shape& shape);

  WeightForm form() const { return m_form; }
  QSize size() const { return {m_width, m_height}; }
  /// Index of the weight at a cell; -1 for a gap or outside.
  std::int64_t indexAt(int x, int y) const;
  /// "matrix 500 × 800", "20 × 1 kernels of 5 × 5".
  QString title() const;
  /// "row 212, column 387"; empty for a gap.
  QString position(QPoint cell) const;

 private:
  struct Kernel {
    std::int64_t output, input;
    int y, x;
  };
  /// Output -1 for a gap.
  Kernel kernelAt(int x, int y) const;

  WeightForm m_form = WeightForm::Vector;
  int m_width = 1, m_height = 1;
  std::int64_t m_count = 0;
  std::int64_t m_outputs = 1, m_inputs = 1;
  int m_kernelHeight = 1, m_kernelWidth = 1;
  int m_perRow = 1;  ///< outputs that share a row
};

}  // namespace lapidary::ui
