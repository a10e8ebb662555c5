// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_guard.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "core/io/onnx/graph_editor.h"
#include "core/model/constants.h"
#include "core/model/element_codes.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

template <std::size_t N>
bool isOneOf(const Node& node, const std::array<std::string_view, N>& types) {
  return isStandardDomain(node.domain) && std::ranges::find(types, node.opType) != types.end();
}

bool isDequantize(const Node& node) {
  return isOneOf(node, std::array<std::string_view, 1>{"DequantizeLinear"});
}

bool isProduct(const Node& node) {
  return isOneOf(node, std::array<std::string_view, 4>{"MatMul", "Gemm", "Conv", "ConvTranspose"});
}

/// The nodes that the optimiser moves to the other side of a DequantizeLinear.
bool isMoved(const Node& node) {
  return isOneOf(node, std::array<std::string_view, 7>{"Identity", "Dropout", "Transpose", "Reshape",
                                                       "Squeeze", "Unsqueeze", "Flatten"});
}

/// ONNX Runtime ends the process when it moves a Transpose without `perm` past scales of channels.
bool isPlainTranspose(const Node& node) {
  return isOneOf(node, std::array<std::string_view, 1>{"Transpose"}) && !node.attributes.contains("perm");
}

/// The nodes that the optimiser carries codes of activations over.
bool isCarriedOver(const Node& node) {
  return isOneOf(node, std::array<std::string_view, 6>{"MaxPool", "Reshape", "Slice", "Squeeze", "Transpose",
                                                       "Unsqueeze"});
}

bool isArithmetic(const Node& node) {
  return isOneOf(node, std::array<std::string_view, 4>{"Add", "Sub", "Mul", "Div"});
}

class Guard {
 public:
  Guard(OnnxContent& content, std::size_t ours)
      : m_content(content), m_graph(content.graph), m_ours(ours), m_consumers(m_graph.consumers()) {}

  void run() {
    find();
    if (!m_weights.empty() || !m_apart.empty()) rebuild();
  }

  std::vector<NodeId> found() {
    find();
    std::vector<NodeId> nodes;
    for (const std::uint32_t weight : m_weights) nodes.push_back(NodeId{weight});
    for (const auto& [layer, codes] : m_apart) nodes.push_back(NodeId{layer});
    return nodes;
  }

 private:
  void find() {
    for (std::uint32_t i = 0; i < m_graph.nodes.size(); ++i) {
      if (isWeight(i) && mayBeFused(m_graph.nodes[i].outputs[0], i)) m_weights.push_back(i);
      if (const auto codes = codesBesideFloats(m_graph.nodes[i])) m_apart.emplace(i, *codes);
      if (const auto codes = signedCodesToMove(m_graph.nodes[i])) m_apart.emplace(i, *codes);
    }
  }

  const Node* producerOf(ValueId value) const {
    const NodeId producer = value.valid() ? m_graph.value(value).producer : NodeId{};
    return producer.valid() ? &m_graph.node(producer) : nullptr;
  }

  bool isConstant(ValueId value) const { return constantInfo(m_graph, value).has_value(); }

  bool isWeight(std::uint32_t node) const {
    const Node& dequantize = m_graph.nodes[node];
    return isDequantize(dequantize) && !dequantize.inputs.empty() && !dequantize.outputs.empty() &&
           isConstant(dequantize.inputs[0]);
  }

  /// Whether a value is the output of a DequantizeLinear whose codes are computed.
  bool isActivation(ValueId value) const {
    const Node* node = producerOf(value);
    return node != nullptr && isDequantize(*node) && !node->inputs.empty() && !isConstant(node->inputs[0]);
  }

  /// Tells which of its two factors a layer reads as activations that are codes.
  std::optional<std::size_t> codedInput(const Node& layer) const {
    for (std::size_t i = 0; i < 2 && i < layer.inputs.size(); ++i)
      if (isActivation(layer.inputs[i])) return i;
    return std::nullopt;
  }

  /// Whether the optimiser may make another computation of the weights that `dequantize` computes and of
  /// what reads them, through `value`.
  bool mayBeFused(ValueId value, std::uint32_t dequantize) const {
    return std::ranges::any_of(m_consumers[value.index], [&](NodeId id) {
      const Node& reader = m_graph.node(id);
      if (!reader.subgraphs().empty() || isPlainTranspose(reader)) return true;
      if (isProduct(reader)) return isChanged(reader, value, dequantize);
      return (isMoved(reader) || isNeutral(reader, value)) && !reader.outputs.empty() &&
             mayBeFused(reader.outputs[0], dequantize);
    });
  }

  static ValueId biasOf(const Node& layer) { return layer.inputs.size() > 2 ? layer.inputs[2] : ValueId{}; }

  bool isChanged(const Node& layer, ValueId value, std::uint32_t dequantize) const {
    const bool ours = dequantize < m_ours;
    if (codedInput(layer) && value != biasOf(layer)) {
      const Node& node = m_graph.nodes[dequantize];
      if (ours && (layer.opType == "MatMul" || !isSymmetricByte(node))) return true;
      return layer.opType != "ConvTranspose" && !isScaledByOutputs(layer, value, node);
    }
    if (layer.opType == "MatMul") return true;
    if (layer.opType != "Gemm" || value == biasOf(layer)) return false;
    return ours || layer.intOr("transB", 0) == 0 || value != m_graph.nodes[dequantize].outputs[0];
  }

  /// Whether the layer reads what `dequantize` gives, on one grid or on one for each of the layer's outputs.
  bool isScaledByOutputs(const Node& layer, ValueId value, const Node& dequantize) const {
    const auto scale = constantInfo(m_graph, dequantize.input(1));
    if (value != dequantize.outputs[0] || !scale || dequantize.intOr("block_size", 0) != 0) return false;
    if (elementCount(scale->shape) == 1) return true;
    const auto codes = constantInfo(m_graph, dequantize.input(0));
    if (!codes || layer.inputs.size() < 2 || layer.inputs[1] != value) return false;
    const auto rank = static_cast<std::int64_t>(codes->shape.size());
    const std::int64_t axis = dequantize.intOr("axis", 1);
    const bool first = layer.opType == "Conv" || (layer.opType == "Gemm" && layer.intOr("transB", 0) != 0);
    if (!first && rank != 2) return false;
    return (axis < 0 ? axis + rank : axis) == (first ? 0 : rank - 1);
  }

  bool isSymmetricByte(const Node& dequantize) const {
    const ValueId codes = dequantize.inputs[0];
    const auto tensor = m_graph.initializers.find(codes);
    return tensor != m_graph.initializers.end() && tensor->second.dtype() == DType::Int8 &&
           !m_content.stored.contains(codes) && dequantize.inputs.size() == 2 &&
           dequantize.intOr("block_size", 0) == 0;
  }

  /// A Cast to the type that the value has, and arithmetic with a single number, which may change nothing.
  bool isNeutral(const Node& node, ValueId value) const {
    if (isOneOf(node, std::array<std::string_view, 1>{"Cast"})) {
      const auto info = constantInfo(m_graph, value);
      return info && node.intOr("to", 0) == codeOf(info->dtype);
    }
    return isArithmetic(node) && std::ranges::any_of(node.inputs, [&](ValueId input) {
             const auto number = m_graph.initializers.find(input);
             return input != value && number != m_graph.initializers.end() && number->second.size() == 1;
           });
  }

  /// The activations of a layer that multiplies them as codes by weights that are floats for the optimiser.
  std::optional<ValueId> codesBesideFloats(const Node& layer) const {
    if (!isProduct(layer)) return std::nullopt;
    const auto coded = codedInput(layer);
    if (!coded || layer.inputs.size() < 2) return std::nullopt;
    const ValueId weight = layer.inputs[1 - *coded];
    if (!isConstant(weight) || isDequantized(weight)) return std::nullopt;
    return layer.inputs[*coded];
  }

  /// Signed codes that the optimiser would carry over a node to readers of floats: from operator set 21 on
  /// the QuantizeLinear that it makes for them says two types, and ONNX Runtime refuses the file.
  std::optional<ValueId> signedCodesToMove(const Node& node) const {
    if (!isCarriedOver(node) || node.inputs.empty() || node.outputs.empty() || !isActivation(node.inputs[0]))
      return std::nullopt;
    const auto zero = constantInfo(m_graph, producerOf(node.inputs[0])->input(2));
    if (opset() < 21 || !zero || zero->dtype != DType::Int8) return std::nullopt;
    const auto& readers = m_consumers[node.outputs[0].index];
    const bool quantized = !readers.empty() && std::ranges::all_of(readers, [&](NodeId reader) {
      return isOneOf(m_graph.node(reader), std::array<std::string_view, 1>{"QuantizeLinear"});
    });
    if (quantized && std::ranges::find(m_graph.outputs, node.outputs[0]) == m_graph.outputs.end())
      return std::nullopt;
    return node.inputs[0];
  }

  std::int64_t opset() const {
    for (const OpsetImport& import : m_content.opsets)
      if (isStandardDomain(import.domain)) return import.version;
    return 0;
  }

  bool isDequantized(ValueId constant) const {
    const Node* node = producerOf(constant);
    return node != nullptr && (isDequantize(*node) || std::ranges::any_of(node->inputs, [&](ValueId input) {
                                 return isDequantized(input);
                               }));
  }

  void rebuild() {
    m_editor.emplace(m_graph);
    std::vector<Node> nodes;
    for (std::uint32_t i = 0; i < m_graph.nodes.size(); ++i) {
      Node& node = m_graph.nodes[i];
      if (const auto layer = m_apart.find(i); layer != m_apart.end())
        std::ranges::replace(node.inputs, layer->second, guarded(layer->second, nodes));
      const bool weight = std::ranges::binary_search(m_weights, i);
      const ValueId output = node.outputs.empty() ? ValueId{} : node.outputs[0];
      if (weight) node.outputs[0] = m_editor->addValue(m_graph.value(output).name + "_dequantized");
      nodes.push_back(std::move(node));
      if (weight) nodes.push_back(sumOf(nodes.back().outputs[0], output));
    }
    m_graph.nodes = std::move(nodes);
    for (std::uint32_t i = 0; i < m_graph.nodes.size(); ++i)
      for (const ValueId output : m_graph.nodes[i].outputs)
        if (output.valid()) m_graph.values[output.index].producer = NodeId{i};
  }

  /// The same activations after a Sum, which stands before the first layer that reads it.
  ValueId guarded(ValueId activations, std::vector<Node>& nodes) {
    auto found = m_guarded.find(activations);
    if (found == m_guarded.end()) {
      const ValueId sum = m_editor->addValue(m_graph.value(activations).name + "_sum");
      nodes.push_back(sumOf(activations, sum));
      found = m_guarded.emplace(activations, sum).first;
    }
    return found->second;
  }

  /// Without a name: names of nodes must be unique, and their outputs tell what they are.
  static Node sumOf(ValueId input, ValueId output) { return {"", "Sum", "", {input}, {output}, {}}; }

  OnnxContent& m_content;
  Graph& m_graph;
  std::size_t m_ours;
  std::vector<std::vector<NodeId>> m_consumers;
  std::optional<GraphEditor> m_editor;
  std::vector<std::uint32_t> m_weights;      ///< nodes, in order
  std::map<std::uint32_t, ValueId> m_apart;  ///< node, the activations from codes that it reads apart
  std::map<ValueId, ValueId> m_guarded;
};

}  // namespace

void guardDequantized(OnnxContent& content, std::size_t ours) { Guard(content, ours).run(); }

std::vector<NodeId> unguardedNodes(const Graph& graph, const std::vector<OpsetImport>& opsets) {
  OnnxContent content{graph, {}, opsets, 0};
  return Guard(content, 0).found();
}

}  // namespace lapidary::core
