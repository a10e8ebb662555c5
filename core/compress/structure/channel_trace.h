// SPDX-License-Identifier: GPL-3.0-or-later
// Follows channels through a graph: which positions of which axes must be removed together, and what else
// in the graph counts them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/compress/structure/traced_value.h"
#include "core/model/model.h"

namespace lapidary::core {

/// An attribute that counts positions: it becomes the number of `counted` that stay.
struct CountedAttribute {
  NodeId node;
  std::string attribute;
  std::size_t entry = 0;  ///< of a list
  std::vector<AxisIndex> counted;
};

/// Numbers that a node reads at one of its inputs, however they came about. Where a position of `follows`
/// goes, the node gets a constant of these numbers instead, some of them counted anew.
struct CountedList {
  NodeId node;
  std::size_t input = 0;
  std::vector<std::int64_t> numbers;
  std::map<std::size_t, std::vector<AxisIndex>> counted;  ///< by entry
  std::vector<AxisIndex> follows;                         ///< those counted among them
};

/// Removing a class everywhere gives the same outputs as setting it to zero wherever it is read by a weight
/// (Conv, Gemm, MatMul): that is what the rules of the operators keep, and why norms over channels, softmax
/// over channels and the outputs of the model pin their classes. Operators without a rule pin everything
/// that they touch. Dependencies through concatenation and residual sums follow Fang et al. 2023 (DepGraph),
/// here for single positions instead of whole layers.
struct ChannelTrace {
  explicit ChannelTrace(const Model& model);

  const Model& model;
  IndexClasses classes;
  std::vector<TracedValue> values;           ///< by ValueId of the model's graph
  std::vector<CountedAttribute> attributes;  ///< only those that may change
  std::vector<CountedList> lists;            ///< likewise
};

}  // namespace lapidary::core
