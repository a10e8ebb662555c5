// SPDX-License-Identifier: GPL-3.0-or-later
// Channels through the operators that carry weights: convolutions, matrix products, recurrent layers.
#include <algorithm>

#include "core/compress/structure/node_trace.h"
#include "core/compress/structure/trace_window.h"

namespace lapidary::core {
namespace {

/// Every group makes `perGroup` channels in a row; position o of one group belongs to position o of all.
void joinAcrossGroups(NodeTrace& node, const std::vector<AxisIndex>& labels, std::size_t perGroup) {
  for (std::size_t i = perGroup; i < labels.size(); ++i) node.join(labels[i % perGroup], labels[i]);
}

/// One input channel for each group: the groups themselves can go, with `perGroup` outputs each.
void traceDepthwise(NodeTrace& node, const TracedAxis& input, const TracedAxis& outputs) {
  const std::size_t groups = input.labels.size();
  if (groups == 0 || outputs.labels.size() % groups != 0) {
    node.pin(input);
    return node.pin(outputs);
  }
  const std::size_t perGroup = outputs.labels.size() / groups;
  for (std::size_t i = 0; i < outputs.labels.size(); ++i)
    node.join(input.labels[i / perGroup], outputs.labels[i]);
  node.countAttribute("group", 0, input.labels);
}

/// Groups of several input channels: those at one position of all groups go together.
void traceGrouped(NodeTrace& node, const TracedAxis& input, const TracedAxis& shared,
                  const TracedAxis& outputs, std::size_t groups) {
  const std::size_t perGroup = shared.labels.size();
  if (outputs.labels.size() % groups != 0 || perGroup == 0) return node.pinInputs();
  joinAcrossGroups(node, outputs.labels, outputs.labels.size() / groups);
  if (input.labels.size() != perGroup * groups) {
    node.pin(input);
    return node.pin(shared);
  }
  for (std::size_t i = 0; i < input.labels.size(); ++i)
    node.join(input.labels[i], shared.labels[i % perGroup]);
}

void traceConvolution(NodeTrace& node, std::size_t inputAxis, std::size_t outputAxis) {
  const std::int64_t groups = node.node().intOr("group", 1);
  if (!node.ranked(0, 3) || !node.ranked(1, 3) || groups < 1 ||
      node.in(0).axes.size() != node.in(1).axes.size())
    return node.pinInputs();
  const TracedValue &x = node.in(0), &w = node.in(1);
  if (groups == 1)
    node.join(x.axes[1], w.axes[inputAxis]);
  else if (inputAxis == 1 && w.axes[1].size == 1)
    traceDepthwise(node, x.axes[1], w.axes[0]);
  else if (inputAxis == 1)
    traceGrouped(node, x.axes[1], w.axes[1], w.axes[0], static_cast<std::size_t>(groups));
  else
    node.pinInputs();
  if (node.has(2) && node.in(2).axes.size() == 1) node.join(node.in(2).axes[0], w.axes[outputAxis]);
  TracedValue out{true, {x.axes[0], w.axes[outputAxis]}, false, {}};
  std::vector<std::int64_t> kernel;
  for (std::size_t i = 2; i < w.axes.size(); ++i) {
    node.pin(x.axes[i]);
    node.pin(w.axes[i]);
    kernel.push_back(w.axes[i].size);
  }
  appendWindowAxes(node, kernel, out);
  node.out(0, std::move(out));
}

}  // namespace

void traceConv(NodeTrace& node) { traceConvolution(node, 1, 0); }

void traceConvTranspose(NodeTrace& node) {
  if (node.node().intOr("group", 1) == 1) return traceConvolution(node, 0, 1);
  node.pinInputs();
}

void traceGemm(NodeTrace& node) {
  if (!node.ranked(0, 2) || !node.ranked(1, 2)) return node.pinInputs();
  const bool ta = node.node().intOr("transA", 0) != 0, tb = node.node().intOr("transB", 0) != 0;
  const auto &a = node.in(0).axes, &b = node.in(1).axes;
  node.join(a[ta ? 0 : 1], b[tb ? 1 : 0]);
  TracedAxis rows = a[ta ? 1 : 0], columns = b[tb ? 0 : 1];
  if (const TracedValue& c = node.in(2); c.known && !c.axes.empty()) {
    columns = node.broadcast(columns, c.axes.back());
    if (c.axes.size() > 1) rows = node.broadcast(rows, c.axes[0]);
  } else if (node.has(2) && !c.known) {
    node.pin(columns);
  }
  node.out(0, {true, {rows, columns}, false, {}});
}

/// Of two activations the axes before the last two are batches: there stand attention heads.
void traceMatMul(NodeTrace& node) {
  if (!node.ranked(0, 2) || !node.ranked(1, 2)) return node.pinInputs();
  const TracedValue &a = node.in(0), &b = node.in(1);
  const std::size_t ranks[] = {a.axes.size(), b.axes.size()}, rank = std::max(ranks[0], ranks[1]);
  node.join(a.axes[ranks[0] - 1], b.axes[ranks[1] - 2]);
  TracedValue out{true, {}, false, {}};
  for (std::size_t i = 0; i + 2 < rank; ++i) {
    const bool inA = i + ranks[0] >= rank, inB = i + ranks[1] >= rank;
    if (!inA || !inB) {
      out.axes.push_back(inA ? a.axes[i + ranks[0] - rank] : b.axes[i + ranks[1] - rank]);
      continue;
    }
    const TracedAxis &left = a.axes[i + ranks[0] - rank], &right = b.axes[i + ranks[1] - rank];
    if (left.followed() && right.followed() && !a.constant && !b.constant) node.markHeads(left);
    out.axes.push_back(node.broadcast(left, right));
  }
  out.axes.push_back(a.axes[ranks[0] - 2]);
  out.axes.push_back(b.axes[ranks[1] - 1]);
  node.out(0, std::move(out));
}

/// What a recurrent layer reads can shrink; its own units, whose gates lie side by side, stay.
void traceRecurrent(NodeTrace& node) {
  for (std::size_t i = 1; i < node.node().inputs.size(); ++i)
    if (i != 1 || !node.ranked(1, 3)) node.pin(node.in(i));
  if (!node.ranked(0, 3) || !node.ranked(1, 3)) return node.pinInputs();
  const auto &x = node.in(0).axes, &w = node.in(1).axes;
  node.join(x[2], w[2]);
  for (const TracedAxis& axis : {x[0], x[1], w[0], w[1]}) node.pin(axis);
}

}  // namespace lapidary::core
