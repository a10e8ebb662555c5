// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/runtime_rules.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/io/onnx/onnx_guard.h"
#include "core/model/constants.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

constexpr std::string_view ofOnnx = "", ofRuntime = "com.microsoft";

constexpr TriedOperator readers[] = {
    {ofOnnx, "Conv"},   {ofOnnx, "ConvInteger"},   {ofOnnx, "ConvTranspose"}, {ofOnnx, "Einsum"},
    {ofOnnx, "GRU"},    {ofOnnx, "Gather"},        {ofOnnx, "Gemm"},          {ofOnnx, "LSTM"},
    {ofOnnx, "MatMul"}, {ofOnnx, "MatMulInteger"}, {ofOnnx, "QLinearConv"},   {ofOnnx, "QLinearMatMul"},
    {ofOnnx, "RNN"},    {ofRuntime, "FusedConv"},  {ofRuntime, "FusedGemm"},  {ofRuntime, "FusedMatMul"},
};

/// Sums and averages between codes are not among them: they are rounded there in a way of their own.
constexpr TriedOperator between[] = {
    {ofOnnx, "Clip"},      {ofOnnx, "Concat"},    {ofOnnx, "Flatten"}, {ofOnnx, "GlobalAveragePool"},
    {ofOnnx, "Identity"},  {ofOnnx, "LeakyRelu"}, {ofOnnx, "MaxPool"}, {ofOnnx, "Mul"},
    {ofOnnx, "Neg"},       {ofOnnx, "Relu"},      {ofOnnx, "Reshape"}, {ofOnnx, "Sigmoid"},
    {ofOnnx, "Transpose"}, {ofOnnx, "Unsqueeze"},
};

constexpr TriedOperator steps[] = {
    {ofOnnx, "Add"},       {ofOnnx, "DequantizeLinear"},
    {ofOnnx, "Mul"},       {ofOnnx, "QuantizeLinear"},
    {ofOnnx, "Reshape"},   {ofOnnx, "Sum"},
    {ofOnnx, "Transpose"},
};

constexpr DType codes[] = {DType::Int4, DType::UInt4, DType::Int8, DType::UInt8, DType::Int16, DType::UInt16};
constexpr DType activations[] = {DType::Int8, DType::UInt8};

bool isIn(std::span<const TriedOperator> list, const Node& node) {
  return std::ranges::any_of(list, [&](const TriedOperator& tried) {
    const bool domain = tried.domain == ofOnnx ? isStandardDomain(node.domain) : node.domain == tried.domain;
    return domain && node.opType == tried.opType;
  });
}

template <class Value>
bool isOneOf(std::span<const Value> list, const Value& value) {
  return std::ranges::find(list, value) != list.end();
}

class Inspection {
 public:
  explicit Inspection(const Model& written)
      : m_graph(*written.graph), m_layers(written.layers), m_opsets(written.source.opsets) {}

  UnprovedNodes run() {
    for (const NodeId node : unguardedNodes(m_graph, m_opsets)) note(node, Unproved::Rewrite);
    for (const Layer& layer : m_layers)
      for (const LayerUse& use : layer.uses)
        if (use.node.valid()) lookAtReader(layer, use.node);
    for (std::uint32_t i = 0; i < m_graph.nodes.size(); ++i) lookAtActivations(NodeId{i});
    UnprovedNodes nodes;
    for (const auto& [id, why] : m_found) nodes.push_back({nameOf(id), m_graph.node(id).opType, why});
    return nodes;
  }

 private:
  void note(NodeId node, Unproved why) { m_found.emplace(node, why); }

  std::string nameOf(NodeId id) const {
    const Node& node = m_graph.node(id);
    return !node.name.empty() || node.outputs.empty() ? node.name : m_graph.value(node.outputs[0]).name;
  }

  const Node* producerOf(ValueId value) const {
    const NodeId producer = value.valid() ? m_graph.value(value).producer : NodeId{};
    return producer.valid() ? &m_graph.node(producer) : nullptr;
  }

  void lookAtReader(const Layer& layer, NodeId id) {
    const Node& node = m_graph.node(id);
    if (!isIn(readers, node)) note(id, Unproved::Operator);
    for (const ValueId input : node.inputs)
      if (input.valid() && constantInfo(m_graph, input)) {
        const std::vector<ValueId> path = constantPath(m_graph, input);
        if (isOneOf<ValueId>(path, layer.weight)) lookAtPath(path, id);
      }
  }

  /// Floats may be laid out in any way: they are computed once, as they are.
  void lookAtPath(const std::vector<ValueId>& path, NodeId reader) {
    bool coded = false, tried = true;
    for (const ValueId value : path) {
      const Node* node = producerOf(value);
      if (node == nullptr) continue;
      tried = tried && isIn(steps, *node);
      if (!isStandard(*node, "DequantizeLinear")) continue;
      coded = true;
      const auto info = constantInfo(m_graph, node->input(0));
      if (info && !isOneOf<DType>(codes, info->dtype)) note(reader, Unproved::Codes);
    }
    if (coded && !tried) note(reader, Unproved::Layout);
  }

  void lookAtActivations(NodeId id) {
    const Node& node = m_graph.node(id);
    for (const ValueId input : node.inputs) {
      const Node* dequantize = producerOf(input);
      if (dequantize == nullptr || !isStandard(*dequantize, "DequantizeLinear") ||
          constantInfo(m_graph, dequantize->input(0)))
        continue;
      const bool goesOn = isStandard(node, "Sum") || isStandard(node, "QuantizeLinear") ||
                          isStandard(node, "DynamicQuantizeLinear");
      if (!isTried(*dequantize) || !(goesOn || isIn(readers, node) || isIn(between, node)))
        note(id, Unproved::Activations);
    }
  }

  /// Codes of one scale, which come from floats or from an operator of integers.
  bool isTried(const Node& dequantize) const {
    const Node* source = producerOf(dequantize.input(0));
    if (source == nullptr) return false;
    if (isStandard(*source, "DynamicQuantizeLinear")) return true;
    if (isIn(readers, *source)) return true;
    if (!isStandard(*source, "QuantizeLinear")) return false;
    const auto scale = constantInfo(m_graph, source->input(1)),
               zero = constantInfo(m_graph, source->input(2));
    return scale && elementCount(scale->shape) == 1 && zero && isOneOf<DType>(activations, zero->dtype);
  }

  const Graph& m_graph;
  const std::vector<Layer>& m_layers;
  const std::vector<OpsetImport>& m_opsets;
  std::map<NodeId, Unproved> m_found;  ///< the first reason of each
};

}  // namespace

std::span<const TriedOperator> triedReaders() { return readers; }
std::span<const TriedOperator> triedBetweenCodes() { return between; }
std::span<const TriedOperator> triedSteps() { return steps; }
std::span<const DType> triedCodes() { return codes; }
std::span<const DType> triedActivations() { return activations; }

UnprovedNodes unprovedNodes(const Model& written) { return Inspection(written).run(); }

}  // namespace lapidary::core
