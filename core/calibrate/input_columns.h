// SPDX-License-Identifier: GPL-3.0-or-later
// The data that a layer reads, laid out as the matrix that its weight is multiplied with.
#pragma once

#include <functional>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

/// Some rows of some columns of the matrix. `byColumn`: element (row, column) stands at column * step + row;
/// otherwise at row * step + column.
struct InputTile {
  const float* data = nullptr;
  std::int64_t columns = 0, rows = 0, step = 0;
  bool byColumn = true;
};

/// How one layer reads its data. Immutable; refers to the model, which must outlive it.
class InputColumns {
 public:
  /// Throws Error(Unsupported) for layers other than a Conv, Gemm or MatMul of the outermost graph whose
  /// weight is a matrix or a kernel.
  InputColumns(const Model& model, LayerId layer);

  ValueId value() const { return m_value; }
  std::size_t groups() const { return m_groups; }
  std::size_t columns() const { return m_columns; }

  /// Calls `body` with consecutive tiles that together hold all rows of `x` (Float32, as the layer reads it),
  /// and of one group the columns from `first` on. Throws Error(InvalidInput) where x does not fit the layer.
  void forEachTile(const Tensor& x, std::size_t group, std::size_t first,
                   const std::function<void(const InputTile&)>& body) const;

 private:
  void convTiles(const Tensor& x, std::size_t group, std::size_t first,
                 const std::function<void(const InputTile&)>& body) const;
  void matrixTiles(const Tensor& x, std::size_t first,
                   const std::function<void(const InputTile&)>& body) const;

  const Node* m_node = nullptr;
  Shape m_weight;
  ValueId m_value;
  std::size_t m_groups = 1, m_columns = 0;
  bool m_byColumn = false;  ///< of a Gemm or MatMul: inputs are the last axis but one
};

}  // namespace lapidary::core
