// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/student/residual_blocks.h"

#include <algorithm>
#include <set>

#include "core/model/standard_domain.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

using NodeSet = std::vector<bool>;  ///< by NodeId

class BlockSearch {
 public:
  BlockSearch(const Model& model, std::span<const Tensor> example)
      : m_model(model),
        m_graph(*model.graph),
        m_example(example),
        m_reads(m_graph.readsByNode()),
        m_consumers(m_graph.consumers()) {
    for (const Layer& layer : model.layers)
      if (layer.node.valid()) m_layerNodes.insert(layer.node.index);
  }

  std::vector<ResidualBlock> run() {
    std::vector<Candidate> found;
    for (std::uint32_t i = 0; i < m_graph.nodes.size(); ++i)
      if (m_graph.nodes[i].opType == "Add" && m_graph.nodes[i].inputs.size() == 2) consider(NodeId{i}, found);
    std::erase_if(found, [&](const Candidate& outer) {
      return std::ranges::any_of(found,
                                 [&](const Candidate& inner) { return outer.branch[inner.block.sum.index]; });
    });
    return ofTheirStartsShape(found);
  }

 private:
  struct Candidate {
    ResidualBlock block;
    NodeSet branch;
  };

  void consider(NodeId sum, std::vector<Candidate>& found) const {
    const Node& node = m_graph.node(sum);
    if (!isStandardDomain(node.domain) || !replaceable(node.outputs.front())) return;
    for (const std::size_t side : {0u, 1u}) {
      const ValueId start = node.inputs[side], end = node.inputs[1 - side];
      if (start == end || m_model.weights.contains(start) || !m_graph.value(end).producer.valid()) continue;
      NodeSet branch = between(start, end);
      for (const std::uint32_t layer : m_layerNodes)
        if (branch[layer]) {
          found.push_back({{sum, start}, std::move(branch)});
          return;
        }
    }
  }

  /// Read by nodes of this graph alone, as one of their inputs.
  bool replaceable(ValueId value) const {
    if (std::ranges::find(m_graph.outputs, value) != m_graph.outputs.end()) return false;
    return std::ranges::all_of(m_consumers[value.index],
                               [&](NodeId reader) { return m_graph.node(reader).subgraphs().empty(); });
  }

  /// Nodes that come of `start` and that `end` comes of.
  NodeSet between(ValueId start, ValueId end) const {
    NodeSet after(m_graph.nodes.size()), before(m_graph.nodes.size());
    std::vector<ValueId> open{start};
    while (!open.empty()) {
      const ValueId value = open.back();
      open.pop_back();
      for (const NodeId reader : m_consumers[value.index]) {
        if (after[reader.index]) continue;
        after[reader.index] = true;
        for (const ValueId output : m_graph.node(reader).outputs)
          if (output.valid()) open.push_back(output);
      }
    }
    open = {end};
    while (!open.empty()) {
      const NodeId producer = m_graph.value(open.back()).producer;
      open.pop_back();
      if (!producer.valid() || before[producer.index] || !after[producer.index]) continue;
      before[producer.index] = true;
      for (const ValueId input : m_reads[producer.index])
        if (input.valid()) open.push_back(input);
    }
    return before;
  }

  std::vector<ResidualBlock> ofTheirStartsShape(const std::vector<Candidate>& found) const {
    if (found.empty()) return {};
    RunOptions options;
    for (const Candidate& each : found) {
      options.wanted.push_back(each.block.start);
      options.wanted.push_back(m_graph.node(each.block.sum).outputs.front());
    }
    const RunResult result = Executor(m_model, {}).run(m_model, m_example, options);
    std::vector<ResidualBlock> blocks;
    for (std::size_t i = 0; i < found.size(); ++i)
      if (result.wanted[2 * i].shape() == result.wanted[2 * i + 1].shape()) blocks.push_back(found[i].block);
    return blocks;
  }

  const Model& m_model;
  const Graph& m_graph;
  std::span<const Tensor> m_example;
  std::vector<std::vector<ValueId>> m_reads;
  std::vector<std::vector<NodeId>> m_consumers;
  std::set<std::uint32_t> m_layerNodes;
};

/// By node: whether an output of the graph needs it.
NodeSet neededNodes(const Graph& graph) {
  const auto reads = graph.readsByNode();
  NodeSet needed(graph.nodes.size());
  std::vector<ValueId> open = graph.outputs;
  while (!open.empty()) {
    const ValueId value = open.back();
    open.pop_back();
    const NodeId producer = value.valid() ? graph.value(value).producer : NodeId{};
    if (!producer.valid() || needed[producer.index]) continue;
    needed[producer.index] = true;
    open.insert(open.end(), reads[producer.index].begin(), reads[producer.index].end());
  }
  return needed;
}

/// Of values that nobody reads or makes any more nothing is left to be written.
void dropUnneeded(Graph& graph, std::map<ValueId, Tensor>& weights) {
  const NodeSet needed = neededNodes(graph);
  std::vector<Node> nodes;
  for (Value& value : graph.values) value.producer = {};
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!needed[i]) {
      for (const ValueId output : graph.nodes[i].outputs)
        if (output.valid()) {
          graph.values[output.index].dtype.reset();
          graph.values[output.index].shape.reset();
        }
      continue;
    }
    for (const ValueId output : graph.nodes[i].outputs)
      if (output.valid())
        graph.values[output.index].producer = NodeId{static_cast<std::uint32_t>(nodes.size())};
    nodes.push_back(std::move(graph.nodes[i]));
  }
  graph.nodes = std::move(nodes);
  std::set<ValueId> read(graph.outputs.begin(), graph.outputs.end());
  for (const auto& values : graph.readsByNode()) read.insert(values.begin(), values.end());
  std::erase_if(graph.initializers, [&](const auto& each) { return !read.contains(each.first); });
  std::erase_if(weights, [&](const auto& each) { return !read.contains(each.first); });
}

}  // namespace

std::vector<ResidualBlock> residualBlocks(const Model& model, std::span<const Tensor> example) {
  return BlockSearch(model, example).run();
}

Model withoutBlocks(const Model& model, std::span<const ResidualBlock> blocks) {
  if (blocks.empty()) return model;
  Model made = model;
  Graph graph = *model.graph;
  std::map<ValueId, ValueId> instead;
  for (const ResidualBlock& block : blocks) instead[graph.node(block.sum).outputs.front()] = block.start;
  for (Node& node : graph.nodes)
    for (ValueId& input : node.inputs)
      for (auto it = instead.find(input); it != instead.end(); it = instead.find(input)) input = it->second;
  dropUnneeded(graph, made.weights);
  std::erase_if(made.encodings, [&](const auto& each) { return !made.weights.contains(each.first); });
  made.layers = findLayers(graph);
  made.graph = std::make_shared<const Graph>(std::move(graph));
  return made;
}

}  // namespace lapidary::core
