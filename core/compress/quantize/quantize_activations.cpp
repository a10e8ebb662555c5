// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/quantize_activations.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/model/fresh_names.h"
#include "core/model/override.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

bool isHalf(std::optional<DType> type) { return type == DType::Float16 || type == DType::BFloat16; }

/// Copies a graph node by node, with codes before the layers that want them.
class Rewriter {
 public:
  explicit Rewriter(const Model& model) : m_model(model), m_graph(*model.graph), m_names(m_graph) {
    m_graph.nodes.clear();
  }

  Model rewritten(const std::vector<QuantizedInput>& inputs) {
    std::map<NodeId, const QuantizedInput*> byNode;
    for (const QuantizedInput& input : inputs) byNode[m_model.layer(input.layer).node] = &input;
    std::vector<NodeId> moved;
    for (std::uint32_t i = 0; i < m_model.graph->nodes.size(); ++i) {
      Node node = m_model.graph->nodes[i];
      if (const auto it = byNode.find(NodeId{i}); it != byNode.end()) readCodes(node, *it->second);
      moved.push_back(NodeId{static_cast<std::uint32_t>(m_graph.nodes.size())});
      m_graph.nodes.push_back(std::move(node));
    }
    return finished(moved);
  }

 private:
  using PairKey = std::tuple<ValueId, ActivationMode, ActivationCodes>;

  void readCodes(Node& node, const QuantizedInput& input) {
    const ValueId data = *quantizableInput(m_model, m_model.layer(input.layer));
    const bool dynamic = input.mode == ActivationMode::Dynamic;
    const PairKey key{data, input.mode, dynamic ? ActivationCodes{} : input.codes};
    auto pair = m_pairs.find(key);
    if (pair == m_pairs.end())
      pair = m_pairs.emplace(key, dynamic ? addDynamic(data) : addStatic(data, input.codes)).first;
    const Layer& layer = m_model.layer(input.layer);
    for (ValueId& read : node.inputs)
      if (read == data && read != layer.weight) {
        read = pair->second;
        break;
      }
  }

  ValueId addStatic(ValueId data, const ActivationCodes& codes) {
    const std::string name = m_graph.value(data).name;
    const ValueId scale = addConstant(name + "_scale", Tensor::scalar(codes.scale));
    const ValueId zero = addConstant(name + "_zero_point", Tensor::scalar(codes.zeroPoint));
    const ValueId coded = addValue(name + "_quantized", DType::UInt8, data);
    addNode("QuantizeLinear", {data, scale, zero}, {coded});
    return addDequantize(data, coded, scale, zero);
  }

  ValueId addDynamic(ValueId data) {
    const std::string name = m_graph.value(data).name;
    const ValueId coded = addValue(name + "_quantized", DType::UInt8, data);
    const ValueId scale = addScalar(name + "_scale", DType::Float32);
    const ValueId zero = addScalar(name + "_zero_point", DType::UInt8);
    addNode("DynamicQuantizeLinear", {data}, {coded, scale, zero});
    return addDequantize(data, coded, scale, zero);
  }

  ValueId addDequantize(ValueId data, ValueId coded, ValueId scale, ValueId zero) {
    const ValueId values = addValue(m_graph.value(data).name + "_dequantized", DType::Float32, data);
    addNode("DequantizeLinear", {coded, scale, zero}, {values});
    return values;
  }

  void addNode(const char* type, std::vector<ValueId> inputs, std::vector<ValueId> outputs) {
    Node node;
    node.name = m_graph.value(outputs.front()).name;
    node.opType = type;
    node.inputs = std::move(inputs);
    node.outputs = std::move(outputs);
    m_graph.nodes.push_back(std::move(node));
    const NodeId id{static_cast<std::uint32_t>(m_graph.nodes.size() - 1)};
    for (const ValueId output : m_graph.nodes.back().outputs) m_added.emplace_back(output, id);
  }

  ValueId addNamed(const std::string& wanted, DType type) {
    Value value;
    value.name = m_names.fresh(wanted);
    value.dtype = type;
    m_graph.values.push_back(std::move(value));
    return ValueId{static_cast<std::uint32_t>(m_graph.values.size() - 1)};
  }

  ValueId addValue(const std::string& wanted, DType type, ValueId shapedLike) {
    const ValueId id = addNamed(wanted, type);
    m_graph.values[id.index].shape = m_graph.value(shapedLike).shape;
    return id;
  }

  ValueId addScalar(const std::string& wanted, DType type) {
    const ValueId id = addNamed(wanted, type);
    m_graph.values[id.index].shape.emplace();
    return id;
  }

  ValueId addConstant(const std::string& wanted, const Tensor& tensor) {
    const ValueId id = addScalar(wanted, tensor.dtype());
    m_graph.initializers[id] = tensor;
    return id;
  }

  Model finished(const std::vector<NodeId>& moved) {
    for (Value& value : m_graph.values)
      if (value.producer.valid()) value.producer = moved[value.producer.index];
    for (const auto& [value, node] : m_added) m_graph.values[value.index].producer = node;
    Model model = m_model;
    for (const auto& [value, tensor] : m_graph.initializers)
      if (value.index >= m_model.graph->values.size()) model.weights[value] = tensor;
    for (Layer& layer : model.layers)
      if (layer.node.valid()) layer.node = moved[layer.node.index];
    model.graph = std::make_shared<const Graph>(std::move(m_graph));
    return model;
  }

  const Model& m_model;
  Graph m_graph;
  FreshNames m_names;
  std::map<PairKey, ValueId> m_pairs;
  std::vector<std::pair<ValueId, NodeId>> m_added;
};

}  // namespace

std::optional<ValueId> quantizableInput(const Model& model, const Layer& layer) {
  if (!layer.node.valid()) return std::nullopt;
  const Node& node = model.graph->node(layer.node);
  const bool known = node.opType == "Conv" || node.opType == "Gemm" || node.opType == "MatMul";
  if (!known || !isStandardDomain(node.domain) || node.inputs.size() < 2 || node.opType != layer.opType)
    return std::nullopt;
  const bool second = node.inputs[1] == layer.weight;
  if (!second && !(node.opType == "MatMul" && node.inputs[0] == layer.weight)) return std::nullopt;
  const ValueId data = node.inputs[second ? 0 : 1];
  const std::optional<DType> type = model.graph->value(data).dtype;
  if (model.weights.contains(data) || isHalf(type) || (type && *type != DType::Float32)) return std::nullopt;
  if (isHalf(storedType(*model.graph, layer.weight))) return std::nullopt;
  return data;
}

std::vector<QuantizedInput> quantizedInputs(const Model& model, const Recipe& recipe) {
  std::vector<QuantizedInput> inputs;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const Layer& layer = model.layers[i];
    const auto edit = recipe.edits.find(layer.name);
    if (edit == recipe.edits.end() || edit->second.activations.mode == ActivationMode::None) continue;
    if (!quantizableInput(model, layer))
      throw Error(ErrorKind::InvalidInput,
                  "recipe: the activations of layer '" + layer.name + "' (" + layer.opType +
                      ") cannot be quantized, expected a Conv, Gemm or MatMul of 32-bit floats");
    inputs.push_back({LayerId{i}, edit->second.activations.mode, {}});
  }
  return inputs;
}

Model quantizeActivations(const Model& model, const std::vector<QuantizedInput>& inputs) {
  return inputs.empty() ? model : Rewriter(model).rewritten(inputs);
}

bool rangesSpanBatch(const Graph& graph) {
  return std::ranges::any_of(graph.nodes, [](const Node& node) {
    return node.opType == "DynamicQuantizeLinear" ||
           std::ranges::any_of(node.subgraphs(), [](const auto& inner) { return rangesSpanBatch(*inner); });
  });
}

Model withPlaceholderRanges(const Model& cut, const Recipe& recipe) {
  std::vector<QuantizedInput> inputs = quantizedInputs(cut, recipe);
  for (QuantizedInput& input : inputs)  // layers that share a value share its codes, by their method
    input.codes.scale = 1 + static_cast<float>(recipe.editOf(cut.layer(input.layer).name).activations.range);
  return quantizeActivations(cut, inputs);
}

}  // namespace lapidary::core
