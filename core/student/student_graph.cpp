// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/student/student_graph.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t mostParameters = 100'000'000;

std::vector<Dimension> declared(const Shape& sample) {
  std::vector<Dimension> shape{{std::nullopt, "N"}};
  for (const std::int64_t size : sample) shape.push_back({size, ""});
  return shape;
}

Attribute ints(const Shape& values) { return std::vector<std::int64_t>(values); }

bool channelsLast(const Shape& sample) { return sample.size() == 3 && sample[2] <= 4 && sample[0] > 4; }

}  // namespace

StudentGraph::StudentGraph(const StudentTask& task, std::uint64_t seed) : m_task(task), m_weights(seed) {
  m_graph.name = "student";
  m_names.take(task.output);
  m_input = addValue(task.input);
  m_graph.values[m_input.index].dtype = task.dtype;
  m_graph.values[m_input.index].shape = declared(task.sample);
  m_graph.inputs = {m_input};
}

ValueId StudentGraph::addValue(const std::string& wanted) {
  Value value;
  value.name = m_names.fresh(wanted);
  m_graph.values.push_back(std::move(value));
  return ValueId{static_cast<std::uint32_t>(m_graph.values.size() - 1)};
}

ValueId StudentGraph::node(const std::string& op, const std::string& name, std::vector<ValueId> inputs,
                           std::map<std::string, Attribute> attributes) {
  Node made;
  made.name = name;
  made.opType = op;
  made.inputs = std::move(inputs);
  made.attributes = std::move(attributes);
  const ValueId output = addValue(name);
  made.outputs = {output};
  m_graph.values[output.index].producer = NodeId{static_cast<std::uint32_t>(m_graph.nodes.size())};
  m_graph.nodes.push_back(std::move(made));
  return output;
}

ValueId StudentGraph::constant(const std::string& name, const Tensor& tensor) {
  const ValueId id = addValue(name);
  m_graph.values[id.index].dtype = tensor.dtype();
  m_graph.initializers.emplace(id, tensor);
  return id;
}

ValueId StudentGraph::reshaped(const std::string& name, ValueId x, const Shape& shape) {
  const ValueId to =
      constant(name + ".shape", Tensor::from<std::int64_t>({static_cast<std::int64_t>(shape.size())}, shape));
  return node("Reshape", name, {x, to});
}

void StudentGraph::count(const Shape& shape) {
  std::int64_t size = 1;
  for (const std::int64_t axis : shape) {
    if (axis > mostParameters)
      size = mostParameters;
    else
      size = std::min(mostParameters + 1, size * axis);
  }
  m_parameters += size;
  if (m_parameters > mostParameters)
    throw Error(ErrorKind::InvalidInput,
                "student: it would have more than 100 million parameters: make it narrower");
}

ValueId StudentGraph::weight(const std::string& name, const Shape& shape, double deviation) {
  count(shape);
  return constant(name, m_weights.normal(shape, deviation));
}

Tensor StudentGraph::drawn(const Shape& shape, std::int64_t inputs, std::int64_t outputs, Follows follows) {
  count(shape);
  return follows == Follows::Relu ? m_weights.he(shape, inputs) : m_weights.glorot(shape, inputs, outputs);
}

ValueId StudentGraph::dense(const std::string& name, ValueId x, std::int64_t inputs, std::int64_t outputs,
                            Follows follows) {
  const Shape shape{outputs, inputs};
  const Tensor w = drawn(shape, inputs, outputs, follows);
  return node("Gemm", name,
              {x, constant(name + ".weight", w), constant(name + ".bias", filled({outputs}, 0))},
              {{"transB", std::int64_t{1}}});
}

ValueId StudentGraph::product(const std::string& name, ValueId x, std::int64_t inputs, std::int64_t outputs,
                              Follows follows) {
  const Shape shape{inputs, outputs};
  const Tensor w = drawn(shape, inputs, outputs, follows);
  const ValueId product = node("MatMul", name, {x, constant(name + ".weight", w)});
  return node("Add", name + ".sum", {product, constant(name + ".bias", filled({outputs}, 0))});
}

ValueId StudentGraph::conv(const std::string& name, const Plane& x, std::int64_t outputs, const Shape& kernel,
                           const Shape& strides, const Shape& pads, Follows follows) {
  Shape shape{outputs, x.channels};
  shape.insert(shape.end(), kernel.begin(), kernel.end());
  std::int64_t inputs = x.channels;
  for (const std::int64_t size : kernel) inputs *= size;
  const Tensor w = drawn(shape, inputs, outputs, follows);
  return node("Conv", name,
              {x.value, constant(name + ".weight", w), constant(name + ".bias", filled({outputs}, 0))},
              {{"kernel_shape", ints(kernel)}, {"strides", ints(strides)}, {"pads", ints(pads)}});
}

ValueId StudentGraph::layerNorm(const std::string& name, ValueId x, std::int64_t width) {
  return node(
      "LayerNormalization", name,
      {x, constant(name + ".scale", filled({width}, 1)), constant(name + ".bias", filled({width}, 0))},
      {{"axis", std::int64_t{-1}}, {"epsilon", 1e-5f}});
}

ValueId StudentGraph::embedded(std::int64_t width) {
  return node("Gather", "embedding", {weight("embedding.weight", {m_task.vocabulary, width}, 0.1), m_input});
}

ValueId StudentGraph::floats() {
  if (m_task.dtype == DType::Float32) return m_input;
  return node("Cast", "as_float", {m_input}, {{"to", std::int64_t{1}}});  // TensorProto.FLOAT
}

Plane StudentGraph::plane() {
  const Shape& sample = m_task.sample;
  if (sample.empty() || sample.size() > 3)
    throw Error(ErrorKind::Unsupported, "student: an input of " + toText(sample) +
                                            " a sample is no picture, table or signal: choose mlp");
  if (channelsLast(sample))
    return {node("Transpose", "channels_first", {floats()}, {{"perm", ints({0, 3, 1, 2})}}),
            sample[2],
            {sample[0], sample[1]}};
  if (sample.size() == 3) return {floats(), sample[0], {sample[1], sample[2]}};
  Shape shape{0, 1};
  shape.insert(shape.end(), sample.begin(), sample.end());
  return {reshaped("one_channel", floats(), shape), 1, sample};
}

Model StudentGraph::finish(ValueId scores) {
  if (m_task.probabilities) scores = node("Softmax", "softmax", {scores}, {{"axis", std::int64_t{-1}}});
  Value& output = m_graph.values[scores.index];
  output.name = m_task.output;
  output.dtype = DType::Float32;
  output.shape = declared({m_task.classes});
  m_graph.outputs = {scores};
  Model model;
  model.weights = m_graph.initializers;
  model.layers = findLayers(m_graph);
  model.graph = std::make_shared<const Graph>(std::move(m_graph));
  model.source.format = "ONNX";
  model.source.irVersion = 8;
  model.source.opsets = {{"", 17}};
  model.source.producer = "Lapidary";
  return model;
}

}  // namespace lapidary::core
