// Values that follow from constants alone: what they are, and what they amount to.
#pragma once

#include <map>
#include <optional>

#include "core/model/graph.h"

namespace lapidary::core {

/// A value reached from one initialiser (or Constant node) through DequantizeLinear, Cast, Transpose
/// and Identity.
struct ConstantInfo {
  DType dtype = DType::Float32;
  Shape shape;
  ValueId root;  ///< the initialiser, or the output of the Constant node
};

/// Nothing where the value depends on an input of the graph or on another operator. Reads shapes only.
std::optional<ConstantInfo> constantInfo(const Graph& graph, ValueId value);

/// The tensor of such a value; `weights` stand before the graph's own initialisers and before what a
/// node would compute. Throws Error(Unsupported) where constantInfo finds nothing.
Tensor foldConstant(const Graph& graph, const std::map<ValueId, Tensor>& weights, ValueId value);

}  // namespace lapidary::core
