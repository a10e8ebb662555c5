// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/simplify.h"

#include <algorithm>
#include <cmath>

#include "core/model/standard_domain.h"
#include "core/run/plan.h"

namespace lapidary::core {
namespace {

bool near(std::optional<float> value, double wanted) {
  return value && std::abs(static_cast<double>(*value) - wanted) < 1e-3 * std::abs(wanted);
}

class Simplifier {
 public:
  Simplifier(const Model& model, const std::vector<ValueId>& results)
      : m_model(model),
        m_graph(*model.graph),
        m_readers(m_graph.consumers()),
        m_isResult(m_graph.values.size()) {
    for (const ValueId id : results) m_isResult[id.index] = true;
  }

  std::shared_ptr<const Graph> run() {
    for (std::uint32_t i = 0; i < m_graph.nodes.size(); ++i) {
      const NodeId id{i};
      if (isType(id, "Sqrt")) tryLayerNorm(id);
      if (isType(id, "Erf")) tryGelu(id);
    }
    return m_result ? m_result : m_model.graph;
  }

 private:
  bool isType(NodeId id, std::string_view type) const {
    if (!id.valid()) return false;
    const Node& node = m_graph.node(id);
    return isStandard(node, type) && node.outputs.size() == 1 && !node.inputs.empty();
  }

  ValueId input(NodeId id, std::size_t i) const {
    const Node& node = m_graph.node(id);
    return i < node.inputs.size() ? node.inputs[i] : ValueId{};
  }
  ValueId output(NodeId id) const { return m_graph.node(id).outputs[0]; }

  /// The node that computes the value, if it is of the type and the value is not overridden.
  NodeId producer(ValueId id, std::string_view type) const {
    if (!id.valid() || weightOf(m_model, id).defined()) return {};
    const NodeId node = m_graph.value(id).producer;
    return isType(node, type) ? node : NodeId{};
  }

  /// The reader of the given type, where the value has exactly `readers` readers and is not a result.
  NodeId reader(ValueId id, std::string_view type, std::size_t readers = 1) const {
    const auto& list = m_readers[id.index];
    if (m_isResult[id.index] || list.size() != readers) return {};
    const auto found = std::ranges::find_if(list, [&](NodeId node) { return isType(node, type); });
    return found == list.end() ? NodeId{} : *found;
  }

  /// The other operand of a node with two different ones.
  ValueId other(NodeId id, ValueId one) const {
    if (m_graph.node(id).inputs.size() != 2 || input(id, 0) == input(id, 1)) return {};
    return input(id, 0) == one ? input(id, 1) : input(id, 0);
  }

  bool isMeanOverLastAxis(NodeId id) const {
    const Node& node = m_graph.node(id);
    if (node.intOr("keepdims", 1) != 1) return false;
    const ValueId axes = input(id, 1);
    if (axes.valid()) return scalarOf(m_model, axes) == -1.0f;
    return node.intsOr("axes", {}) == std::vector<std::int64_t>{-1};
  }

  bool isVector(ValueId id) const {
    const Tensor weight = id.valid() ? weightOf(m_model, id) : Tensor();
    return weight.defined() && weight.rank() == 1 && weight.size() > 1;
  }

  /// The difference to the mean whose mean square is `variance`; invalid if it is not that.
  ValueId centred(ValueId variance) const {
    const NodeId mean = producer(variance, "ReduceMean");
    if (!mean.valid() || !isMeanOverLastAxis(mean)) return {};
    const ValueId square = input(mean, 0);
    if (!reader(square, "ReduceMean").valid()) return {};
    if (const NodeId pow = producer(square, "Pow"); pow.valid())
      return near(scalarOf(m_model, input(pow, 1)), 2) ? input(pow, 0) : ValueId{};
    const NodeId mul = producer(square, "Mul");
    return mul.valid() && input(mul, 0) == input(mul, 1) ? input(mul, 0) : ValueId{};
  }

  /// (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon) * gain [+ offset], over the last axis.
  void tryLayerNorm(NodeId root) {
    const NodeId add = producer(input(root, 0), "Add");
    if (!add.valid() || !reader(output(add), "Sqrt").valid()) return;
    std::optional<float> epsilon = scalarOf(m_model, input(add, 1));
    const ValueId variance = epsilon ? input(add, 0) : input(add, 1);
    if (!epsilon) epsilon = scalarOf(m_model, input(add, 0));
    if (!epsilon || !reader(variance, "Add").valid()) return;
    const ValueId difference = centred(variance);
    const NodeId sub = producer(difference, "Sub");
    const NodeId divide = reader(output(root), "Div");
    if (!sub.valid() || !divide.valid() || input(divide, 0) != difference ||
        !reader(difference, "Div", 2).valid())
      return;
    const NodeId mean = producer(input(sub, 1), "ReduceMean");
    if (!mean.valid() || !isMeanOverLastAxis(mean) || input(mean, 0) != input(sub, 0) ||
        !reader(output(mean), "Sub").valid())
      return;
    finishLayerNorm(divide, input(sub, 0), *epsilon);
  }

  void finishLayerNorm(NodeId divide, ValueId x, float epsilon) {
    const NodeId scale = reader(output(divide), "Mul");
    const ValueId gain = scale.valid() ? other(scale, output(divide)) : ValueId{};
    if (!isVector(gain)) return;
    Node node = m_graph.node(scale);
    node.inputs = {x, gain};
    NodeId last = scale;
    if (const NodeId shift = reader(output(scale), "Add");
        shift.valid() && isVector(other(shift, output(scale)))) {
      node.inputs.push_back(other(shift, output(scale)));
      last = shift;
    }
    node.attributes = {{"axis", std::int64_t{-1}}, {"epsilon", epsilon}};
    replace(last, "LayerNormalization", std::move(node));
  }

  /// x / sqrt(2), where x is what is divided.
  ValueId scaledForErf(ValueId value) const {
    const double root = std::sqrt(2.0);
    if (const NodeId divide = producer(value, "Div"); divide.valid())
      return near(scalarOf(m_model, input(divide, 1)), root) ? input(divide, 0) : ValueId{};
    const NodeId mul = producer(value, "Mul");
    if (!mul.valid()) return {};
    if (near(scalarOf(m_model, input(mul, 1)), 1 / root)) return input(mul, 0);
    return near(scalarOf(m_model, input(mul, 0)), 1 / root) ? input(mul, 1) : ValueId{};
  }

  /// x * (1 + erf(x / sqrt 2)) * 0.5, the half before or after the other product.
  void tryGelu(NodeId erf) {
    const ValueId x = scaledForErf(input(erf, 0));
    const NodeId add = reader(output(erf), "Add");
    if (!x.valid() || m_readers[input(erf, 0).index].size() != 1 || m_isResult[input(erf, 0).index] ||
        !add.valid())
      return;
    if (!near(scalarOf(m_model, other(add, output(erf))), 1)) return;
    const NodeId mul = reader(output(add), "Mul");
    const ValueId factor = mul.valid() ? other(mul, output(add)) : ValueId{};
    if (!factor.valid()) return;
    NodeId last = mul;
    if (factor == x) {
      last = reader(output(mul), "Mul");
      if (!last.valid() || !near(scalarOf(m_model, other(last, output(mul))), 0.5)) return;
    } else {
      const NodeId half = producer(factor, "Mul");
      if (!half.valid() || !reader(factor, "Mul").valid() || !near(scalarOf(m_model, other(half, x)), 0.5))
        return;
      if (input(half, 0) != x && input(half, 1) != x) return;
    }
    Node node = m_graph.node(last);
    node.inputs = {x};
    node.attributes.clear();
    replace(last, "Gelu", std::move(node));
  }

  void replace(NodeId last, const char* type, Node node) {
    node.opType = type;
    node.domain.clear();
    node.name = m_graph.node(last).name;
    node.outputs = m_graph.node(last).outputs;
    if (!m_result) m_result = std::make_shared<Graph>(m_graph);
    m_result->nodes[last.index] = std::move(node);
  }

  const Model& m_model;
  const Graph& m_graph;
  std::vector<std::vector<NodeId>> m_readers;
  std::vector<bool> m_isResult;
  std::shared_ptr<Graph> m_result;
};

}  // namespace

std::optional<float> scalarOf(const Model& model, ValueId value) {
  if (!value.valid()) return std::nullopt;
  Tensor tensor = weightOf(model, value);
  if (!tensor.defined()) {
    const NodeId producer = model.graph->value(value).producer;
    if (!producer.valid() || model.graph->node(producer).opType != "Constant") return std::nullopt;
    const Node& node = model.graph->node(producer);
    if (const auto* number = node.find<float>("value_float")) return *number;
    if (const auto* held = node.find<Tensor>("value")) tensor = *held;
  }
  if (!tensor.defined() || tensor.size() != 1) return std::nullopt;
  return toFloat32(tensor).as<float>()[0];
}

std::shared_ptr<const Graph> simplified(const Model& model, const std::vector<ValueId>& results) {
  return Simplifier(model, results).run();
}

}  // namespace lapidary::core
