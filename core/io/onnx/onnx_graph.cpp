// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_graph.h"

#include <onnx/onnx_pb.h>

#include <set>
#include <unordered_map>

#include "core/files/utf8.h"
#include "core/io/onnx/onnx_attribute.h"
#include "core/io/onnx/onnx_order.h"
#include "core/io/onnx/onnx_tensor.h"
#include "core/model/element_codes.h"
#include "core/model/standard_domain.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// If, Loop and Scan nested deeper than this are taken for an attack on the stack.
constexpr int deepestSubgraph = 16;

const std::string& text(const std::string& value, const char* what) {
  if (!isUtf8(value)) refuseInput(std::string(what) + " is not UTF-8 text");
  return value;
}

class GraphReader {
 public:
  GraphReader(onnx::GraphProto& proto, OnnxReading& reading, GraphReader* outer)
      : m_proto(proto), m_reading(reading), m_outer(outer), m_depth(outer ? outer->m_depth + 1 : 0) {}

  std::shared_ptr<Graph> read() {
    if (m_depth > deepestSubgraph)
      refuseInput("subgraphs are nested more than " + std::to_string(deepestSubgraph) + " deep");
    m_graph->name = text(m_proto.name(), "the graph's name");
    readInitializers();
    readInputs();
    defineOutputsOfNodes();
    readNodes();
    readOutputs();
    readDeclaredTypes();
    sortNodes();
    return m_graph;
  }

 private:
  ValueId addValue(const std::string& name) {
    const ValueId id{static_cast<std::uint32_t>(m_graph->values.size())};
    if (!m_ids.emplace(name, id).second) refuseInput("value '" + name + "' is defined more than once");
    m_graph->values.push_back({text(name, "the name of a value"), std::nullopt, std::nullopt, {}});
    return id;
  }

  void addInitializer(const std::string& name, const std::function<Tensor()>& readTensor) {
    m_reading.progress.check();
    text(name, "the name of an initialiser");
    if (name.empty()) refuseInput("an initialiser has no name");
    withContext("initialiser '" + name + "'", [&] { m_graph->initializers[addValue(name)] = readTensor(); });
  }

  /// `i`: among the initialisers of the graph, whose raw values may stand beside the message.
  void keep(onnx::TensorProto& proto, const std::string& name, std::size_t i) {
    text(name, "the name of an initialiser");
    if (name.empty()) refuseInput("an initialiser has no name");
    proto.set_name(name);
    if (m_outer == nullptr && i < m_reading.values.size() && !m_reading.values[i].empty())
      proto.set_raw_data(m_reading.values[i].data(), m_reading.values[i].size());
    withContext("initialiser '" + name + "'",
                [&] { m_graph->kept[addValue(name)] = keptInitializer(proto, m_reading.files); });
    m_reading.kept.push_back("'" + name + "' (" + nameOfCode(proto.data_type()) + ")");
  }

  Tensor readInitializer(onnx::TensorProto& proto, std::size_t i) {
    if (m_outer != nullptr || i >= m_reading.values.size()) return readTensorProto(proto, m_reading.files);
    Tensor tensor = readTensorProto(proto, m_reading.files, m_reading.values[i]);
    releasePages(m_reading.file, m_reading.values[i]);
    return tensor;
  }

  void readInitializers() {
    for (int i = 0; i < m_proto.initializer_size(); ++i) {
      auto& tensor = *m_proto.mutable_initializer(i);
      if (isKeptType(tensor)) {
        keep(tensor, tensor.name(), static_cast<std::size_t>(i));
        continue;
      }
      addInitializer(tensor.name(), [&] { return readInitializer(tensor, static_cast<std::size_t>(i)); });
    }
    for (auto& sparse : *m_proto.mutable_sparse_initializer())
      addInitializer(sparse.values().name(), [&] { return readSparseTensorProto(sparse, m_reading.files); });
  }

  /// Files before IR version 4 list initialisers among the inputs as well.
  void readInputs() {
    std::set<std::string> seen;
    for (const auto& input : m_proto.input()) {
      if (input.name().empty()) refuseInput("a graph input has no name");
      if (!seen.insert(input.name()).second)
        refuseInput("graph input '" + input.name() + "' is defined more than once");
      const auto known = m_ids.find(input.name());
      const ValueId id = known != m_ids.end() ? known->second : addValue(input.name());
      declare(id, input);
      if (known == m_ids.end()) m_graph->inputs.push_back(id);
    }
  }

  void defineOutputsOfNodes() {
    for (int i = 0; i < m_proto.node_size(); ++i)
      for (const std::string& output : m_proto.node(i).output())
        if (!output.empty()) withContext(describeNode(i), [&] { addValue(output); });
  }

  void readNodes() {
    m_needs.resize(static_cast<std::size_t>(m_proto.node_size()));
    m_graph->nodes.resize(m_needs.size());
    for (int i = 0; i < m_proto.node_size(); ++i) {
      m_current = static_cast<std::size_t>(i);
      withContext(describeNode(i), [&] { readNode(*m_proto.mutable_node(i), m_graph->nodes[m_current]); });
    }
  }

  void readNode(onnx::NodeProto& proto, Node& node) {
    m_reading.progress.check();
    node.name = text(proto.name(), "its name");
    node.opType = text(proto.op_type(), "its operator");
    node.domain = text(proto.domain(), "its domain");
    if (isStandardDomain(node.domain)) node.domain.clear();
    if (node.opType.empty()) refuseInput("has no operator");
    for (const std::string& input : proto.input())
      node.inputs.push_back(input.empty() ? ValueId{} : need(input, "input"));
    for (const std::string& output : proto.output())
      node.outputs.push_back(output.empty() ? ValueId{} : m_ids.at(output));
    readAttributes(proto, node, {m_reading, [this](onnx::GraphProto& graph) {
                                   return GraphReader(graph, m_reading, this).read();
                                 }});
  }

  /// A value of this graph, or one captured from outside, that the current node reads.
  ValueId need(const std::string& name, const char* what) {
    const ValueId id = resolve(name);
    if (!id.valid()) refuseInput(std::string(what) + " '" + name + "' is not defined");
    m_needs[m_current].push_back(id);
    return id;
  }

  ValueId resolve(const std::string& name) {
    if (const auto it = m_ids.find(name); it != m_ids.end()) return it->second;
    if (!m_outer || !m_outer->capture(name)) return {};
    const ValueId id = addValue(name);
    m_graph->captured.push_back(id);
    return id;
  }

  /// Whether `name` can be had here for a subgraph of the current node, which then depends on it.
  bool capture(const std::string& name) {
    const ValueId id = resolve(name);
    if (id.valid()) m_needs[m_current].push_back(id);
    return id.valid();
  }

  void readOutputs() {
    for (const auto& output : m_proto.output()) {
      const ValueId id = resolve(text(output.name(), "the name of a graph output"));
      if (!id.valid()) refuseInput("graph output '" + output.name() + "' is not defined");
      m_graph->outputs.push_back(id);
      declare(id, output);
    }
  }

  void readDeclaredTypes() {
    for (const auto& info : m_proto.value_info())
      if (const auto it = m_ids.find(info.name()); it != m_ids.end()) declare(it->second, info);
  }

  void declare(ValueId id, const onnx::ValueInfoProto& info) {
    if (!info.has_type()) return;
    Value& value = m_graph->values[id.index];
    const auto& type = info.type();
    if (type.has_tensor_type()) value.dtype = dtypeOfCode(type.tensor_type().elem_type());
    if (type.has_tensor_type() && type.tensor_type().has_shape())
      value.shape = shapeOf(type.tensor_type().shape());
    const bool untyped = type.has_tensor_type() && type.tensor_type().elem_type() == 0;
    if (!value.dtype && !untyped) value.otherType = type.SerializeAsString();
  }

  /// A negative size is what some exporters write for an unknown one.
  static std::vector<Dimension> shapeOf(const onnx::TensorShapeProto& proto) {
    std::vector<Dimension> shape;
    for (const auto& dimension : proto.dim()) {
      Dimension result;
      if (dimension.has_dim_value() && dimension.dim_value() >= 0) result.size = dimension.dim_value();
      if (dimension.has_dim_param()) result.symbol = text(dimension.dim_param(), "the name of a dimension");
      shape.push_back(std::move(result));
    }
    return shape;
  }

  void sortNodes() {
    std::vector<std::vector<std::size_t>> before(m_needs.size());
    std::vector<std::size_t> producer(m_graph->values.size(), m_needs.size());
    for (std::size_t i = 0; i < m_needs.size(); ++i)
      for (const ValueId output : m_graph->nodes[i].outputs)
        if (output.valid()) producer[output.index] = i;
    for (std::size_t i = 0; i < m_needs.size(); ++i)
      for (const ValueId id : m_needs[i])
        if (producer[id.index] < m_needs.size()) before[i].push_back(producer[id.index]);
    const Order order = executionOrder(before);
    if (!order.cycle.empty()) refuseInput(describeCycle(order.cycle));
    std::vector<Node> sorted;
    for (const std::size_t i : order.nodes) {
      const NodeId id{static_cast<std::uint32_t>(sorted.size())};
      for (const ValueId output : m_graph->nodes[i].outputs)
        if (output.valid()) m_graph->values[output.index].producer = id;
      sorted.push_back(std::move(m_graph->nodes[i]));
    }
    m_graph->nodes = std::move(sorted);
  }

  std::string describeCycle(const std::vector<std::size_t>& cycle) const {
    constexpr std::size_t shown = 4;
    std::string names;
    for (std::size_t i = 0; i < std::min(shown, cycle.size()); ++i)
      names += (i ? ", " : "") + describeNode(static_cast<int>(cycle[i]));
    if (cycle.size() > shown) names += " and " + std::to_string(cycle.size() - shown) + " more";
    return "the graph has a cycle through " + names;
  }

  std::string describeNode(int i) const {
    const auto& node = m_proto.node(i);
    std::string result = "node " + std::to_string(i);
    if (!node.name().empty() && isUtf8(node.name())) result += " '" + node.name() + "'";
    return isUtf8(node.op_type()) ? result + " (" + node.op_type() + ")" : result;
  }

  onnx::GraphProto& m_proto;
  OnnxReading& m_reading;
  GraphReader* m_outer;
  int m_depth;
  std::shared_ptr<Graph> m_graph = std::make_shared<Graph>();
  std::unordered_map<std::string, ValueId> m_ids;
  std::vector<std::vector<ValueId>> m_needs;  ///< by node in file order
  std::size_t m_current = 0;                  ///< the node being read
};

}  // namespace

std::shared_ptr<Graph> readGraphProto(onnx::GraphProto& proto, OnnxReading& reading) {
  return GraphReader(proto, reading, nullptr).read();
}

}  // namespace lapidary::core
