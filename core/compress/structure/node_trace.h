// SPDX-License-Identifier: GPL-3.0-or-later
// One node seen by the rules that follow channels through it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/compress/structure/channel_trace.h"

namespace lapidary::core {

/// Gives a rule the node's inputs, takes its outputs and what belongs together. Nothing here trusts the file:
/// what does not fit is pinned.
class NodeTrace {
 public:
  NodeTrace(ChannelTrace& trace, NodeId id);

  const Node& node() const { return m_node; }
  bool has(std::size_t input) const { return input < m_node.inputs.size() && m_node.inputs[input].valid(); }
  /// Of an omitted input: a value of which nothing is known.
  const TracedValue& in(std::size_t input) const;
  /// Whether the number of axes of the input is known, at least `least`.
  bool ranked(std::size_t input, std::size_t least = 0) const;
  void out(std::size_t output, TracedValue value);
  /// As the file declares it, nothing followed.
  TracedValue declared(std::size_t output) const;
  std::int64_t opset() const;
  std::int64_t declaredSize(std::size_t output, std::size_t axis) const;

  /// Whole numbers known beforehand; of an attribute where the input is absent and `attribute` is given.
  std::optional<std::vector<std::int64_t>> numbers(std::size_t input, const char* attribute = nullptr) const;
  /// The same for numbers that are never written anew: what they follow from is pinned.
  std::optional<std::vector<std::int64_t>> ints(std::size_t input, const char* attribute = nullptr);
  /// An axis counted from the front, or nothing where it is out of range.
  static std::optional<std::size_t> axis(std::int64_t given, std::size_t rank);

  /// Position by position; pins both where their sizes differ, and the followed one of two otherwise.
  void join(const TracedAxis& a, const TracedAxis& b);
  void join(AxisIndex a, AxisIndex b) { m_trace.classes.join(a, b); }
  void markHeads(const TracedAxis& axis);
  /// The axis of a result where sizes of 1 are repeated to the other's.
  TracedAxis broadcast(const TracedAxis& a, const TracedAxis& b);
  /// A new axis whose positions belong to nothing yet.
  TracedAxis fresh(std::int64_t size);
  TracedAxis pinned(std::int64_t size);

  void pin(const TracedAxis& axis);
  void pin(const TracedValue& value);
  /// Everything the node reads has to stay.
  void pinInputs();

  void countAttribute(const std::string& name, std::size_t entry, std::vector<AxisIndex> counted);
  /// The numbers of an input: `counted` entries count positions, the others stay what they are.
  void countList(std::size_t input, std::vector<std::int64_t> numbers,
                 std::map<std::size_t, std::vector<AxisIndex>> counted);
  /// Numbers of an input that are computed with, but not followed.
  void pinEntries(std::size_t input);

 private:
  ChannelTrace& m_trace;
  NodeId m_id;
  const Node& m_node;
  std::string m_reason;
};

/// How channels pass through one operator; which rule is whose stands in trace_rules.h.
using TraceRule = void (*)(NodeTrace&);

void traceConv(NodeTrace& node);
void traceConvTranspose(NodeTrace& node);
void traceGemm(NodeTrace& node);
void traceMatMul(NodeTrace& node);
void traceEinsum(NodeTrace& node);
void tracePool(NodeTrace& node);
void traceGlobalPool(NodeTrace& node);
void traceUnary(NodeTrace& node);
void traceBroadcasting(NodeTrace& node);
void traceSlope(NodeTrace& node);
void traceCastLike(NodeTrace& node);
void traceCodes(NodeTrace& node);
void traceBatchNorm(NodeTrace& node);
void traceGroupNorm(NodeTrace& node);
void traceAlongAxis(NodeTrace& node);
void traceAlongInputAxis(NodeTrace& node);
void traceLayerNorm(NodeTrace& node);
void traceMeanVariance(NodeTrace& node);
void traceLocalResponse(NodeTrace& node);
void traceReduce(NodeTrace& node);
void traceArgBest(NodeTrace& node);
void traceTopK(NodeTrace& node);
void traceTrilu(NodeTrace& node);
void traceReverseSequence(NodeTrace& node);
void traceRecurrent(NodeTrace& node);
void traceShape(NodeTrace& node);
void traceSize(NodeTrace& node);
void traceConstantOfShape(NodeTrace& node);
void traceReshape(NodeTrace& node);
void traceFlatten(NodeTrace& node);
void traceTranspose(NodeTrace& node);
void traceSqueeze(NodeTrace& node);
void traceUnsqueeze(NodeTrace& node);
void traceExpand(NodeTrace& node);
void traceTile(NodeTrace& node);
void traceResize(NodeTrace& node);
void traceDepthToSpace(NodeTrace& node);
void traceSpaceToDepth(NodeTrace& node);
void traceSampled(NodeTrace& node);
void traceConcat(NodeTrace& node);
void traceSplit(NodeTrace& node);
void traceSlice(NodeTrace& node);
void traceGather(NodeTrace& node);
void tracePad(NodeTrace& node);
void traceCenterCropPad(NodeTrace& node);

}  // namespace lapidary::core
