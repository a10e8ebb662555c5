// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/student/gallery.h"
#include "core/student/student_graph.h"

namespace lapidary::core {
namespace {

/// samples x tokens x width.
struct Sequence {
  ValueId value;
  std::int64_t tokens = 0;
};

Attribute perm(Shape axes) { return axes; }

/// One token a patch; edges are filled up with zeros.
Sequence patches(StudentGraph& graph, const StudentSpec& spec) {
  const Plane plane = graph.plane();
  Shape side, pads(plane.space.size(), 0);
  std::int64_t tokens = 1;
  for (const std::int64_t size : plane.space) {
    side.push_back(std::min(spec.patch, size));
    const std::int64_t count = (size + side.back() - 1) / side.back();
    pads.push_back(count * side.back() - size);
    tokens *= count;
  }
  const ValueId cut = graph.conv("patches", plane, spec.width, side, side, pads, Follows::Nothing);
  const ValueId rows = graph.reshaped("patches.rows", cut, {0, spec.width, tokens});
  return {graph.node("Transpose", "patches.tokens", {rows}, {{"perm", perm({0, 2, 1})}}), tokens};
}

Sequence sequence(StudentGraph& graph, const StudentSpec& spec) {
  const StudentTask& task = graph.task();
  const Sequence tokens =
      task.tokens() ? Sequence{graph.embedded(spec.width), elementCount(task.sample)} : patches(graph, spec);
  const ValueId positions = graph.weight("positions", {1, tokens.tokens, spec.width}, 0.02);
  return {graph.node("Add", "positioned", {tokens.value, positions}), tokens.tokens};
}

/// samples x heads x tokens x width of a head, or with the last two axes exchanged.
ValueId perHead(StudentGraph& graph, const std::string& name, ValueId x, const StudentSpec& spec,
                bool turned) {
  const ValueId projected = graph.product(name, x, spec.width, spec.width, Follows::Nothing);
  const ValueId split =
      graph.reshaped(name + ".split", projected, {0, 0, spec.heads, spec.width / spec.heads});
  return graph.node("Transpose", name + ".heads", {split},
                    {{"perm", turned ? perm({0, 2, 3, 1}) : perm({0, 2, 1, 3})}});
}

/// softmax(Q K^T / sqrt(width of a head)) V, per head, then a projection.
ValueId attention(StudentGraph& graph, const std::string& name, ValueId x, const StudentSpec& spec) {
  const ValueId query = perHead(graph, name + ".query", x, spec, false),
                key = perHead(graph, name + ".key", x, spec, true),
                value = perHead(graph, name + ".value", x, spec, false);
  const auto width = static_cast<float>(spec.width / spec.heads);
  const ValueId scale = graph.constant(name + ".scale", Tensor::scalar(1 / std::sqrt(width)));
  const ValueId scores =
      graph.node("Mul", name + ".scaled", {graph.node("MatMul", name + ".scores", {query, key}), scale});
  const ValueId shares = graph.node("Softmax", name + ".shares", {scores}, {{"axis", std::int64_t{-1}}});
  const ValueId mixed = graph.node("MatMul", name + ".mixed", {shares, value});
  const ValueId turned = graph.node("Transpose", name + ".turned", {mixed}, {{"perm", perm({0, 2, 1, 3})}});
  const ValueId joined = graph.reshaped(name + ".joined", turned, {0, 0, spec.width});
  return graph.product(name + ".output", joined, spec.width, spec.width, Follows::Nothing);
}

ValueId feedForward(StudentGraph& graph, const std::string& name, ValueId x, const StudentSpec& spec) {
  const ValueId inner = graph.product(name + ".inner", x, spec.width, spec.feedForward, Follows::Relu);
  const ValueId bent = graph.node("Relu", name + ".relu", {inner});
  return graph.product(name + ".outer", bent, spec.feedForward, spec.width, Follows::Nothing);
}

ValueId block(StudentGraph& graph, const std::string& name, ValueId x, const StudentSpec& spec) {
  const ValueId first = graph.layerNorm(name + ".norm1", x, spec.width);
  x = graph.node("Add", name + ".residual1", {x, attention(graph, name, first, spec)});
  const ValueId second = graph.layerNorm(name + ".norm2", x, spec.width);
  return graph.node("Add", name + ".residual2", {x, feedForward(graph, name, second, spec)});
}

}  // namespace

Model makeTransformer(const StudentSpec& spec, const StudentTask& task, std::uint64_t seed) {
  StudentGraph graph(task, seed);
  ValueId x = sequence(graph, spec).value;
  for (std::int64_t i = 1; i <= spec.depth; ++i) x = block(graph, "block" + std::to_string(i), x, spec);
  const ValueId norm = graph.layerNorm("norm", x, spec.width);
  const ValueId mean = graph.node("ReduceMean", "mean", {norm},
                                  {{"axes", std::vector<std::int64_t>{1}}, {"keepdims", std::int64_t{0}}});
  return graph.finish(graph.dense("classes", mean, spec.width, task.classes, Follows::Nothing));
}

}  // namespace lapidary::core
