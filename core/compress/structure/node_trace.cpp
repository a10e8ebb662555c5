// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/node_trace.h"

#include <algorithm>

#include "core/compress/structure/trace_rules.h"

namespace lapidary::core {

NodeTrace::NodeTrace(ChannelTrace& trace, NodeId id)
    : m_trace(trace), m_id(id), m_node(trace.model.graph->node(id)) {
  m_reason = "they reach " + describe(*trace.model.graph, id) + ", which " +
             std::string(whyPinned(m_node.domain, m_node.opType));
}

const TracedValue& NodeTrace::in(std::size_t input) const {
  static const TracedValue none;
  return has(input) ? m_trace.values[m_node.inputs[input].index] : none;
}

bool NodeTrace::ranked(std::size_t input, std::size_t least) const {
  return has(input) && in(input).known && in(input).axes.size() >= least;
}

namespace {

/// Whether there are as many numbers as the axes say.
bool fits(const TracedValue& value) {
  std::int64_t elements = 1;
  for (const TracedAxis& axis : value.axes)
    if (axis.size < 0 || axis.size > 1 << 16 || (elements *= axis.size) > 1 << 16) return false;
  return elements == static_cast<std::int64_t>(value.entries->size());
}

}  // namespace

void NodeTrace::out(std::size_t output, TracedValue value) {
  if (value.entries && !fits(value)) {  // a graph that contradicts itself
    pin(TracedValue{true, {}, false, value.entries});
    value.entries.reset();
  }
  if (output >= m_node.outputs.size() || !m_node.outputs[output].valid()) return;
  for (TracedAxis& axis : value.axes) axis.size = sizeProduct(1, axis.size);
  value.known = true;
  value.constant = false;
  m_trace.values[m_node.outputs[output].index] = std::move(value);
}

TracedValue NodeTrace::declared(std::size_t output) const {
  TracedValue value;
  if (output >= m_node.outputs.size() || !m_node.outputs[output].valid()) return value;
  const Value& stated = m_trace.model.graph->value(m_node.outputs[output]);
  if (!stated.shape) return value;
  value.known = true;
  for (const Dimension& dimension : *stated.shape)
    value.axes.push_back({sizeProduct(1, dimension.size.value_or(-1)), {}});
  return value;
}

std::int64_t NodeTrace::opset() const { return m_trace.model.opset(); }

std::int64_t NodeTrace::declaredSize(std::size_t output, std::size_t axis) const {
  const TracedValue value = declared(output);
  return axis < value.axes.size() ? value.axes[axis].size : -1;
}

std::optional<std::vector<std::int64_t>> NodeTrace::numbers(std::size_t input, const char* attribute) const {
  if (!has(input)) {
    const auto* list = attribute ? m_node.find<std::vector<std::int64_t>>(attribute) : nullptr;
    return list ? std::optional(*list) : std::nullopt;
  }
  const TracedValue& value = in(input);
  if (!value.entries) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const ShapeEntry& entry : *value.entries) {
    if (!entry.number) return std::nullopt;
    numbers.push_back(*entry.number);
  }
  return numbers;
}

std::optional<std::vector<std::int64_t>> NodeTrace::ints(std::size_t input, const char* attribute) {
  pinEntries(input);
  return numbers(input, attribute);
}

std::optional<std::size_t> NodeTrace::axis(std::int64_t given, std::size_t rank) {
  const auto count = static_cast<std::int64_t>(rank);
  if (given < -count || given >= count) return std::nullopt;
  return static_cast<std::size_t>(given < 0 ? given + count : given);
}

void NodeTrace::join(const TracedAxis& a, const TracedAxis& b) {
  if (a.labels.size() != b.labels.size()) {
    pin(a);
    return pin(b);
  }
  for (std::size_t i = 0; i < a.labels.size(); ++i) m_trace.classes.join(a.labels[i], b.labels[i]);
}

void NodeTrace::markHeads(const TracedAxis& axis) {
  for (const AxisIndex label : axis.labels) m_trace.classes.markHead(label);
}

TracedAxis NodeTrace::broadcast(const TracedAxis& a, const TracedAxis& b) {
  if (a.size == 1 && b.size != 1) return b;
  if (b.size == 1 && a.size != 1) return a;
  join(a, b);
  if (a.size < 0) return b;
  return a.followed() || !b.followed() ? a : b;
}

TracedAxis NodeTrace::fresh(std::int64_t size) {
  if (size < 1 || size > longestFollowed) return {size, {}};
  return {size, m_trace.classes.make(static_cast<std::size_t>(size))};
}

TracedAxis NodeTrace::pinned(std::int64_t size) {
  TracedAxis made = fresh(size);
  pin(made);
  return made;
}

void NodeTrace::pin(const TracedAxis& axis) {
  for (const AxisIndex label : axis.labels) m_trace.classes.pin(label, m_reason);
}

void NodeTrace::pin(const TracedValue& value) {
  for (const TracedAxis& axis : value.axes) pin(axis);
  if (!value.entries) return;
  for (const ShapeEntry& entry : *value.entries)
    for (const AxisIndex label : entry.follows) m_trace.classes.pin(label, m_reason);
}

void NodeTrace::pinEntries(std::size_t input) { pin(TracedValue{true, {}, false, in(input).entries}); }

void NodeTrace::pinInputs() {
  for (std::size_t i = 0; i < m_node.inputs.size(); ++i) pin(in(i));
}

void NodeTrace::countAttribute(const std::string& name, std::size_t entry, std::vector<AxisIndex> counted) {
  m_trace.attributes.push_back({m_id, name, entry, std::move(counted)});
}

void NodeTrace::countList(std::size_t input, std::vector<std::int64_t> numbers,
                          std::map<std::size_t, std::vector<AxisIndex>> counted) {
  std::vector<AxisIndex> follows;
  const auto add = [&](const std::vector<AxisIndex>& labels) {
    follows.insert(follows.end(), labels.begin(), labels.end());
  };
  for (const auto& [entry, labels] : counted) add(labels);
  if (in(input).entries)
    for (const ShapeEntry& entry : *in(input).entries) add(entry.follows);
  if (follows.empty()) return;
  m_trace.lists.push_back({m_id, input, std::move(numbers), std::move(counted), std::move(follows)});
}

}  // namespace lapidary::core
