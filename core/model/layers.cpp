// Finding the layers of a graph: which nodes carry weights, and how their weights are laid out.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "core/model/constants.h"
#include "core/model/model.h"

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

ValueId inputOf(const Node& node, std::size_t i) {
  return i < node.inputs.size() ? node.inputs[i] : ValueId{};
}

class LayerFinder {
 public:
  explicit LayerFinder(const Graph& graph) : m_graph(graph), m_consumers(graph.consumers()) {}

  std::vector<Layer> find() {
    for (std::uint32_t i = 0; i < m_graph.nodes.size(); ++i) {
      const Node& node = m_graph.nodes[i];
      if (!node.domain.empty() && node.domain != "ai.onnx") continue;
      for (const Found& found : weightsOf(node)) add(NodeId{i}, found);
    }
    return std::move(m_layers);
  }

 private:
  /// A floating constant of at least rank 2 at that input.
  std::optional<Found> weightAt(const Node& node, std::size_t input, int channelAxis) const {
    const auto info = constantInfo(m_graph, inputOf(node, input));
    if (!info || !isFloating(info->dtype) || info->shape.size() < 2 || elementCount(info->shape) == 0)
      return std::nullopt;
    return Found{node.inputs[input], {}, info->shape, channelAxis};
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
    if (const ValueId bias = inputOf(node, 2); constantInfo(m_graph, bias)) found->bias = bias;
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
    const auto& readers = m_consumers[node.outputs[0].index];
    if (readers.size() != 1) return {};
    const Node& add = m_graph.node(readers[0]);
    if (add.opType != "Add" || add.inputs.size() != 2) return {};
    const ValueId other = add.inputs[add.inputs[0] == node.outputs[0] ? 1 : 0];
    const auto info = constantInfo(m_graph, other);
    const bool fits = info && isFloating(info->dtype) && elementCount(info->shape) == channels;
    return fits ? other : ValueId{};
  }

  std::vector<Found> embedding(const Node& node) const {
    const auto found = weightAt(node, 0, 0);
    const bool isTable = found && found->shape.size() == 2 && node.intOr("axis", 0) == 0 &&
                         elementCount(found->shape) >= smallestEmbedding;
    return isTable ? std::vector<Found>{*found} : std::vector<Found>{};
  }

  /// W and R are [directions, gates * hidden, columns]: one channel is one row.
  std::vector<Found> recurrentWeights(const Node& node) const {
    std::vector<Found> result;
    const ValueId bias = constantInfo(m_graph, inputOf(node, 3)) ? node.inputs[3] : ValueId{};
    for (const std::size_t input : {1u, 2u}) {
      auto found = weightAt(node, input, 1);
      if (!found) continue;
      found->part = input == 1 ? "W" : "R";
      if (result.empty()) found->bias = bias;
      result.push_back(*found);
    }
    return result;
  }

  void add(NodeId id, const Found& found) {
    if (!m_seen.insert(found.weight).second) return;  // shared by several nodes: one layer
    const Node& node = m_graph.node(id);
    std::string name = node.name.empty() ? weightName(found.weight) : node.name;
    if (name.empty()) name = node.opType + "_" + std::to_string(id.index);
    if (!node.name.empty() && !found.part.empty()) name += "." + std::string(found.part);
    m_layers.push_back(
        {unique(name), node.opType, id, found.weight, found.bias, found.shape, found.channelAxis});
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

  const Graph& m_graph;
  std::vector<std::vector<NodeId>> m_consumers;
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
