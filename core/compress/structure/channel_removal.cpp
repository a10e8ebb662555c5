// SPDX-License-Identifier: GPL-3.0-or-later
// The model without some of its channels: slices of constants, and every number that counts channels.
#include <algorithm>
#include <optional>

#include "core/compress/structure/structured.h"

namespace lapidary::core {
namespace {

class Removal {
 public:
  Removal(const ChannelGroups& groups, const std::vector<AxisIndex>& gone, SliceMemo* memo)
      : m_trace(groups.trace()), m_memo(memo), m_model(groups.model()), m_graph(*m_model.graph) {
    m_isGone.assign(m_trace.classes.size(), false);
    for (AxisIndex label = 0; label < m_isGone.size(); ++label)
      m_isGone[label] = std::ranges::binary_search(gone, m_trace.classes.find(label));
  }

  Model run() {
    for (std::uint32_t i = 0; i < m_trace.values.size(); ++i) {
      if (m_trace.values[i].constant) sliceConstant(ValueId{i});
      declareShape(ValueId{i});
    }
    for (const CountedAttribute& each : m_trace.attributes)
      if (loses(each.counted)) recount(each);
    m_consumers = m_graph.consumers();
    for (const CountedList& each : m_trace.lists)
      if (loses(each.follows)) rewrite(each);
    for (Layer& layer : m_model.layers) layer.shape = shapeOf(layer);
    m_model.graph = std::make_shared<const Graph>(std::move(m_graph));
    return std::move(m_model);
  }

 private:
  std::vector<std::size_t> keptOf(const TracedAxis& axis) const {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < axis.labels.size(); ++i)
      if (!m_isGone[axis.labels[i]]) kept.push_back(i);
    return kept;
  }

  std::int64_t countOf(const std::vector<AxisIndex>& labels) const {
    return std::ranges::count_if(labels, [&](AxisIndex label) { return !m_isGone[label]; });
  }

  Tensor constantOf(ValueId id) const {
    if (const auto it = m_model.weights.find(id); it != m_model.weights.end()) return it->second;
    const Node& node = m_graph.node(m_graph.value(id).producer);
    if (const Tensor* tensor = node.find<Tensor>("value")) return *tensor;
    if (const auto* list = node.find<std::vector<std::int64_t>>("value_ints"))
      return Tensor::from<std::int64_t>({static_cast<std::int64_t>(list->size())}, *list);
    return Tensor::scalar(node.intOr("value_int", 0));
  }

  void setConstant(ValueId id, const Tensor& tensor) {
    const NodeId producer = m_graph.value(id).producer;
    if (producer.valid()) m_graph.nodes[producer.index].attributes = {{"value", tensor}};
    if (!producer.valid()) m_graph.initializers[id] = tensor;
    if (!producer.valid() || m_model.weights.contains(id)) m_model.weights[id] = tensor;
  }

  void sliceConstant(ValueId id) {
    const auto& axes = m_trace.values[id.index].axes;
    std::optional<Tensor> tensor;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const auto kept = keptOf(axes[i]);
      if (kept.size() == axes[i].labels.size()) continue;
      if (!tensor) tensor = constantOf(id);
      tensor = m_memo ? m_memo->slice(*tensor, i, kept) : sliceOf(*tensor, i, kept);
    }
    if (tensor) setConstant(id, *tensor);
  }

  void declareShape(ValueId id) {
    auto& shape = m_graph.values[id.index].shape;
    const TracedValue& traced = m_trace.values[id.index];
    if (!shape || shape->size() != traced.axes.size()) return;
    for (std::size_t i = 0; i < traced.axes.size(); ++i)
      if (traced.axes[i].followed()) (*shape)[i] = {countOf(traced.axes[i].labels), {}};
  }

  Shape shapeOf(const Layer& layer) const {
    Shape shape = layer.shape;
    const auto& axes = m_trace.values[layer.weight.index].axes;
    for (std::size_t i = 0; i < axes.size() && axes.size() == shape.size(); ++i)
      if (axes[i].followed()) shape[i] = countOf(axes[i].labels);
    return shape;
  }

  bool loses(const std::vector<AxisIndex>& labels) const {
    return std::ranges::any_of(labels, [&](AxisIndex label) { return m_isGone[label]; });
  }

  void recount(const CountedAttribute& each) {
    auto& attributes = m_graph.nodes[each.node.index].attributes;
    const std::int64_t count = countOf(each.counted);
    if (each.attribute != "split") {
      attributes[each.attribute] = count;
      return;
    }
    // Sizes of parts that may not have been written: equal ones need not be.
    std::vector<std::int64_t> sizes;
    for (const CountedAttribute& part : m_trace.attributes)
      if (part.node == each.node) sizes.push_back(countOf(part.counted));
    attributes[each.attribute] = std::move(sizes);
  }

  /// In place where nobody else reads the constant, else as a constant of its own.
  void rewrite(const CountedList& list) {
    std::vector<std::int64_t> numbers = list.numbers;
    for (const auto& [entry, labels] : list.counted) numbers.at(entry) = countOf(labels);
    Node& node = m_graph.nodes[list.node.index];
    if (list.input >= node.inputs.size()) node.inputs.resize(list.input + 1);
    ValueId& input = node.inputs[list.input];
    const bool own =
        input.valid() && m_trace.values[input.index].constant && m_consumers[input.index].size() == 1;
    const auto count = static_cast<std::int64_t>(numbers.size());
    const bool narrow = own && constantOf(input).dtype() == DType::Int32;  // Slice takes either
    const Tensor written =
        convert(Tensor::from<std::int64_t>({count}, numbers), narrow ? DType::Int32 : DType::Int64);
    node.attributes.erase("num_outputs");
    if (own)
      setConstant(input, written);
    else
      input = addConstant(m_graph.value(node.outputs.front()).name + "_sizes", written);
  }

  ValueId addConstant(const std::string& wanted, const Tensor& tensor) {
    std::string name = wanted;
    while (m_graph.findValue(name).valid()) name += '_';
    Value value;
    value.name = name;
    value.dtype = tensor.dtype();
    m_graph.values.push_back(std::move(value));
    const ValueId id{static_cast<std::uint32_t>(m_graph.values.size() - 1)};
    m_graph.initializers[id] = m_model.weights[id] = tensor;
    return id;
  }

  const ChannelTrace& m_trace;
  SliceMemo* m_memo;
  Model m_model;
  Graph m_graph;
  std::vector<bool> m_isGone;  ///< by AxisIndex
  std::vector<std::vector<NodeId>> m_consumers;
};

}  // namespace

Model withoutChannels(const ChannelGroups& groups, const std::vector<AxisIndex>& gone, SliceMemo* memo) {
  return gone.empty() ? groups.model() : Removal(groups, gone, memo).run();
}

}  // namespace lapidary::core
