// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_upgrade.h"

#include "core/io/onnx/onnx_upgrade_step.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {

void NodeRewrite::setInput(Node& node, std::size_t index, const std::string& key, const Tensor& tensor) {
  if (node.inputs.size() <= index) node.inputs.resize(index + 1);
  node.inputs[index] = constant(node, key, tensor);
}

void NodeRewrite::intsToInput(Node& node, const std::string& key, std::size_t index) {
  if (const auto* values = node.find<std::vector<std::int64_t>>(key))
    setInput(node, index, key,
             Tensor::from<std::int64_t>({static_cast<std::int64_t>(values->size())}, *values));
  else if (const auto* value = node.find<std::int64_t>(key))
    setInput(node, index, key, Tensor::from<std::int64_t>({1}, {*value}));
  node.attributes.erase(key);
}

ValueId NodeRewrite::value(const Node& node, const std::string& key) {
  return m_editor.addValue((node.name.empty() ? node.opType : node.name) + "_" + key);
}

ValueId NodeRewrite::constant(const Node& node, const std::string& key, const Tensor& tensor) {
  return m_editor.addConstant((node.name.empty() ? node.opType : node.name) + "_" + key, tensor);
}

DType NodeRewrite::floatTypeOf(ValueId id) const {
  const auto& declared = graph().value(id).dtype;
  if (declared && isFloating(*declared)) return *declared;
  for (const auto& [weight, tensor] : graph().initializers)
    if (isFloating(tensor.dtype()) && tensor.rank() > 1) return tensor.dtype();
  return DType::Float32;
}

std::optional<std::size_t> NodeRewrite::rankOf(ValueId id) const {
  if (!id.valid()) return std::nullopt;
  const auto weight = graph().initializers.find(id);
  if (weight != graph().initializers.end()) return weight->second.rank();
  const auto& declared = graph().value(id).shape;
  return declared ? std::optional(declared->size()) : std::nullopt;
}

void NodeRewrite::emit(Node&& changed, std::vector<Node>& nodes) {
  for (Node& node : m_before) nodes.push_back(std::move(node));
  nodes.push_back(std::move(changed));
  for (Node& node : m_after) nodes.push_back(std::move(node));
}

namespace {

[[noreturn]] void refuse(const std::string& what, std::int64_t to) {
  const std::string cure =
      to > 13 ? "weights of at most 4 or more than 8 bits need opset " : "quantized weights need opset ";
  throw Error(ErrorKind::Unsupported, what + ": " + cure + std::to_string(to) +
                                          (to > 13 ? ": use 5 to 8 bits" : ": keep floating-point weights"));
}

using Versions = std::map<std::string, std::int64_t>;

class Upgrade {
 public:
  /// `versions` may be null: then every node is of version `from`.
  Upgrade(GraphEditor editor, std::int64_t from, std::int64_t to, const Versions* versions)
      : m_editor(std::move(editor)),
        m_graph(m_editor.graph()),
        m_base(from),
        m_to(to),
        m_versions(versions) {}

  void run() {
    const auto consumers = m_graph.consumers();
    for (std::uint32_t i = 0; i < consumers.size(); ++i)
      if (!consumers[i].empty()) m_read.insert(ValueId{i});
    m_read.insert(m_graph.outputs.begin(), m_graph.outputs.end());
    std::vector<Node> nodes;
    for (std::uint32_t i = 0; i < m_graph.nodes.size(); ++i) upgradeNode(NodeId{i}, nodes);
    m_graph.nodes = std::move(nodes);
    for (std::uint32_t i = 0; i < m_graph.nodes.size(); ++i)
      for (const ValueId output : m_graph.nodes[i].outputs)
        if (output.valid()) m_graph.values[output.index].producer = NodeId{i};
  }

 private:
  void upgradeNode(NodeId id, std::vector<Node>& nodes) {
    const std::string described = describe(m_graph, id);
    Node node = std::move(m_graph.nodes[id.index]);
    m_from = versionOf(node);
    upgradeSubgraphs(node);
    NodeRewrite rewrite(m_editor, m_read);
    if (isStandardDomain(node.domain)) applySteps(rewrite, node, described);
    rewrite.emit(std::move(node), nodes);
  }

  void applySteps(NodeRewrite& rewrite, Node& node, const std::string& described) {
    applySteps(oldUpgradeSteps(), rewrite, node, described);
    applySteps(upgradeSteps(), rewrite, node, described);
  }

  void applySteps(std::span<const UpgradeStep> steps, NodeRewrite& rewrite, Node& node,
                  const std::string& described) {
    for (const UpgradeStep& step : steps) {
      if (step.opType != node.opType || step.version <= m_from || step.version > m_to) continue;
      const std::string obstacle = step.apply(rewrite, node);
      if (obstacle.empty()) continue;
      if (m_versions == nullptr) refuse(described + " " + obstacle, m_to);
      throw Error(ErrorKind::Unsupported,
                  described + " " + obstacle + ": the file mixes it with functions of opset " +
                      std::to_string(m_to) + "; export the model anew with one opset");
    }
  }

  void upgradeSubgraphs(Node& node) {
    for (auto& [key, attribute] : node.attributes) {
      if (auto* one = std::get_if<std::shared_ptr<const Graph>>(&attribute)) *one = upgraded(**one);
      if (auto* many = std::get_if<std::vector<std::shared_ptr<const Graph>>>(&attribute))
        for (auto& subgraph : *many) subgraph = upgraded(*subgraph);
    }
  }

  std::shared_ptr<const Graph> upgraded(const Graph& subgraph) {
    auto copy = std::make_shared<Graph>(subgraph);
    Upgrade(GraphEditor(*copy, m_editor), m_from, m_to, m_versions).run();
    return copy;
  }

  std::int64_t versionOf(const Node& node) const {
    if (m_versions == nullptr || node.outputs.empty() || !node.outputs[0].valid()) return m_base;
    const auto found = m_versions->find(m_graph.value(node.outputs[0]).name);
    return found == m_versions->end() ? m_base : found->second;
  }

  GraphEditor m_editor;
  Graph& m_graph;
  std::int64_t m_base, m_from = 0, m_to;
  const Versions* m_versions;
  std::set<ValueId> m_read;
};

}  // namespace

void upgradeOpset(Graph& graph, std::int64_t from, std::int64_t to) {
  if (from >= to) return;
  if (from < oldestUpgradable)
    refuse("the model's opset " + std::to_string(from) + " is too old to be rewritten", to);
  Upgrade(GraphEditor(graph), from, to, nullptr).run();
}

void unifyOpsets(Graph& graph, std::int64_t from, const std::map<std::string, std::int64_t>& versions,
                 std::int64_t to) {
  Upgrade(GraphEditor(graph), from, to, &versions).run();
}

}  // namespace lapidary::core
