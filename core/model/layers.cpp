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
#include "core/model/shared_constant.h"
#include "core/model/standard_domain.h"
#include "core/model/weight_inputs.h"

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
  std::string_view part = {};  ///< "W" or "R" where a node carries several weights
};

/// The elements of a constant that belong to no layer yet, and the last layer that took some.
struct Left {
  std::int64_t elements = 0;
  std::optional<std::size_t> owner;
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
  explicit LayerFinder(const Graph& graph) : m_graph(graph), m_top(graph, nullptr) {}

  std::vector<Layer> find() {
    findIn(m_top, {});
    return std::move(m_layers);
  }

 private:
  /// `top` is the node of the outermost graph in which a subgraph stands.
  void findIn(const Scope& scope, NodeId top) {
    for (std::uint32_t i = 0; i < scope.graph.nodes.size(); ++i) {
      const Node& node = scope.graph.nodes[i];
      const NodeId outermost = scope.outer == nullptr ? NodeId{i} : top;
      m_scope = &scope;
      for (const Found& found : weightsOf(node)) add(node, outermost, found);
      for (const auto& subgraph : node.subgraphs()) findIn(Scope(*subgraph, &scope), outermost);
    }
  }

  /// A floating constant of at least rank 2 in the outermost graph. Of codes that were made of floats those
  /// are the weight.
  std::optional<Found> weightFrom(ValueId outermost) const {
    auto info = constantInfo(m_graph, outermost);
    const NodeId producer = info ? m_graph.value(outermost).producer : NodeId{};
    if (producer.valid() && isStandard(m_graph.node(producer), "QuantizeLinear")) {
      outermost = m_graph.node(producer).inputs[0];
      info = constantInfo(m_graph, outermost);
    }
    if (!info || !isFloating(info->dtype) || info->shape.size() < 2 || elementCount(info->shape) == 0)
      return std::nullopt;
    return Found{outermost, {}, info->shape};
  }

  /// Where the node has a constant at that input: its value in the outermost graph.
  ValueId constantAt(const Node& node, std::size_t input) const {
    const ValueId value = m_scope->outermost(node.input(input));
    return constantInfo(m_graph, value) ? value : ValueId{};
  }

  std::vector<Found> weightsOf(const Node& node) const {
    std::vector<Found> all;
    for (const WeightInput& weight : weightInputs(node)) {
      auto found = weightAt(node, weight);
      if (!found || (looksUp(node) && !isTable(node, *found))) continue;
      found->channelAxis = weight.channelAxis(node, weight.input, found->shape.size());
      found->part = weight.part;
      if (weight.bias != 0 && all.empty()) found->bias = constantAt(node, weight.bias);
      if (isStandard(node, "MatMul") && weight.input == 1) found->bias = biasAfter(node, found->shape.back());
      all.push_back(*found);
      if (weight.part.empty()) break;
    }
    return all;
  }

  /// W and R of recurrent nodes are [directions, gates * hidden, columns]: one channel is one row. PyTorch
  /// writes them as one matrix whose rows are put in another order; then that matrix is the weight.
  std::optional<Found> weightAt(const Node& node, const WeightInput& weight) const {
    const ValueId value = node.input(weight.input);
    if (value.valid() && (weight.part == "W" || weight.part == "R")) {
      int budget = 64;
      bool reordered = false;
      const ValueId matrix = rowsBehind(*m_scope, value, budget, reordered);
      if (reordered && matrix.valid()) return weightFrom(matrix);
    }
    return weightFrom(m_scope->outermost(value));
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

  bool isTable(const Node& node, const Found& found) const {
    return elementCount(found.shape) >= smallestEmbedding && !makesConstant(node);
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

  /// The one constant whose rows were cut apart and joined to give the value; invalid where there is none.
  /// Looks at no more than `budget` nodes.
  ValueId rowsBehind(const Scope& scope, ValueId value, int& budget, bool& reordered) const {
    if (const ValueId outside = scope.outside(value); outside.valid())
      return rowsBehind(*scope.outer, outside, budget, reordered);
    const NodeId producer = scope.graph.value(value).producer;
    const Node* node = producer.valid() ? &scope.graph.node(producer) : nullptr;
    const bool joins = node != nullptr && isStandard(*node, "Concat");
    const bool cuts = node != nullptr && isStandard(*node, "Slice");
    const bool keeps = node != nullptr && (isStandard(*node, "Unsqueeze") || isStandard(*node, "Identity"));
    if (!joins && !cuts && !keeps) {
      const ValueId top = scope.outermost(value);
      return constantInfo(m_graph, top) ? top : ValueId{};
    }
    if (--budget < 0) return {};
    reordered |= joins || cuts;
    ValueId root;
    for (std::size_t i = 0; i < (joins ? node->inputs.size() : 1); ++i) {
      const ValueId input = node->input(i);
      const ValueId found = input.valid() ? rowsBehind(scope, input, budget, reordered) : ValueId{};
      if (!found.valid() || (root.valid() && found != root)) return {};
      root = found;
    }
    return root;
  }

  void add(const Node& node, NodeId outermost, const Found& found) {
    const SharedConstant at = sharedConstant(m_graph, m_top.consumers, found.weight, found.channelAxis);
    const LayerUse use{node.name, node.opType, outermost};
    if (const auto known = m_seen.find(at.value); known != m_seen.end())
      return m_layers[known->second].uses.push_back(use);  // shared by several nodes: one layer
    const Shape shape = constantInfo(m_graph, at.value)->shape;
    if (const auto owner = claim(at.value, elementCount(shape))) return m_layers[*owner].uses.push_back(use);
    m_seen.emplace(at.value, m_layers.size());
    std::string name = node.name.empty() ? weightName(at.value) : node.name;
    if (name.empty()) name = node.opType + "_" + std::to_string(outermost.index);
    if (!node.name.empty() && !found.part.empty()) name += "." + std::string(found.part);
    m_layers.push_back(
        {unique(name), node.opType, outermost, at.value, found.bias, shape, at.channelAxis, {}, {use}});
  }

  /// Takes the elements of a new layer from what they come from. Where that has not so many left, the layer
  /// to which they belong already.
  std::optional<std::size_t> claim(ValueId weight, std::int64_t elements) {
    const auto roots = constantRoots(m_graph, weight);
    std::int64_t left = 0;
    for (const ValueId root : roots) left += leftOf(root).elements;
    if (left < elements) return leftOf(roots.front()).owner;
    for (const ValueId root : roots) {
      Left& stored = leftOf(root);
      const std::int64_t taken = std::min(elements, stored.elements);
      stored.elements -= taken;
      elements -= taken;
      if (taken > 0) stored.owner = m_layers.size();
    }
    return std::nullopt;
  }

  Left& leftOf(ValueId root) {
    const auto [it, added] = m_left.try_emplace(root);
    if (const auto info = added ? constantInfo(m_graph, root) : std::nullopt)
      it->second.elements = elementCount(info->shape);
    return it->second;
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
  const Scope m_top;               ///< likewise
  const Scope* m_scope = nullptr;  ///< of the node that is looked at
  std::vector<Layer> m_layers;
  std::map<ValueId, std::size_t> m_seen;  ///< the layer of every weight
  std::map<ValueId, Left> m_left;         ///< of every constant
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
