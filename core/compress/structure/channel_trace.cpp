// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/channel_trace.h"

#include "core/compress/structure/trace_rules.h"

namespace lapidary::core {
namespace {

/// Longer lists of integers are data, not shapes.
constexpr std::int64_t longestShape = 64;

bool isWhole(DType type) { return type == DType::Int64 || type == DType::Int32; }

TracedValue constantValue(IndexClasses& classes, const Tensor& tensor) {
  TracedValue value;
  value.known = value.constant = true;
  for (const std::int64_t size : tensor.shape()) {
    value.axes.push_back({size, {}});
    if (size > 0 && size <= longestFollowed)
      value.axes.back().labels = classes.make(static_cast<std::size_t>(size));
  }
  if (!isWhole(tensor.dtype()) || tensor.size() > longestShape) return value;
  value.entries.emplace();
  for (const std::int64_t number : toInt64(tensor)) value.entries->push_back({number, {}});
  return value;
}

/// Constant nodes of single numbers and lists keep them in other attributes than "value".
bool traceConstant(ChannelTrace& trace, const Node& node) {
  if (node.opType != "Constant" || node.outputs.empty() || !node.outputs[0].valid()) return false;
  if (const Tensor* tensor = node.find<Tensor>("value"))
    trace.values[node.outputs[0].index] = constantValue(trace.classes, *tensor);
  else if (const auto* list = node.find<std::vector<std::int64_t>>("value_ints"))
    trace.values[node.outputs[0].index] = constantValue(
        trace.classes, Tensor::from<std::int64_t>({static_cast<std::int64_t>(list->size())}, *list));
  else if (const auto* number = node.find<std::int64_t>("value_int"))
    trace.values[node.outputs[0].index] = constantValue(trace.classes, Tensor::scalar<std::int64_t>(*number));
  return true;
}

void traceNode(ChannelTrace& trace, NodeId id, const std::vector<ValueId>& reads) {
  const Node& node = trace.model.graph->node(id);
  if (traceConstant(trace, node)) return;
  NodeTrace traced(trace, id);
  const TraceRule rule = node.subgraphs().empty() ? traceRuleFor(node.domain, node.opType) : nullptr;
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    if (node.outputs[i].valid()) trace.values[node.outputs[i].index] = traced.declared(i);
  if (rule != nullptr) return rule(traced);
  for (const ValueId value : reads)
    if (value.valid()) traced.pin(trace.values[value.index]);
}

}  // namespace

ChannelTrace::ChannelTrace(const Model& traced) : model(traced), values(traced.graph->values.size()) {
  const Graph& graph = *model.graph;
  for (const auto& [id, tensor] : graph.initializers) values[id.index] = constantValue(classes, tensor);
  for (const ValueId id : graph.inputs) {
    TracedValue& value = values[id.index];
    if (!graph.value(id).shape) continue;
    value.known = true;
    for (const Dimension& dimension : *graph.value(id).shape)
      value.axes.push_back({dimension.size.value_or(-1), {}});
  }
  const auto reads = graph.readsByNode();
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) traceNode(*this, NodeId{i}, reads[i]);
  for (const ValueId id : graph.outputs) {
    const std::string reason = "they reach '" + graph.value(id).name + "', an output of the model";
    for (const TracedAxis& axis : values[id.index].axes)
      for (const AxisIndex label : axis.labels) classes.pin(label, reason);
    for (const ShapeEntry& entry : values[id.index].entries.value_or(std::vector<ShapeEntry>{}))
      for (const AxisIndex label : entry.follows) classes.pin(label, reason);
  }
}

}  // namespace lapidary::core
