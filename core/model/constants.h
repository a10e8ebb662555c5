// SPDX-License-Identifier: GPL-3.0-or-later
// Values that follow from constants alone: what they are, and what they amount to.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/model/graph.h"

namespace lapidary::core {

/// A value that follows from initialisers and Constant nodes through the operators that exporters put between
/// a weight and its layer: QuantizeLinear and DequantizeLinear, Cast, Identity, Transpose and the other
/// changes of shape, Slice, Split and Concat, Gather of a table, and the arithmetic (Add, Sub, Mul, Div, Neg,
/// Sign, Abs) by which integer weights with an offset are written.
struct ConstantInfo {
  DType dtype = DType::Float32;
  Shape shape;
  ValueId root;  ///< the initialiser or Constant node's output that gives the values their shape
};

/// Nothing where the value depends on an input of the graph or on another operator. Reads shapes only, and
/// the values of what says a shape.
std::optional<ConstantInfo> constantInfo(const Graph& graph, ValueId value);

/// The tensor of such a value; `weights` stand before the graph's own initialisers and before what a
/// node would compute. Throws Error(Unsupported) where constantInfo finds nothing.
Tensor foldConstant(const Graph& graph, const std::map<ValueId, Tensor>& weights, ValueId value);

/// The tensor that a Constant node holds, in whichever attribute; nothing for text and for sparse values.
std::optional<Tensor> heldTensor(const Node& node);

/// What the elements of a constant come from, step by step: the value itself first, its root last. It ends
/// early at a Concat, whose elements come from several.
std::vector<ValueId> constantPath(const Graph& graph, ValueId value);

/// The initialisers and Constant nodes' outputs that the elements come from; scales and the like are not
/// among them.
std::vector<ValueId> constantRoots(const Graph& graph, ValueId value);

}  // namespace lapidary::core
