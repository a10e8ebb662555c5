// SPDX-License-Identifier: GPL-3.0-or-later
// Channels through normalisation, softmax and reductions: what mixes channels pins them.
#include <algorithm>
#include <numeric>

#include "core/compress/structure/node_trace.h"

namespace lapidary::core {
namespace {

void outLike(NodeTrace& node, const TracedValue& x) { node.out(0, {true, x.axes, false, {}}); }

/// Axes of a reduction; nothing where they are not known beforehand.
std::optional<std::vector<bool>> reducedAxes(NodeTrace& node, std::size_t rank) {
  std::vector<bool> reduced(rank, false);
  const auto axes = node.ints(1, "axes");
  if (!axes && node.has(1)) return std::nullopt;
  if (!axes || axes->empty()) {
    if (node.node().intOr("noop_with_empty_axes", 0) == 0) reduced.assign(rank, true);
    return reduced;
  }
  for (const std::int64_t given : *axes) {
    const auto axis = NodeTrace::axis(given, rank);
    if (!axis) return std::nullopt;
    reduced[*axis] = true;
  }
  return reduced;
}

}  // namespace

void traceBatchNorm(NodeTrace& node) {
  if (!node.ranked(0, 2) || node.node().intOr("training_mode", 0) != 0) return node.pinInputs();
  const TracedValue& x = node.in(0);
  for (std::size_t i = 1; i < node.node().inputs.size(); ++i) {
    if (node.in(i).axes.size() != 1) return node.pinInputs();
    node.join(x.axes[1], node.in(i).axes[0]);
  }
  for (std::size_t i = 2; i < x.axes.size() && node.node().opType == "InstanceNormalization"; ++i)
    node.pin(x.axes[i]);
  outLike(node, x);
}

/// The statistics are those of a whole group, so that whole groups go.
void traceGroupNorm(NodeTrace& node) {
  const std::int64_t groups = node.node().intOr("num_groups", 0);
  if (!node.ranked(0, 2) || groups < 1 || !node.in(0).axes[1].followed() ||
      node.in(0).axes[1].size % groups != 0)
    return node.pinInputs();
  const TracedValue& x = node.in(0);
  const auto& labels = x.axes[1].labels;
  const std::size_t perGroup = labels.size() / static_cast<std::size_t>(groups);
  TracedAxis heads{groups, {}};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i % perGroup == 0) heads.labels.push_back(labels[i]);
    node.join(heads.labels.back(), labels[i]);
  }
  for (const std::size_t i : {1u, 2u}) {
    if (!node.has(i) || node.in(i).axes.size() != 1) return node.pinInputs();
    // One scale for each group before operator set 21, for each channel from there on.
    node.join(node.in(i).axes[0], node.in(i).axes[0].size == groups ? heads : x.axes[1]);
  }
  node.countAttribute("num_groups", 0, heads.labels);
  outLike(node, x);
}

void traceLayerNorm(NodeTrace& node) {
  if (!node.ranked(0)) return node.pinInputs();
  const TracedValue& x = node.in(0);
  const auto first = NodeTrace::axis(node.node().intOr("axis", -1), x.axes.size());
  for (std::size_t i = 1; i < node.node().inputs.size(); ++i) node.pin(node.in(i));
  for (std::size_t i = first.value_or(0); i < x.axes.size(); ++i) node.pin(x.axes[i]);
  outLike(node, x);
}

/// Moments over some axes, which have to stay; by default all but the channels.
void traceMeanVariance(NodeTrace& node) {
  const bool together = node.opset() < 9 && node.node().intOr("across_channels", 0) != 0;
  if (!node.ranked(0) || together) return node.pinInputs();
  const TracedValue& x = node.in(0);
  for (const std::int64_t given : node.node().intsOr("axes", {0, 2, 3})) {
    const auto axis = NodeTrace::axis(given, x.axes.size());
    if (!axis) return node.pinInputs();
    node.pin(x.axes[*axis]);
  }
  outLike(node, x);
}

/// Squares of the channels around each: without one, others would be its neighbours.
void traceLocalResponse(NodeTrace& node) {
  if (!node.ranked(0, 2)) return node.pinInputs();
  node.pin(node.in(0).axes[1]);
  outLike(node, node.in(0));
}

/// Softmax and its like mix one axis; before operator set 13 all axes from there on.
void traceAlongAxis(NodeTrace& node) {
  for (std::size_t i = 1; i < node.node().inputs.size(); ++i) node.pin(node.in(i));
  if (!node.ranked(0, 1)) return node.pinInputs();
  const TracedValue& x = node.in(0);
  const std::string& op = node.node().opType;
  const bool softmax = op.ends_with("max"), flattens = softmax && node.opset() > 0 && node.opset() < 13;
  const std::int64_t given = node.node().intOr("axis", flattens ? 1 : -1);
  const auto axis = NodeTrace::axis(given, x.axes.size()).value_or(x.axes.size());
  for (std::size_t i = 0; i < x.axes.size(); ++i)
    if (axis == x.axes.size() || i == axis || (flattens && i > axis)) node.pin(x.axes[i]);
  outLike(node, x);
}

/// The axis that is walked along is an input, and so may be any of them.
void traceAlongInputAxis(NodeTrace& node) {
  node.pinInputs();
  if (node.ranked(0, 1)) outLike(node, node.in(0));
}

/// Sums of followed axes lose what zeros would not have added; means and extremes would change, and so would
/// sums to which a zero adds e^0.
void traceReduce(NodeTrace& node) {
  const auto reduced = node.ranked(0) ? reducedAxes(node, node.in(0).axes.size()) : std::nullopt;
  if (!reduced) return node.pinInputs();
  const TracedValue& x = node.in(0);
  const std::string& op = node.node().opType;
  const bool sums = op == "ReduceSum" || op == "ReduceL1" || op == "ReduceL2" || op == "ReduceSumSquare" ||
                    op == "ReduceLogSum";
  const bool keeps = node.node().intOr("keepdims", 1) != 0;
  TracedValue out{true, {}, false, {}};
  for (std::size_t i = 0; i < x.axes.size(); ++i) {
    if ((*reduced)[i] && !sums) node.pin(x.axes[i]);
    if (!(*reduced)[i])
      out.axes.push_back(x.axes[i]);
    else if (keeps)
      out.axes.push_back({1, {}});
  }
  node.pinEntries(0);
  node.out(0, std::move(out));
}

}  // namespace lapidary::core
