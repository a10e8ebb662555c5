// SPDX-License-Identifier: GPL-3.0-or-later
// The inputs of an operator that may be weights, and how these lie.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/model/graph.h"

namespace lapidary::core {

/// An input that carries a weight where a constant stands there.
struct WeightInput {
  std::size_t input = 0;
  std::size_t bias = 0;  ///< 0: the operator has none
  /// "W" where a node carries several weights, which are then told apart by it; else only the first is one.
  std::string_view part = {};
  /// The axis of the output channels in a weight of so many axes.
  int (*channelAxis)(const Node& node, std::size_t input, std::size_t rank) = nullptr;
};

/// In the order in which they are looked at; none for operators that carry no weights.
std::vector<WeightInput> weightInputs(const Node& node);

/// Whether the node looks up lines of a table.
bool looksUp(const Node& node);

}  // namespace lapidary::core
