// SPDX-License-Identifier: GPL-3.0-or-later
// The order in which a graph is computed: constant nodes once, the others as steps, fused where possible.
#pragma once

#include <memory>

#include "core/run/fusion.h"
#include "core/run/prepared_store.h"

namespace lapidary::core {

/// One or more nodes that run as one operator call.
struct Step {
  NodeId head;
  const Op* op = nullptr;
  std::int64_t opset = 0;
  FusedTail tail;
  std::vector<ValueId> outputs;  ///< of the last node
  std::vector<ValueId> named;    ///< values that decide the result, constants and those of subgraphs too
  std::vector<ValueId> reads;    ///< distinct values of them that other steps or the caller give
  Key identity;                  ///< the same for the same nodes of the same executor
  std::shared_ptr<PreparedStore> prepared;  ///< null: keep nothing

  bool hasSubgraphs = false;

  NodeId last() const { return tail.nodes().empty() ? head : tail.nodes().back(); }
};

struct Schedule {
  std::shared_ptr<const Graph> graph;   ///< the model's, or a simplified copy with the same ids
  std::vector<NodeId> constantNodes;    ///< computed from weights alone; topological
  std::vector<Step> steps;              ///< topological
  std::vector<bool> constant;           ///< by value: known from the weights
  std::vector<std::uint32_t> producer;  ///< by value: index of the step, or Schedule::none
  std::vector<ValueId> results;         ///< graph outputs, then what else is wanted

  Key identity;  ///< differs between the schedules of one executor

  static constexpr std::uint32_t none = 0xffffffffu;
};

struct ScheduleRequest {
  bool fuse = true;
  std::vector<ValueId> wanted;  ///< besides the outputs; not fused away
  std::vector<ValueId> varied;  ///< weights to treat as if they were fed (for their gradients)
};

/// The model's weights decide which values are overridden; their content does not matter.
Schedule scheduleOf(const Model& model, const ScheduleRequest& request);

/// The constant that the value is, weight or initialiser; undefined where it is neither.
Tensor weightOf(const Model& model, ValueId value);

}  // namespace lapidary::core
