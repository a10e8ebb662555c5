// SPDX-License-Identifier: GPL-3.0-or-later
// Channels through operators that compute element by element.
#include <algorithm>
#include <span>

#include "core/compress/structure/node_trace.h"

namespace lapidary::core {
namespace {

/// Gives what an operator makes of whole numbers; nothing where it is not computed beforehand.
std::optional<std::int64_t> computed(const std::string& op, std::span<const std::int64_t> x) {
  constexpr std::int64_t most = std::int64_t{1} << 31;
  if (std::ranges::any_of(x, [](std::int64_t each) { return each > most || each < -most; }) || x.size() < 2)
    return std::nullopt;
  if (op == "Add") return x[0] + x[1];
  if (op == "Sub") return x[0] - x[1];
  if (op == "Mul") return x[0] * x[1];
  if (op == "Div" && x[1] != 0) return x[0] / x[1];
  if (op == "Equal") return x[0] == x[1];
  if (op == "Where" && x.size() > 2) return x[0] != 0 ? x[1] : x[2];
  return std::nullopt;
}

/// Arithmetic of shapes: all inputs are whole numbers, as many each, or one.
std::optional<std::vector<ShapeEntry>> computedEntries(const NodeTrace& node) {
  std::size_t count = 1;
  for (std::size_t i = 0; i < node.node().inputs.size(); ++i) {
    if (!node.in(i).entries || node.in(i).axes.size() > 1) return std::nullopt;
    count = std::max(count, node.in(i).entries->size());
  }
  std::vector<ShapeEntry> result(count);
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<std::int64_t> numbers;
    bool known = true;
    for (std::size_t i = 0; i < node.node().inputs.size(); ++i) {
      const auto& entries = *node.in(i).entries;
      if (entries.size() != 1 && entries.size() != count) return std::nullopt;
      const ShapeEntry& entry = entries[entries.size() == 1 ? 0 : k];
      known = known && entry.number.has_value();
      numbers.push_back(entry.number.value_or(0));
      result[k].follows.insert(result[k].follows.end(), entry.follows.begin(), entry.follows.end());
    }
    if (known) result[k].number = computed(node.node().opType, numbers);
  }
  return result;
}

void pinAllEntries(NodeTrace& node) {
  for (std::size_t i = 0; i < node.node().inputs.size(); ++i) node.pinEntries(i);
}

/// Axes of all the inputs, the last ones aligned.
std::vector<TracedAxis> broadcastAxes(NodeTrace& node) {
  std::vector<TracedAxis> axes;
  for (std::size_t i = 0; i < node.node().inputs.size(); ++i) {
    std::vector<TracedAxis> next = node.in(i).axes;
    if (next.size() > axes.size()) std::swap(next, axes);
    const std::size_t ahead = axes.size() - next.size();
    for (std::size_t k = 0; k < next.size(); ++k) axes[ahead + k] = node.broadcast(axes[ahead + k], next[k]);
  }
  return axes;
}

}  // namespace

void traceUnary(NodeTrace& node) {
  for (std::size_t i = 1; i < node.node().inputs.size(); ++i) node.pin(node.in(i));
  if (!node.ranked(0)) return node.pinInputs();
  TracedValue out{true, node.in(0).axes, false, {}};
  const std::int64_t to = node.node().intOr("to", 0);  // TensorProto: 6 is int32, 7 int64, 9 bool
  const bool whole = node.node().opType == "Cast" && (to == 6 || to == 7 || to == 9);
  if (node.node().opType == "Identity" || whole)
    out.entries = node.in(0).entries;
  else
    node.pinEntries(0);
  for (std::size_t i = 1; i < node.node().outputs.size(); ++i) node.out(i, out);
  node.out(0, std::move(out));
}

void traceBroadcasting(NodeTrace& node) {
  for (std::size_t i = 0; i < node.node().inputs.size(); ++i)
    if (!node.ranked(i)) return node.pinInputs();
  auto entries = computedEntries(node);
  if (!entries) pinAllEntries(node);
  node.out(0, {true, broadcastAxes(node), false, std::move(entries)});
}

/// The slope of PRelu has the axes of x from behind, or without the batch from before.
void traceSlope(NodeTrace& node) {
  if (!node.ranked(0) || !node.ranked(1) || node.in(1).axes.size() > node.in(0).axes.size())
    return node.pinInputs();
  node.out(0, {true, broadcastAxes(node), false, {}});
}

/// Of the second input only the element type counts.
void traceCastLike(NodeTrace& node) {
  if (!node.ranked(0)) return node.pin(node.in(0));
  node.pinEntries(0);
  node.out(0, {true, node.in(0).axes, false, {}});
}

/// QuantizeLinear and DequantizeLinear: scale and zero point are one for all or one for each position.
void traceCodes(NodeTrace& node) {
  if (!node.ranked(0)) return node.pinInputs();
  const TracedValue& x = node.in(0);
  const auto along = NodeTrace::axis(node.node().intOr("axis", 1), x.axes.size());
  for (const std::size_t i : {1u, 2u}) {
    if (!node.has(i) || node.in(i).axes.empty()) continue;
    const TracedValue& each = node.in(i);
    if (each.axes.size() == 1 && each.axes[0].size == 1 && (!along || x.axes[*along].size != 1)) continue;
    if (each.axes.size() != 1 || !along) return node.pinInputs();
    node.join(each.axes[0], x.axes[*along]);
  }
  node.out(0, {true, x.axes, false, {}});
}

}  // namespace lapidary::core
