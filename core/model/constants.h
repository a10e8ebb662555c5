// SPDX-License-Identifier: GPL-3.0-or-later
// Values that follow from constants alone: what they are, and what they amount to.
#pragma once

#include <map>
#include <optional>

#include "core/model/graph.h"

namespace lapidary::core {

/// A value that follows from initialisers and Constant nodes through DequantizeLinear, Cast, Transpose,
/// Identity, Reshape, Gather of a table, and the arithmetic (Add, Sub, Mul, Sign, Abs) by which integer
/// weights with an offset are written.
struct ConstantInfo {
  DType dtype = DType::Float32;
  Shape shape;
  ValueId root;  ///< the initialiser or Constant node's output that gives the values their shape
};

/// Nothing where the value depends on an input of the graph or on another operator. Reads shapes only.
std::optional<ConstantInfo> constantInfo(const Graph& graph, ValueId value);

/// The tensor of such a value; `weights` stand before the graph's own initialisers and before what a
/// node would compute. Throws Error(Unsupported) where constantInfo finds nothing.
Tensor foldConstant(const Graph& graph, const std::map<ValueId, Tensor>& weights, ValueId value);

}  // namespace lapidary::core
