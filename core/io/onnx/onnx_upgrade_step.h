// SPDX-License-Identifier: GPL-3.0-or-later
// One change of one operator between two opsets, and what such a change may do to the graph.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/onnx/graph_editor.h"

namespace lapidary::core {

/// The surroundings of the node that a step changes.
class NodeRewrite {
 public:
  NodeRewrite(GraphEditor& editor, const std::set<ValueId>& read) : m_editor(editor), m_read(read) {}

  /// Makes a constant the input at `index`.
  void setInput(Node& node, std::size_t index, const std::string& key, const Tensor& tensor);
  /// Moves a list (or a single integer) of integers from an attribute to the input at `index`.
  void intsToInput(Node& node, const std::string& key, std::size_t index);

  ValueId value(const Node& node, const std::string& key);
  ValueId constant(const Node& node, const std::string& key, const Tensor& tensor);
  /// Adds a node that computes `output` before or after the one that is changed.
  void before(Node added) { m_before.push_back(std::move(added)); }
  void after(Node added) { m_after.push_back(std::move(added)); }

  const Graph& graph() const { return m_editor.graph(); }
  /// Whether a node or the graph's caller reads the value.
  bool isRead(ValueId id) const { return id.valid() && m_read.contains(id); }
  /// The floating type of a value as declared, else that of the graph's weights, else Float32.
  DType floatTypeOf(ValueId id) const;
  /// Of a weight, or as declared.
  std::optional<std::size_t> rankOf(ValueId id) const;

  /// Appends what the changed node has become.
  void emit(Node&& changed, std::vector<Node>& nodes);

 private:
  GraphEditor& m_editor;
  const std::set<ValueId>& m_read;
  std::vector<Node> m_before, m_after;
};

/// Returns why the node has no form at the newer opset; empty where it was changed.
using UpgradeFunction = std::string (*)(NodeRewrite& rewrite, Node& node);

/// The result of a step that has changed the node.
inline std::string done() { return {}; }

struct UpgradeStep {
  std::string_view opType;
  std::int64_t version;  ///< the opset at which the operator changed
  UpgradeFunction apply;
};

/// Every change up to opset 7 and between opset 7 and 21 that matters, by operator and rising version.
std::span<const UpgradeStep> oldUpgradeSteps();  // onnx_upgrade_old.cpp
std::span<const UpgradeStep> upgradeSteps();     // onnx_upgrade_steps.cpp

}  // namespace lapidary::core
