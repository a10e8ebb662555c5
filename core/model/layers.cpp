// SPDX-License-Identifier: GPL-3.0-or-later
// Finding the layers of a graph: which nodes carry weights, and how their weights are laid out.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/model/constants.h"
#include "core/model/model.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

/// Smaller tables are indices and shapes that exporters gather from, not embeddings.
constexpr std::int64_t smallestEmbedding = 256;

/// One weight of a node, before it has a name.
struct Found {
  ValueId weight;
  ValueId bias;
  Shape shape;
  int channelAxis = 0;
  std::string_view part = {};  ///< "W" or "R" where a node carries two weights
};

/// A graph or a subgraph, with the graphs around it. What can be edited stands in the outermost one.
struct Scope {
  const Graph& graph;
  const Scope* outer = nullptr;                         ///< null for the outermost
  std::unordered_map<std::string_view, ValueId> names;  ///< filled where there are subgraphs
  std::vector<std::vector<NodeId>> consumers;

  Scope(const Graph& g, const Scope* around) : graph(g), outer(around), consumers(g.consumers()) {
    if (std::ranges::all_of(g.nodes, [](const Node& node) { return node.subgraphs().empty(); })) return;
    for (std::uint32_t i = 0; i < g.values.size(); ++i) names.emplace(g.values[i].name, ValueId{i});
  }

  /// The value of the graph around that a captured value stands for; invalid for any other.
  ValueId outside(ValueId id) const {
    if (outer == nullptr || std::ranges::find(graph.captured, id) == graph.captured.end()) return {};
    const auto found = outer->names.find(graph.value(id).name);
    return found == outer->names.end() ? ValueId{} : found->second;
  }
  /// The value of the outermost graph; invalid where it is computed in a subgraph.
  ValueId outermost(ValueId id) const {
    return outer == nullptr || !id.valid() ? id : outer->outermost(outside(id));
  }
};

class LayerFinder {
 public:
  explicit LayerFinder(const Graph& graph) : m_graph(graph) {}

  std::vector<Layer> find() {
    findIn(Scope(m_graph, nullptr), {});
    return std::move(m_layers);
  }

 private:
  /// `top` is the node of the outermost graph in which a subgraph stands.
  void findIn(const Scope& scope, NodeId top) {
    for (std::uint32_t i = 0; i < scope.graph.nodes.size(); ++i) {
      const Node& node = scope.graph.nodes[i];
      if (!isStandardDomain(node.domain)) continue;
      const NodeId outermost = scope.outer == nullptr ? NodeId{i} : top;
      m_scope = &scope;
      for (const Found& found : weightsOf(node)) add(node, outermost, found);
      for (const auto& subgraph : node.subgraphs()) findIn(Scope(*subgraph, &scope), outermost);
    }
  }

  /// A floating constant of at least rank 2 in the outermost graph.
  std::optional<Found> weightFrom(ValueId outermost, int channelAxis) const {
    const auto info = constantInfo(m_graph, outermost);
    if (!info || !isFloating(info->dtype) || info->shape.size() < 2 || elementCount(info->shape) == 0)
      return std::nullopt;
    return Found{outermost, {}, info->shape, channelAxis};
  }

  std::optional<Found> weightAt(const Node& node, std::size_t input, int channelAxis) const {
    return weightFrom(m_scope->outermost(node.input(input)), channelAxis);
  }

  /// Where the node has a constant at that input: its value in the outermost graph.
  ValueId constantAt(const Node& node, std::size_t input) const {
    const ValueId value = m_scope->outermost(node.input(input));
    return constantInfo(m_graph, value) ? value : ValueId{};
  }

  std::vector<Found> weightsOf(const Node& node) const {
    const std::string& op = node.opType;
    if (op == "Conv") return withBias(node, weightAt(node, 1, 0));
    if (op == "ConvTranspose") return withBias(node, weightAt(node, 1, 1));
    if (op == "Gemm") return withBias(node, weightAt(node, 1, node.intOr("transB", 0) != 0 ? 0 : 1));
    if (op == "MatMul") return matMulWeight(node);
    if (op == "Gather") return embedding(node);
    if (op == "LSTM" || op == "GRU" || op == "RNN") return recurrentWeights(node);
    return {};
  }

  std::vector<Found> withBias(const Node& node, std::optional<Found> found) const {
    if (!found) return {};
    found->bias = constantAt(node, 2);
    return {*found};
  }

  std::vector<Found> matMulWeight(const Node& node) const {
    auto found = weightAt(node, 1, 0);
    if (found) {
      found->channelAxis = static_cast<int>(found->shape.size()) - 1;
      found->bias = biasAfter(node, found->shape.back());
    } else {
      found = weightAt(node, 0, 0);
      if (!found) return {};
      found->channelAxis = static_cast<int>(found->shape.size()) - 2;
    }
    return {*found};
  }

  /// The constant that the only reader of a MatMul adds, where it has one value per channel.
  ValueId biasAfter(const Node& node, std::int64_t channels) const {
    if (node.outputs.empty() || !node.outputs[0].valid()) return {};
    const auto& readers = m_scope->consumers[node.outputs[0].index];
    if (readers.size() != 1) return {};
    const Node& add = m_scope->graph.node(readers[0]);
    if (add.opType != "Add" || add.inputs.size() != 2) return {};
    const ValueId other = constantAt(add, add.inputs[0] == node.outputs[0] ? 1 : 0);
    const auto info = constantInfo(m_graph, other);
    const bool fits = info && isFloating(info->dtype) && elementCount(info->shape) == channels;
    return fits ? other : ValueId{};
  }

  std::vector<Found> embedding(const Node& node) const {
    const auto found = weightAt(node, 0, 0);
    const bool isTable = found && found->shape.size() == 2 && node.intOr("axis", 0) == 0 &&
                         elementCount(found->shape) >= smallestEmbedding;
    return isTable && !makesConstant(node) ? std::vector<Found>{*found} : std::vector<Found>{};
  }

  /// Whether the node is but a step of the computation of another constant: scales that are repeated over the
  /// weights of their block.
  bool makesConstant(const Node& node) const {
    const ValueId output = m_scope->outermost(node.outputs.empty() ? ValueId{} : node.outputs[0]);
    if (!constantInfo(m_graph, output)) return false;
    const auto& readers = m_scope->consumers[node.outputs[0].index];
    return !readers.empty() && std::ranges::all_of(readers, [&](NodeId reader) {
      const auto& outputs = m_scope->graph.node(reader).outputs;
      return !outputs.empty() && constantInfo(m_graph, m_scope->outermost(outputs[0]));
    });
  }

  /// W and R are [directions, gates * hidden, columns]: one channel is one row. PyTorch writes them as one
  /// matrix whose rows are put in another order; then that matrix is the weight.
  std::vector<Found> recurrentWeights(const Node& node) const {
    std::vector<Found> result;
    const ValueId bias = constantAt(node, 3);
    for (const std::size_t input : {1u, 2u}) {
      auto found = weightAt(node, input, 1);
      int budget = 64;
      if (!found && node.input(input).valid())
        found = weightFrom(rowsBehind(*m_scope, node.inputs[input], budget), 0);
      if (!found) continue;
      found->channelAxis = static_cast<int>(found->shape.size()) - 2;
      found->part = input == 1 ? "W" : "R";
      if (result.empty()) found->bias = bias;
      result.push_back(*found);
    }
    return result;
  }

  /// The one constant whose rows were cut apart and joined to give the value; invalid where there is none.
  /// Looks at no more than `budget` nodes.
  ValueId rowsBehind(const Scope& scope, ValueId value, int& budget) const {
    if (const ValueId top = scope.outermost(value); constantInfo(m_graph, top)) return top;
    if (const ValueId outside = scope.outside(value); outside.valid())
      return rowsBehind(*scope.outer, outside, budget);
    const NodeId producer = scope.graph.value(value).producer;
    if (!producer.valid() || --budget < 0) return {};
    const Node& node = scope.graph.node(producer);
    const bool joins = node.opType == "Concat";
    if (!joins && node.opType != "Slice" && node.opType != "Unsqueeze" && node.opType != "Identity")
      return {};
    ValueId root;
    for (std::size_t i = 0; i < (joins ? node.inputs.size() : 1); ++i) {
      const ValueId input = node.input(i);
      const ValueId found = input.valid() ? rowsBehind(scope, input, budget) : ValueId{};
      if (!found.valid() || (root.valid() && found != root)) return {};
      root = found;
    }
    return root;
  }

  void add(const Node& node, NodeId outermost, const Found& found) {
    if (!m_seen.insert(found.weight).second) return;  // shared by several nodes: one layer
    std::string name = node.name.empty() ? weightName(found.weight) : node.name;
    if (name.empty()) name = node.opType + "_" + std::to_string(outermost.index);
    if (!node.name.empty() && !found.part.empty()) name += "." + std::string(found.part);
    m_layers.push_back(
        {unique(name), node.opType, outermost, found.weight, found.bias, found.shape, found.channelAxis});
  }

  std::string weightName(ValueId weight) const {
    std::string name = m_graph.value(constantInfo(m_graph, weight)->root).name;
    constexpr std::string_view ending = ".weight";
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
    return name;
  }

  std::string unique(const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; !m_names.insert(name).second; ++i) name = wanted + "_" + std::to_string(i);
    return name;
  }

  const Graph& m_graph;            ///< the outermost
  const Scope* m_scope = nullptr;  ///< of the node that is looked at
  std::vector<Layer> m_layers;
  std::set<ValueId> m_seen;
  std::set<std::string> m_names;
};

std::vector<Layer> tensorLayers(const Graph& graph) {
  std::vector<Layer> layers;
  for (const auto& [id, tensor] : graph.initializers) {
    if (!isFloating(tensor.dtype()) || tensor.rank() == 0 || tensor.size() == 0) continue;
    layers.push_back({graph.value(id).name, "Tensor", {}, id, {}, tensor.shape(), 0});
  }
  return layers;
}

}  // namespace

std::vector<Layer> findLayers(const Graph& graph) {
  return graph.nodes.empty() ? tensorLayers(graph) : LayerFinder(graph).find();
}

Tensor layerWeight(const Model& model, const Layer& layer) {
  return withContext("layer '" + layer.name + "'",
                     [&] { return toFloat32(foldConstant(*model.graph, model.weights, layer.weight)); });
}

}  // namespace lapidary::core
