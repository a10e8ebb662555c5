// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/lift_weights.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include "core/model/constants.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

bool isWeight(const Tensor& tensor) { return isFloating(tensor.dtype()) && tensor.size() > 1; }

/// The codes of a quantized weight, as they may stand in a Constant node.
bool areCodes(const Tensor& tensor) {
  return tensor.rank() > 1 && tensor.size() > 1 && bitsOf(tensor.dtype()) <= 8 &&
         tensor.dtype() != DType::Bool;
}

/// The tensor of a Constant node that is one of its weights.
std::optional<Tensor> heldBy(const Node& node) {
  if (!isStandard(node, "Constant") || node.outputs.size() != 1 || !node.outputs[0].valid())
    return std::nullopt;
  const auto tensor = heldTensor(node);
  return tensor && (isWeight(*tensor) || areCodes(*tensor)) ? tensor : std::nullopt;
}

class Lifter {
 public:
  explicit Lifter(Graph& top) : m_top(top) { countNames(top); }

  void run() {
    for (Node& node : m_top.nodes) enter(node, m_top, {});
    takeConstants(m_top, [&](ValueId output, const Tensor& tensor) {
      m_top.values[output.index].producer = {};
      m_top.initializers.emplace(output, tensor);
    });
  }

 private:
  using Names = std::unordered_map<std::string, std::string>;

  void countNames(const Graph& graph) {
    const std::set<ValueId> captured(graph.captured.begin(), graph.captured.end());
    for (std::uint32_t i = 0; i < graph.values.size(); ++i)
      if (!captured.contains(ValueId{i})) ++m_definitions[graph.values[i].name];
    for (const Node& node : graph.nodes)
      for (const auto& subgraph : node.subgraphs()) countNames(*subgraph);
  }

  /// Lifts out of the subgraphs of a node of `graph`, which then captures what they read of the outermost.
  void enter(Node& node, Graph& graph, const Names& renamed) {
    for (auto& [key, attribute] : node.attributes) {
      if (auto* one = std::get_if<std::shared_ptr<const Graph>>(&attribute))
        *one = lifted(*one, graph, renamed);
      if (auto* many = std::get_if<std::vector<std::shared_ptr<const Graph>>>(&attribute))
        for (auto& subgraph : *many) subgraph = lifted(subgraph, graph, renamed);
    }
  }

  std::shared_ptr<const Graph> lifted(const std::shared_ptr<const Graph>& original, Graph& around,
                                      Names renamed) {
    auto graph = std::make_shared<Graph>(*original);
    for (const ValueId id : graph->captured)
      if (const auto found = renamed.find(graph->value(id).name); found != renamed.end())
        graph->values[id.index].name = found->second;
    forgetShadowed(*graph, renamed);
    const std::size_t before = graph->captured.size();
    liftInitializers(*graph, renamed);
    liftConstants(*graph, renamed);
    for (Node& node : graph->nodes) enter(node, *graph, renamed);
    if (&around != &m_top)
      for (std::size_t i = before; i < graph->captured.size(); ++i)
        captureIn(around, graph->value(graph->captured[i]));
    return graph;
  }

  /// A name that the subgraph defines itself means something else in there.
  static void forgetShadowed(const Graph& graph, Names& renamed) {
    if (renamed.empty()) return;
    const std::set<ValueId> captured(graph.captured.begin(), graph.captured.end());
    for (std::uint32_t i = 0; i < graph.values.size(); ++i)
      if (!captured.contains(ValueId{i})) renamed.erase(graph.values[i].name);
  }

  static bool isOutput(const Graph& graph, ValueId id) {
    return std::ranges::find(graph.outputs, id) != graph.outputs.end();
  }

  void liftInitializers(Graph& graph, Names& renamed) {
    for (auto it = graph.initializers.begin(); it != graph.initializers.end();) {
      if (!isWeight(it->second) || isOutput(graph, it->first)) {
        ++it;
        continue;
      }
      lift(graph, it->first, it->second, renamed);
      it = graph.initializers.erase(it);
    }
  }

  void liftConstants(Graph& graph, Names& renamed) {
    takeConstants(graph, [&](ValueId output, const Tensor& tensor) { lift(graph, output, tensor, renamed); });
  }

  /// Hands the weights of Constant nodes over, and takes the nodes away.
  template <class Take>
  static void takeConstants(Graph& graph, const Take& take) {
    std::vector<Node> kept;
    for (Node& node : graph.nodes) {
      const auto tensor = heldBy(node);
      if (tensor && !isOutput(graph, node.outputs[0])) {
        take(node.outputs[0], *tensor);
        continue;
      }
      const NodeId id{static_cast<std::uint32_t>(kept.size())};
      for (const ValueId output : node.outputs)
        if (output.valid()) graph.values[output.index].producer = id;
      kept.push_back(std::move(node));
    }
    graph.nodes = std::move(kept);
  }

  /// The value of the subgraph becomes a captured one.
  void lift(Graph& graph, ValueId id, const Tensor& tensor, Names& renamed) {
    Value& value = graph.values[id.index];
    const std::string name = freshName(value.name);
    if (name != value.name) renamed[value.name] = name;
    Value added = value;
    added.name = value.name = name;
    added.producer = value.producer = {};
    m_top.values.push_back(std::move(added));
    m_top.initializers.emplace(ValueId{static_cast<std::uint32_t>(m_top.values.size() - 1)}, tensor);
    graph.captured.push_back(id);
  }

  void captureIn(Graph& graph, const Value& value) {
    if (!m_captured[&graph].insert(value.name).second) return;
    Value added = value;
    added.producer = {};
    graph.values.push_back(std::move(added));
    graph.captured.push_back(ValueId{static_cast<std::uint32_t>(graph.values.size() - 1)});
  }

  /// The name itself where nothing else in the model has it.
  std::string freshName(const std::string& wanted) {
    if (m_definitions[wanted] == 1) return wanted;
    std::string name;
    for (int i = 2; name.empty() || m_definitions.contains(name); ++i)
      name = wanted + "_" + std::to_string(i);
    m_definitions[name] = 1;
    return name;
  }

  Graph& m_top;
  std::unordered_map<std::string, int> m_definitions;
  std::unordered_map<const Graph*, std::set<std::string>> m_captured;  ///< added to subgraphs on the way
};

}  // namespace

void liftWeights(Graph& graph) { Lifter(graph).run(); }

}  // namespace lapidary::core
