// SPDX-License-Identifier: GPL-3.0-or-later
// Small models by hand for the tests of running: inputs, weights, nodes and outputs by name.
#pragma once

#include <map>
#include <random>
#include <string>

#include "core/run/executor.h"

namespace lapidary::core::testing {

class GraphBuilder {
 public:
  explicit GraphBuilder(std::int64_t opset = 17) { m_model.source.opsets.push_back({"", opset}); }

  /// A declared input; -1 stands for a free dimension.
  ValueId input(const std::string& name, const Shape& shape, DType dtype = DType::Float32) {
    const ValueId id = value(name);
    Value& declared = m_graph.values[id.index];
    declared.dtype = dtype;
    declared.shape.emplace();
    for (const std::int64_t size : shape) {
      declared.shape->push_back({});
      if (size >= 0)
        declared.shape->back().size = size;
      else
        declared.shape->back().symbol = "N";
    }
    m_graph.inputs.push_back(id);
    return id;
  }

  ValueId weight(const std::string& name, const Tensor& tensor) {
    const ValueId id = value(name);
    m_graph.initializers[id] = tensor;
    m_model.weights[id] = tensor;
    return id;
  }

  ValueId node(const std::string& type, std::vector<ValueId> inputs,
               std::map<std::string, Attribute> attributes = {}, const std::string& domain = "") {
    return nodes(type, std::move(inputs), 1, std::move(attributes), domain).front();
  }

  std::vector<ValueId> nodes(const std::string& type, std::vector<ValueId> inputs, std::size_t outputs,
                             std::map<std::string, Attribute> attributes = {},
                             const std::string& domain = "") {
    Node made;
    const NodeId id{static_cast<std::uint32_t>(m_graph.nodes.size())};
    made.name = type + "_" + std::to_string(id.index);
    made.opType = type;
    made.domain = domain;
    made.inputs = std::move(inputs);
    made.attributes = std::move(attributes);
    for (std::size_t i = 0; i < outputs; ++i) {
      made.outputs.push_back(value(made.name + "_output_" + std::to_string(i)));
      m_graph.values[made.outputs.back().index].producer = id;
    }
    m_graph.nodes.push_back(made);
    return made.outputs;
  }

  void output(ValueId id, std::optional<DType> dtype = DType::Float32) {
    m_graph.values[id.index].dtype = dtype;
    m_graph.outputs.push_back(id);
  }

  /// In a subgraph: a value of the graph around it.
  ValueId capture(const std::string& name) {
    m_graph.captured.push_back(value(name));
    return m_graph.captured.back();
  }

  std::string nameOf(ValueId id) const { return m_graph.values[id.index].name; }
  std::shared_ptr<const Graph> graph() {
    m_graph.name = "inner";
    return std::make_shared<const Graph>(m_graph);
  }

  Model model() {
    m_model.graph = std::make_shared<const Graph>(m_graph);
    return m_model;
  }

 private:
  ValueId value(const std::string& name) {
    m_graph.values.push_back({name, std::nullopt, std::nullopt, {}});
    return {static_cast<std::uint32_t>(m_graph.values.size() - 1)};
  }

  Graph m_graph;
  Model m_model;
};

inline Attribute ints(std::vector<std::int64_t> values) { return values; }

/// Uniform in [-1, 1) times `scale`, the same for the same seed.
inline Tensor randomTensor(Shape shape, unsigned seed, float scale = 1) {
  std::mt19937 engine(seed);
  TensorBuilder builder(DType::Float32, std::move(shape));
  for (float& x : builder.as<float>())
    x = scale * (static_cast<float>(engine() >> 8) / static_cast<float>(1u << 23) - 1);
  return std::move(builder).build();
}

inline double largestDifference(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape()) return 1e30;
  double largest = 0;
  for (std::size_t i = 0; i < a.as<float>().size(); ++i)
    largest = std::max(
        largest, std::abs(static_cast<double>(a.as<float>()[i]) - static_cast<double>(b.as<float>()[i])));
  return largest;
}

inline bool sameBits(const Tensor& a, const Tensor& b) {
  return a.dtype() == b.dtype() && a.shape() == b.shape() && std::ranges::equal(a.bytes(), b.bytes());
}

/// A small residual network: conv-bn-relu, a residual block with bn, strided conv with clip, pooling and
/// a linear layer. `values` gives what the tests refer to by name.
struct SmallNet {
  Model model;
  ValueId conv1, conv2, conv3, linear;  ///< weights
  ValueId block;                        ///< output of the residual block
};

inline std::vector<ValueId> normParameters(GraphBuilder& b, const std::string& name, std::int64_t channels,
                                           unsigned seed) {
  TensorBuilder variance(DType::Float32, {channels});
  const Tensor raw = randomTensor({channels}, seed + 3);
  std::ranges::transform(raw.as<float>(), variance.as<float>().begin(), [](float x) { return 0.5f + x * x; });
  return {b.weight(name + ".scale", randomTensor({channels}, seed)),
          b.weight(name + ".bias", randomTensor({channels}, seed + 1)),
          b.weight(name + ".mean", randomTensor({channels}, seed + 2)),
          b.weight(name + ".var", std::move(variance).build())};
}

inline ValueId addNorm(GraphBuilder& b, const std::string& name, ValueId x, std::int64_t channels,
                       unsigned seed) {
  std::vector<ValueId> inputs{x};
  const auto parameters = normParameters(b, name, channels, seed);
  inputs.insert(inputs.end(), parameters.begin(), parameters.end());
  return b.node("BatchNormalization", inputs);
}

inline SmallNet smallNet() {
  GraphBuilder b;
  SmallNet net;
  const auto pads = std::map<std::string, Attribute>{{"pads", ints({1, 1, 1, 1})}};
  const ValueId x = b.input("x", {-1, 3, 8, 8});
  net.conv1 = b.weight("conv1", randomTensor({8, 3, 3, 3}, 1, 0.4f));
  net.conv2 = b.weight("conv2", randomTensor({8, 8, 3, 3}, 2, 0.3f));
  net.conv3 = b.weight("conv3", randomTensor({12, 8, 3, 3}, 3, 0.3f));
  net.linear = b.weight("linear", randomTensor({5, 12}, 4));
  const ValueId first = b.node("Relu", {addNorm(b, "bn1", b.node("Conv", {x, net.conv1}, pads), 8, 10)});
  const ValueId second = addNorm(b, "bn2", b.node("Conv", {first, net.conv2}, pads), 8, 20);
  net.block = b.node("Relu", {b.node("Add", {second, first})});
  const ValueId low = b.weight("low", Tensor::scalar<float>(0.0f)),
                high = b.weight("high", Tensor::scalar<float>(6.0f));
  const ValueId third = b.node("Conv", {net.block, net.conv3, b.weight("conv3.bias", randomTensor({12}, 5))},
                               {{"strides", ints({2, 2})}});
  const ValueId pooled = b.node("GlobalAveragePool", {b.node("Clip", {third, low, high})});
  const ValueId flat = b.node("Flatten", {pooled});
  b.output(b.node("Gemm", {flat, net.linear, b.weight("linear.bias", randomTensor({5}, 6))},
                  {{"transB", std::int64_t{1}}}));
  net.model = b.model();
  return net;
}

}  // namespace lapidary::core::testing
