// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_integer.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "core/io/onnx/graph_editor.h"
#include "core/model/constants.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

constexpr std::size_t none = 0;
constexpr std::string_view standard = "", microsoft = "com.microsoft";

/// The scale of codes whose operator knows none: their floats are then in [-1, 1], about where those of other
/// layers are, beside which they are ranked. A power of two, so that they give the codes back exactly.
constexpr float unit = 1.0f / 128;

enum class Channels { First, Last, LastButOne, OfGemm };

/// Where an operator reads the codes of a weight, and what they mean.
struct IntegerRow {
  std::string_view domain, opType;
  std::size_t weight, scale, zero;
  Channels channels;
};

constexpr IntegerRow integerRows[] = {
    {standard, "QLinearConv", 3, 4, 5, Channels::First},
    {standard, "ConvInteger", 1, none, 3, Channels::First},
    {standard, "QLinearMatMul", 3, 4, 5, Channels::Last},
    {standard, "QLinearMatMul", 0, 1, 2, Channels::LastButOne},
    {standard, "MatMulInteger", 1, none, 3, Channels::Last},
    {standard, "MatMulInteger", 0, none, 2, Channels::LastButOne},
    {microsoft, "QLinearConv", 3, 4, 5, Channels::First},
    {microsoft, "QAttention", 1, 4, 7, Channels::Last},
    {microsoft, "QGemm", 3, 4, 5, Channels::OfGemm},
    {microsoft, "MatMulIntegerToFloat", 1, 3, 5, Channels::Last},
    {microsoft, "DynamicQuantizeMatMul", 1, 2, 3, Channels::Last},
};

bool isOf(const IntegerRow& row, const Node& node) {
  const bool domain = row.domain == standard ? isStandardDomain(node.domain) : node.domain == row.domain;
  return domain && row.opType == node.opType;
}

std::size_t axisOfChannels(const IntegerRow& row, const Node& node, std::size_t rank) {
  const bool rows = row.channels == Channels::OfGemm && node.intOr("transB", 0) != 0;
  if (row.channels == Channels::First || rows) return 0;
  return row.channels == Channels::LastButOne ? rank - 2 : rank - 1;
}

/// One value, or the one for every channel.
Tensor spread(const Tensor& value, std::int64_t channels) {
  if (value.size() != 1) return value;
  const std::vector<float> values(static_cast<std::size_t>(channels), toFloat32(value).as<float>()[0]);
  return convert(Tensor::from<float>({channels}, values), value.dtype());
}

void renumber(Graph& graph) {
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i)
    for (const ValueId output : graph.nodes[i].outputs)
      if (output.valid()) graph.values[output.index].producer = NodeId{i};
}

/// Scale and zero point of a weight, in one shape: that of none or of all channels.
struct Grid {
  Tensor scale, zero;
};

class Exposure {
 public:
  explicit Exposure(Graph& graph) : m_graph(graph), m_editor(graph) {}

  void run() {
    std::vector<Node> nodes;
    for (const Node& original : m_graph.nodes) {
      Node node = original;
      for (const IntegerRow& row : integerRows)
        if (isOf(row, node)) expose(row, node, nodes);
      nodes.push_back(std::move(node));
    }
    m_graph.nodes = std::move(nodes);
    renumber(m_graph);
  }

 private:
  void expose(const IntegerRow& row, Node& node, std::vector<Node>& nodes) {
    const ValueId codes = node.input(row.weight);
    const auto stored = m_graph.initializers.find(codes);
    if (stored == m_graph.initializers.end() || stored->second.rank() < 2) return;
    const Tensor& tensor = stored->second;
    if (tensor.dtype() != DType::Int8 && tensor.dtype() != DType::UInt8) return;
    const std::size_t axis = axisOfChannels(row, node, tensor.rank());
    const auto grid = gridOf(row, node, tensor, tensor.shape()[axis]);
    if (!grid) return;
    const std::string name = m_graph.value(codes).name;
    const ValueId scale = constant(name + "_grid", grid->scale, nodes);
    const ValueId zero = constant(name + "_grid_zero", grid->zero, nodes);
    const ValueId floats = m_editor.addValue(name + "_floats"), again = m_editor.addValue(name + "_codes");
    nodes.push_back({"", "DequantizeLinear", "", {codes, scale, zero}, {floats}, {}});
    nodes.push_back({"", "QuantizeLinear", "", {floats, scale, zero}, {again}, {}});
    if (grid->scale.rank() > 0)
      for (std::size_t i = nodes.size() - 2; i < nodes.size(); ++i)
        nodes[i].attributes["axis"] = static_cast<std::int64_t>(axis);
    node.inputs[row.weight] = again;
  }

  std::optional<Grid> gridOf(const IntegerRow& row, const Node& node, const Tensor& codes,
                             std::int64_t channels) const {
    Grid grid{Tensor::scalar(unit), convert(Tensor::scalar(0.0f), codes.dtype())};
    const ValueId scale = row.scale == none ? ValueId{} : node.input(row.scale), zero = node.input(row.zero);
    for (const auto& [value, tensor] : {std::pair{scale, &grid.scale}, {zero, &grid.zero}}) {
      if (!value.valid()) continue;
      const auto info = constantInfo(m_graph, value);
      if (!info) return std::nullopt;
      const std::int64_t count = elementCount(info->shape);
      if (count != 1 && count != channels) return std::nullopt;
      *tensor = foldConstant(m_graph, {}, value);
    }
    if (grid.zero.dtype() != codes.dtype() || grid.scale.dtype() != DType::Float32) return std::nullopt;
    const bool whole = grid.scale.size() == 1 && grid.zero.size() == 1;
    const Shape shape = whole ? Shape{} : Shape{channels};
    grid.scale = (whole ? grid.scale : spread(grid.scale, channels)).reshaped(shape);
    grid.zero = (whole ? grid.zero : spread(grid.zero, channels)).reshaped(shape);
    return grid;
  }

  /// In a node, as it is no parameter of the file's.
  ValueId constant(const std::string& name, const Tensor& tensor, std::vector<Node>& nodes) {
    const ValueId value = m_editor.addValue(name);
    nodes.push_back({"", "Constant", "", {}, {value}, {{"value", tensor}}});
    return value;
  }

  Graph& m_graph;
  GraphEditor m_editor;
};

bool sameTensor(const Tensor& a, const Tensor& b) {
  return a.dtype() == b.dtype() && a.shape() == b.shape() && std::ranges::equal(a.bytes(), b.bytes());
}

class Hiding {
 public:
  explicit Hiding(Graph& graph) : m_graph(graph) {}

  void run() {
    std::map<ValueId, ValueId> codes;
    for (const Node& node : m_graph.nodes)
      if (const ValueId before = codesBefore(node); before.valid()) codes.emplace(node.outputs[0], before);
    if (codes.empty()) return;
    for (Node& node : m_graph.nodes)
      for (ValueId& input : node.inputs)
        if (const auto found = codes.find(input); found != codes.end()) input = found->second;
    dropUnread();
  }

 private:
  std::optional<Tensor> constantAt(ValueId value) const {
    if (!value.valid()) return std::nullopt;
    if (const auto it = m_graph.initializers.find(value); it != m_graph.initializers.end()) return it->second;
    const NodeId producer = m_graph.value(value).producer;
    if (!producer.valid() || !isStandard(m_graph.node(producer), "Constant")) return std::nullopt;
    return heldTensor(m_graph.node(producer));
  }

  bool sameConstant(ValueId a, ValueId b) const {
    const auto left = constantAt(a), right = constantAt(b);
    return left && right && (left->id() == right->id() || sameTensor(*left, *right));
  }

  /// The codes that a QuantizeLinear gives back unchanged; invalid for any other node.
  ValueId codesBefore(const Node& node) const {
    if (!isStandard(node, "QuantizeLinear") || node.inputs.size() != 3 || node.outputs.size() != 1) return {};
    const NodeId producer = m_graph.value(node.inputs[0]).producer;
    if (!producer.valid() || !isStandard(m_graph.node(producer), "DequantizeLinear")) return {};
    const Node& before = m_graph.node(producer);
    const auto codes = constantAt(before.input(0)), zero = constantAt(node.inputs[2]);
    const bool bytes = codes && zero && codes->dtype() == zero->dtype() && bitsOf(codes->dtype()) == 8;
    if (!bytes || before.inputs.size() != 3 || before.intOr("axis", 1) != node.intOr("axis", 1)) return {};
    return sameConstant(before.inputs[1], node.inputs[1]) && sameConstant(before.inputs[2], node.inputs[2])
               ? before.inputs[0]
               : ValueId{};
  }

  /// Nodes of the pairs that nobody reads any more, and their constants.
  void dropUnread() {
    for (bool changed = true; changed;) {
      const auto consumers = m_graph.consumers();
      const std::set<ValueId> outputs(m_graph.outputs.begin(), m_graph.outputs.end());
      const auto isUnread = [&](const Node& node) {
        const bool ours = isStandard(node, "QuantizeLinear") || isStandard(node, "DequantizeLinear") ||
                          isStandard(node, "Constant");
        return ours && std::ranges::all_of(node.outputs, [&](ValueId output) {
                 return !output.valid() || (consumers[output.index].empty() && !outputs.contains(output));
               });
      };
      for (const Node& node : m_graph.nodes)
        if (isUnread(node))
          for (const ValueId output : node.outputs)
            if (output.valid()) m_graph.values[output.index].producer = {};
      changed = std::erase_if(m_graph.nodes, isUnread) > 0;
      renumber(m_graph);
    }
  }

  Graph& m_graph;
};

}  // namespace

void exposeIntegerWeights(Graph& graph) {
  const bool any = std::ranges::any_of(graph.nodes, [](const Node& node) {
    return std::ranges::any_of(integerRows, [&](const IntegerRow& row) { return isOf(row, node); });
  });
  if (any) Exposure(graph).run();
}

void hideIntegerWeights(Graph& graph) { Hiding(graph).run(); }

}  // namespace lapidary::core
