// SPDX-License-Identifier: GPL-3.0-or-later
// The value at which a weight is edited, so that all that read the same constant see the same values.
#pragma once

#include <optional>

#include "core/model/graph.h"

namespace lapidary::core {

/// A value from which a weight follows, and the axis of its channels there.
struct SharedConstant {
  ValueId value;
  int channelAxis = 0;
};

/// Of the values from the weight that a node reads back to the constant it comes from: the nearest floating
/// one through which everything goes that follows from that constant. The weight itself where nothing else
/// reads the constant, or where there is no such value.
SharedConstant sharedConstant(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers,
                              ValueId weight, int channelAxis);

}  // namespace lapidary::core
