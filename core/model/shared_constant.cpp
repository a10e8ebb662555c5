// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/shared_constant.h"

#include <algorithm>
#include <set>

#include "core/model/constants.h"
#include "core/model/shape_rules.h"

namespace lapidary::core {
namespace {

/// Looking at more values than this, a constant is taken for one that everybody shares.
constexpr std::size_t mostLooked = 256;

class Sharing {
 public:
  Sharing(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers)
      : m_graph(graph), m_consumers(consumers) {}

  /// Whether all that follows from `root` and is no constant any more follows from `gate`.
  bool passesThrough(ValueId root, ValueId gate) const {
    std::set<ValueId> seen{root};
    std::vector<ValueId> open{root};
    while (!open.empty()) {
      const ValueId at = open.back();
      open.pop_back();
      if (at == gate) continue;
      if (isOutput(at) || seen.size() > mostLooked) return false;
      for (const NodeId reader : m_consumers[at.index])
        for (const ValueId output : m_graph.node(reader).outputs) {
          if (!output.valid()) continue;
          if (!constantInfo(m_graph, output)) return false;
          if (seen.insert(output).second) open.push_back(output);
        }
    }
    return true;
  }

 private:
  bool isOutput(ValueId value) const {
    return std::ranges::find(m_graph.outputs, value) != m_graph.outputs.end();
  }

  const Graph& m_graph;
  const std::vector<std::vector<NodeId>>& m_consumers;
};

std::int64_t elementsBefore(const Shape& shape, std::size_t axes) {
  return elementCount(Shape(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(axes)));
}

/// The axis of `before` along which the elements lie that lie along `axis` of `after`; 0 where there is none.
int axisBefore(const Node& node, const Shape& before, const Shape& after, int axis) {
  const auto at = static_cast<std::size_t>(axis);
  if (node.opType == "Transpose") {
    const auto axes = permutation(node, before.size());
    return axes && at < axes->size() ? static_cast<int>((*axes)[at]) : 0;
  }
  if (before.size() == after.size() && node.opType != "Reshape" && node.opType != "Flatten") return axis;
  for (std::size_t i = 0; at < after.size() && i < before.size(); ++i)
    if (before[i] == after[at] && elementsBefore(before, i) == elementsBefore(after, at))
      return static_cast<int>(i);
  return 0;
}

}  // namespace

SharedConstant sharedConstant(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers,
                              ValueId weight, int channelAxis) {
  const auto path = constantPath(graph, weight);
  const Sharing sharing(graph, consumers);
  std::int64_t stored = 0;
  for (const ValueId root : constantRoots(graph, weight))
    if (const auto info = constantInfo(graph, root)) stored += elementCount(info->shape);
  SharedConstant at{weight, channelAxis};
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto here = constantInfo(graph, path[i]);
    if (!here) break;
    const bool editable =
        isFloating(here->dtype) && !here->shape.empty() && elementCount(here->shape) <= stored;
    if (editable && sharing.passesThrough(path.back(), path[i])) return {path[i], at.channelAxis};
    if (i + 1 == path.size()) break;
    const auto before = constantInfo(graph, path[i + 1]);
    const NodeId producer = graph.value(path[i]).producer;
    if (!before || !producer.valid()) break;
    at.channelAxis = axisBefore(graph.node(producer), before->shape, here->shape, at.channelAxis);
  }
  return {weight, channelAxis};
}

}  // namespace lapidary::core
