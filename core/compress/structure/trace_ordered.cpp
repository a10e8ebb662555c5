// SPDX-License-Identifier: GPL-3.0-or-later
// Channels through operators for which the order along some axes counts: these stay, the others pass.
#include <algorithm>
#include <numeric>
#include <span>

#include "core/compress/structure/node_trace.h"

namespace lapidary::core {
namespace {

/// Pins these axes of the first input; false, with all inputs pinned, where one is out of range.
bool pinAxes(NodeTrace& node, std::span<const std::int64_t> axes) {
  for (const std::int64_t given : axes) {
    const auto axis =
        node.ranked(0) ? NodeTrace::axis(given, node.in(0).axes.size()) : std::optional<std::size_t>();
    if (!axis) {
      node.pinInputs();
      return false;
    }
    node.pin(node.in(0).axes[*axis]);
  }
  return true;
}

}  // namespace

void traceArgBest(NodeTrace& node) {
  const std::int64_t along[] = {node.node().intOr("axis", 0)};
  node.pinEntries(0);
  if (!pinAxes(node, along)) return;
  TracedValue out{true, node.in(0).axes, false, {}};
  const auto axis = static_cast<std::ptrdiff_t>(*NodeTrace::axis(along[0], out.axes.size()));
  if (node.node().intOr("keepdims", 1) != 0)
    out.axes[static_cast<std::size_t>(axis)] = {1, {}};
  else
    out.axes.erase(out.axes.begin() + axis);
  node.out(0, std::move(out));
}

/// Values and their positions: as many as an input says, before operator set 10 an attribute.
void traceTopK(NodeTrace& node) {
  const std::int64_t along[] = {node.node().intOr("axis", -1)};
  const auto count = node.ints(1);
  node.pinEntries(0);
  if (!pinAxes(node, along)) return;
  TracedValue out{true, node.in(0).axes, false, {}};
  const std::int64_t kept = count && count->size() == 1 ? count->front() : node.node().intOr("k", -1);
  out.axes[*NodeTrace::axis(along[0], out.axes.size())] = {std::max<std::int64_t>(kept, -1), {}};
  node.out(1, out);
  node.out(0, std::move(out));
}

/// The triangle lies in the last two axes.
void traceTrilu(NodeTrace& node) {
  constexpr std::int64_t along[] = {-2, -1};
  node.pinEntries(0);
  node.pinEntries(1);
  if (pinAxes(node, along)) node.out(0, {true, node.in(0).axes, false, {}});
}

void traceReverseSequence(NodeTrace& node) {
  const std::int64_t along[] = {node.node().intOr("batch_axis", 1), node.node().intOr("time_axis", 0)};
  node.pinEntries(0);
  node.pin(node.in(1));
  if (pinAxes(node, along)) node.out(0, {true, node.in(0).axes, false, {}});
}

/// The axes that are cut or padded to the sizes of the second input: those named, or all.
void traceCenterCropPad(NodeTrace& node) {
  const auto sizes = node.ints(1);
  node.pinEntries(0);
  if (!node.ranked(0) || !sizes) return node.pinInputs();
  std::vector<std::int64_t> along = node.node().intsOr("axes", {});
  if (!node.node().attributes.contains("axes")) {
    along.resize(node.in(0).axes.size());
    std::iota(along.begin(), along.end(), 0);
  }
  if (along.size() != sizes->size()) return node.pinInputs();
  if (!pinAxes(node, along)) return;
  TracedValue out{true, node.in(0).axes, false, {}};
  for (std::size_t i = 0; i < along.size(); ++i)
    out.axes[*NodeTrace::axis(along[i], out.axes.size())] = {std::max<std::int64_t>((*sizes)[i], -1), {}};
  node.out(0, std::move(out));
}

}  // namespace lapidary::core
