// SPDX-License-Identifier: GPL-3.0-or-later
// Computes one step of a schedule from its inputs.
#pragma once

#include "core/run/constant_folder.h"

namespace lapidary::core {

/// The value as it lies in memory; undefined where it is omitted.
using ValueOf = std::function<const Activation&(ValueId)>;

/// The outputs of the step's last node. Fused nodes whose shapes do not allow it run one by one. A step
/// with subgraphs needs a runner of them.
std::vector<Activation> runStep(const Graph& graph, const Step& step, const Fusion& fusion,
                                const ValueOf& valueOf, SubgraphRunner* subgraphs = nullptr);

/// Operations of all nodes of the step, by their operators' rules.
double flopsOf(const Graph& graph, const Step& step, const ValueOf& valueOf,
               std::span<const Activation> outputs);

/// Bytes of the values that the step reads, constants too, and of those that it writes.
double bytesOf(const Step& step, const ValueOf& valueOf, std::span<const Activation> outputs);

}  // namespace lapidary::core
