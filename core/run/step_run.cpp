// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/step_run.h"

#include <set>

#include "core/ops/kernels/int8_layout.h"
#include "core/run/node_run.h"

namespace lapidary::core {
namespace {

/// The value in a layout that the operator knows.
Activation accepted(const Op& op, const Activation& value) {
  return (liesInCodes(value) ? op.takesCodes : op.takesBlocked) ? value : plainActivation(value);
}

std::vector<Activation> inputsOf(const Node& node, const Op& op, const ValueOf& valueOf) {
  std::vector<Activation> inputs;
  inputs.reserve(node.inputs.size());
  for (const ValueId id : node.inputs) {
    if (!id.valid())
      inputs.emplace_back();
    else
      inputs.push_back(accepted(op, valueOf(id)));
  }
  return inputs;
}

bool isFloat32(const Activation& activation) {
  return activation.defined() && activation.dtype == DType::Float32;
}

/// How many of the tail's nodes can be fused for these inputs.
std::size_t fusedCount(const Graph& graph, const Step& step, const Fusion& fusion,
                       std::span<const Activation> inputs, const ValueOf& valueOf) {
  const FusedTail& tail = step.tail;
  const std::size_t all = tail.nodes().size();
  if (all == 0) return 0;
  if (inputs.size() < 2 || !isFloat32(inputs[0]) || !isFloat32(inputs[1])) return 0;
  if (!tail.bias.valid() && !tail.residual.valid()) return all;
  std::vector<Shape> shapes;
  for (const Activation& input : inputs) shapes.push_back(input.shape);
  const Shape shape =
      withContext(describe(graph, step.head), [&] { return headShape(graph.node(step.head), shapes); });
  if (tail.bias.valid() && (shape.empty() || shape.back() != fusion.channelShift.size())) return 0;
  const std::size_t before = (tail.norm.valid() ? 1u : 0u) + (tail.bias.valid() ? 1u : 0u);
  if (!tail.residual.valid()) return all;
  const Activation& residual = valueOf(tail.residual);
  return isFloat32(residual) && residual.shape == shape ? all : before;
}

Fusion fusionOfFirst(std::size_t count, const Step& step, const Fusion& all, const ValueOf& valueOf) {
  Fusion fusion = all;
  const auto nodes = step.tail.nodes();
  if (count < nodes.size()) {
    fusion.activation = FusedActivation::None;
    fusion.codeScale = 0;
  }
  if (count == nodes.size() && step.tail.residual.valid()) fusion.residual = valueOf(step.tail.residual);
  if (count == 0) fusion.channelScale = fusion.channelShift = Tensor();
  return fusion;
}

/// Runs a fused node by itself; `between` stands for the value that no other node reads.
std::vector<Activation> runAlone(const Graph& graph, NodeId id, ValueId betweenId, const Activation& between,
                                 const Step& step, const ValueOf& valueOf) {
  const Node& node = graph.node(id);
  const Op* op = findOp(node.domain, node.opType);
  const ValueOf withBetween = [&](ValueId value) -> const Activation& {
    return value == betweenId ? between : valueOf(value);
  };
  const auto inputs = inputsOf(node, *op, withBetween);
  return runAt(graph, id, *op, OpCall{node, step.opset, inputs});
}

}  // namespace

std::vector<Activation> runStep(const Graph& graph, const Step& step, const Fusion& fusion,
                                const ValueOf& valueOf, SubgraphRunner* subgraphs) {
  const Node& head = graph.node(step.head);
  const auto inputs = inputsOf(head, *step.op, valueOf);
  const std::size_t count = fusedCount(graph, step, fusion, inputs, valueOf);
  const Fusion fused = count > 0 ? fusionOfFirst(count, step, fusion, valueOf) : Fusion();
  OpCall call{head, step.opset, inputs};
  call.fusion = count > 0 ? &fused : nullptr;
  call.prepared = step.prepared.get();
  call.subgraphs = subgraphs;
  std::vector<Activation> outputs = runAt(graph, step.head, *step.op, call);
  const auto tail = step.tail.nodes();
  NodeId previous = count == 0 ? step.head : tail[count - 1];
  for (std::size_t i = count; i < tail.size(); ++i) {
    const Activation between = outputs.at(0);
    outputs = runAlone(graph, tail[i], graph.node(previous).outputs[0], between, step, valueOf);
    previous = tail[i];
  }
  return outputs;
}

double flopsOf(const Graph& graph, const Step& step, const ValueOf& valueOf,
               std::span<const Activation> outputs) {
  std::vector<NodeId> nodes{step.head};
  const auto tail = step.tail.nodes();
  nodes.insert(nodes.end(), tail.begin(), tail.end());
  std::vector<Shape> outputShapes;
  for (const Activation& output : outputs) outputShapes.push_back(output.shape);
  double flops = 0;
  ValueId between;  // inside a step every value has the shape of its output
  for (const NodeId id : nodes) {
    const Node& node = graph.node(id);
    std::vector<Shape> shapes;
    for (const ValueId input : node.inputs) {
      if (!input.valid())
        shapes.push_back({0});
      else
        shapes.push_back(input == between ? outputShapes.at(0) : valueOf(input).shape);
    }
    flops += costOf(*findOp(node.domain, node.opType), node, shapes, outputShapes).flops;
    between = node.outputs.at(0);
  }
  return flops;
}

double bytesOf(const Step& step, const ValueOf& valueOf, std::span<const Activation> outputs) {
  std::size_t bytes = 0;
  std::set<ValueId> seen;
  for (const ValueId id : step.named)
    if (id.valid() && seen.insert(id).second) bytes += valueOf(id).byteSize();
  for (const Activation& output : outputs) bytes += output.byteSize();
  return static_cast<double>(bytes);
}

}  // namespace lapidary::core
