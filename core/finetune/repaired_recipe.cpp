// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/repaired_recipe.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "core/files/sha256.h"
#include "core/io/common/format.h"

namespace lapidary::core {
namespace {

const Format& onnx() { return *formatForPath("model.onnx"); }

/// Fits a model that was read to the one it was made of.
class Adoption {
 public:
  Adoption(const Model& original, Model read) : m_original(original), m_read(std::move(read)) {
    for (std::uint32_t i = 0; i < m_read.graph->values.size(); ++i)
      m_values.emplace(m_read.graph->values[i].name, ValueId{i});
  }

  Model adopt() && {
    requireSameDoors();
    if (auto model = overOriginalGraph()) return std::move(*model);
    orderLayers();
    const Provenance& from = m_original.source;
    m_read.source.path = from.path;
    m_read.source.format = from.format;
    m_read.source.fileBytes = from.fileBytes;
    return std::move(m_read);
  }

 private:
  [[noreturn]] static void refuse(const std::string& what) {
    throw Error(ErrorKind::InvalidInput, "these are weights of another model: " + what);
  }

  static std::vector<std::string_view> names(const Graph& graph, const std::vector<ValueId>& values) {
    std::vector<std::string_view> result;
    for (const ValueId id : values) result.push_back(id.valid() ? graph.value(id).name : std::string_view());
    return result;
  }

  void requireSameDoors() const {
    const Graph &mine = *m_original.graph, &other = *m_read.graph;
    if (names(mine, mine.inputs) != names(other, other.inputs)) refuse("the inputs have other names");
    if (names(mine, mine.outputs) != names(other, other.outputs)) refuse("the outputs have other names");
  }

  ValueId valueNamed(const std::string& name) const {
    const auto it = m_values.find(name);
    return it == m_values.end() ? ValueId{} : it->second;
  }

  bool sameNodes() const {
    const Graph &mine = *m_original.graph, &other = *m_read.graph;
    return std::ranges::equal(mine.nodes, other.nodes, [&](const Node& a, const Node& b) {
      return a.opType == b.opType && a.domain == b.domain &&
             names(mine, a.inputs) == names(other, b.inputs) &&
             names(mine, a.outputs) == names(other, b.outputs);
    });
  }

  /// Where nothing but values has changed: the original with those, so that all that is known of its graph
  /// stays known. Nothing where the graph is another.
  std::optional<Model> overOriginalGraph() const {
    if (!sameNodes()) return std::nullopt;
    Model model = m_original;
    for (auto& [id, tensor] : model.weights) {
      const auto found = m_read.weights.find(valueNamed(model.graph->value(id).name));
      if (found == m_read.weights.end()) return std::nullopt;
      const Tensor& trained = found->second;
      if (trained.dtype() != tensor.dtype() || trained.shape() != tensor.shape()) return std::nullopt;
      if (!std::ranges::equal(trained.bytes(), tensor.bytes())) tensor = trained;
    }
    return model;
  }

  /// The original's layers first, known by the names of their weights, then the second factors.
  void orderLayers() {
    std::vector<Layer> ordered, rest = std::move(m_read.layers);
    for (const Layer& layer : m_original.layers) {
      const ValueId weight = valueNamed(m_original.graph->value(layer.weight).name);
      const auto it = std::ranges::find(rest, weight, &Layer::weight);
      if (!weight.valid() || it == rest.end()) refuse("layer '" + layer.name + "' is missing");
      if (it->shape.size() != layer.shape.size() || it->channelAxis != layer.channelAxis)
        refuse("layer '" + layer.name + "' is of shape " + toText(it->shape));
      ordered.push_back(*it);
      ordered.back().name = layer.name;
      rest.erase(it);
    }
    for (Layer& second : rest) {
      second.partOf = firstFactorOf(second, ordered);
      if (!second.partOf.valid()) refuse("it has no layer '" + second.name + "'");
      second.name = ordered[second.partOf.index].name + "_second";
    }
    ordered.insert(ordered.end(), rest.begin(), rest.end());
    m_read.layers = std::move(ordered);
  }

  /// The layer whose output the node of this one reads.
  LayerId firstFactorOf(const Layer& second, const std::vector<Layer>& layers) const {
    if (!second.node.valid() || m_read.graph->node(second.node).inputs.empty()) return {};
    const ValueId middle = m_read.graph->node(second.node).inputs[0];
    const NodeId producer = middle.valid() ? m_read.graph->value(middle).producer : NodeId{};
    for (std::uint32_t i = 0; producer.valid() && i < layers.size(); ++i)
      if (layers[i].node == producer) return LayerId{i};
    return {};
  }

  const Model& m_original;
  Model m_read;
  std::map<std::string_view, ValueId> m_values;
};

Bytes written(const Model& model, const Progress& progress) {
  auto buffer = std::make_shared<std::vector<std::byte>>();
  buffer->reserve(onnx().sizeOf(model));
  onnx().write(
      model,
      [&](std::span<const std::byte> bytes) { buffer->insert(buffer->end(), bytes.begin(), bytes.end()); },
      progress);
  return {buffer, *buffer};
}

}  // namespace

TrainedWeights readRepaired(const Model& original, const Bytes& bytes, const std::string& id,
                            const std::string& name, const Progress& progress) {
  return withContext("reading repaired weights from " + name, [&] {
    if (sha256(bytes.view) != id)
      throw Error(ErrorKind::InvalidInput, "they are damaged: their SHA-256 is not the one that was noted");
    Model read = onnx().read(ReadSource{bytes, name, {}}, progress);
    auto weights = std::make_shared<RepairedWeights>();
    weights->model = Adoption(original, std::move(read)).adopt();
    weights->file = bytes;
    return TrainedWeights{id, std::move(weights)};
  });
}

Recipe recipeOf(const Model& original, const Repaired& repaired, const Progress& progress) {
  const Bytes bytes = written(repaired.model, progress);
  Recipe recipe = repaired.recipe;
  for (const Layer& layer : repaired.model.layers)
    if (layer.partOf.valid()) recipe.set(layer.name, {});  // it follows its first factor
  recipe.repaired = readRepaired(original, bytes, sha256(bytes.view), "memory", progress);
  return recipe;
}

}  // namespace lapidary::core
