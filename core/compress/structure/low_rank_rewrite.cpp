// SPDX-License-Identifier: GPL-3.0-or-later
// Two nodes in place of one: the graph of a model whose layers are products of thin factors.
#include <algorithm>
#include <map>

#include "core/compress/structure/low_rank.h"
#include "core/model/fresh_names.h"
#include "core/model/override.h"

namespace lapidary::core {
namespace {

/// Copies a graph node by node, with a second node behind those that are split.
class Splitter {
 public:
  explicit Splitter(const Model& model) : m_model(model), m_graph(*model.graph), m_names(m_graph) {
    for (const Layer& layer : model.layers) m_layerNames.take(layer.name);
    m_graph.nodes.clear();
  }

  Model split(const std::vector<LowRankSplit>& splits) {
    std::map<NodeId, const LowRankSplit*> byNode;
    for (const LowRankSplit& each : splits) byNode[m_model.layer(each.layer).node] = &each;
    std::vector<NodeId> moved;
    for (std::uint32_t i = 0; i < m_model.graph->nodes.size(); ++i) {
      moved.push_back(NodeId{static_cast<std::uint32_t>(m_graph.nodes.size())});
      m_graph.nodes.push_back(m_model.graph->nodes[i]);
      if (const auto it = byNode.find(NodeId{i}); it != byNode.end()) splitLast(*it->second);
    }
    return finished(moved);
  }

 private:
  void splitLast(const LowRankSplit& split) {
    const Layer layer = m_model.layer(split.layer);
    const NodeId firstId{static_cast<std::uint32_t>(m_graph.nodes.size() - 1)};
    Node& first = m_graph.nodes.back();
    const ValueId output = first.outputs.at(0);
    const ValueId middle = addValue(m_graph.value(output).name + "_low_rank", m_graph.value(output).dtype);
    Layer made = layer;
    made.name = m_layerNames.fresh(layer.name + "_second");
    made.partOf = split.layer;
    made.weight = addValue(m_graph.value(layer.weight).name + "_second", std::nullopt);
    made.shape = secondShape(layer, split.rank);
    Node second;
    second.opType = first.opType;
    second.name = first.name.empty() ? "" : made.name;
    second.inputs = {middle, made.weight};
    second.outputs = {output};
    moveAttributes(first, second, layer);
    if (first.inputs.size() > 2) second.inputs.push_back(first.inputs[2]);
    first.inputs.resize(2);
    first.outputs[0] = middle;
    m_producers[middle] = firstId;
    m_producers[output] = NodeId{firstId.index + 1};
    made.node = m_producers[output];
    m_graph.nodes.push_back(std::move(second));
    m_parts.push_back({split, made});
  }

  /// What is of the window and the input stays with the first; what is of the sum goes with the second.
  static void moveAttributes(Node& first, Node& second, const Layer& layer) {
    if (first.opType == "Conv")
      second.attributes["kernel_shape"] = std::vector<std::int64_t>(layer.shape.size() - 2, 1);
    if (first.opType != "Gemm") return;
    for (const char* key : {"alpha", "beta"})
      if (const auto it = first.attributes.find(key); it != first.attributes.end()) {
        second.attributes.insert(*it);
        first.attributes.erase(it);
      }
    second.attributes["transB"] = std::int64_t{layer.channelAxis == 0};
  }

  static Shape secondShape(const Layer& layer, std::int64_t rank) {
    const std::int64_t outputs = layer.shape.at(static_cast<std::size_t>(layer.channelAxis));
    if (layer.channelAxis != 0) return {rank, outputs};
    Shape shape(layer.shape.size(), 1);
    shape[0] = outputs;
    shape[1] = rank;
    return shape;
  }

  ValueId addValue(const std::string& wanted, std::optional<DType> type) {
    Value value;
    value.name = m_names.fresh(wanted);
    value.dtype = type;
    m_graph.values.push_back(std::move(value));
    return ValueId{static_cast<std::uint32_t>(m_graph.values.size() - 1)};
  }

  /// In the type that the original's weight has in the file: both factors stand where it stood.
  static Tensor factor(std::vector<float> values, Shape shape, bool transpose, DType type) {
    if (transpose) {  // [shape[1], shape[0]] as it comes
      std::vector<float> turned(values.size());
      const auto rows = static_cast<std::size_t>(shape[0]), columns = static_cast<std::size_t>(shape[1]);
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) turned[r * columns + c] = values[c * rows + r];
      values = std::move(turned);
    }
    return convert(Tensor::from<float>(std::move(shape), std::span<const float>(values)), type);
  }

  Model finished(const std::vector<NodeId>& moved) {
    for (Value& value : m_graph.values)
      if (value.producer.valid()) value.producer = moved[value.producer.index];
    for (const auto& [value, node] : m_producers) m_graph.values[value.index].producer = node;
    Model model = m_model;
    for (Layer& layer : model.layers)
      if (layer.node.valid()) layer.node = moved[layer.node.index];
    for (const auto& [split, second] : m_parts) {
      Layer& first = model.layers[split.layer.index];
      const DType type = storedType(*m_model.graph, first.weight).value_or(DType::Float32);
      const bool last = first.channelAxis != 0;
      first.shape[static_cast<std::size_t>(first.channelAxis)] = split.rank;
      first.bias = {};
      setWeight(model, first.weight, factor(split.decomposition->first(split.rank), first.shape, last, type));
      setWeight(model, second.weight,
                factor(split.decomposition->second(split.rank), second.shape, last, type));
      model.layers.push_back(second);
    }
    model.graph = std::make_shared<const Graph>(std::move(m_graph));
    return model;
  }

  void setWeight(Model& model, ValueId id, const Tensor& tensor) {
    Value& value = m_graph.values[id.index];
    if (!value.producer.valid()) {
      m_graph.initializers[id] = tensor;
      value.dtype = tensor.dtype();
    }
    value.shape.reset();
    model.weights[id] = tensor;
    model.encodings.erase(id);
  }

  struct Part {
    LowRankSplit split;
    Layer second;
  };

  const Model& m_model;
  Graph m_graph;
  FreshNames m_names, m_layerNames;
  std::map<ValueId, NodeId> m_producers;
  std::vector<Part> m_parts;
};

}  // namespace

Model withLowRank(const Model& model, const std::vector<LowRankSplit>& splits) {
  return splits.empty() ? model : Splitter(model).split(splits);
}

}  // namespace lapidary::core
