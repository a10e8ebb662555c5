// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/layout_models.h"

#include <cmath>
#include <map>
#include <numeric>

#include "tests/core/run/graph_building.h"
#include "tests/interop/node_cases.h"

namespace lapidary::tests {
namespace {

using core::DType;
using core::Model;
using core::Shape;
using core::Tensor;
using core::ValueId;
using core::testing::GraphBuilder;
using core::testing::ints;
using core::testing::randomTensor;

class EveryOperator {
 public:
  static constexpr std::int64_t rows = 4, width = 32, outputs = 24, channels = 4;

  EveryOperator(std::string layout, const Activations& activations)
      : m_layout(std::move(layout)), m_activations(activations) {
    for (ValueId* input : {&m_x, &m_xt, &m_line, &m_image, &m_volume, &m_steps})
      *input = coded(m_b, *input, activations.kind, activations.reach);
    addAll();
    if (activations.kind == Coded::None) return;
    m_followed = true;
    addAll();
  }

  std::size_t weights() const { return m_weights; }
  const std::vector<bool>& followed() const { return m_outputs; }

  Model model() {
    Model model = m_b.model();
    model.source.irVersion = 10;
    model.source.opsets.push_back({microsoft, 1});
    model.layers = core::findLayers(*model.graph);
    return model;
  }

 private:
  void addAll() {
    addProducts();
    addConvolutions();
    addTables();
    addRecurrent();
    addFused();
  }

  ValueId constant(const Tensor& tensor) { return m_b.node("Constant", {}, {{"value", tensor}}); }
  ValueId initialiser(const Tensor& tensor) { return m_b.weight("w" + std::to_string(++m_count), tensor); }

  /// A weight of this shape in the layout of the model.
  ValueId w(const Shape& shape) {
    ++m_weights;
    const Tensor values = randomTensor(shape, ++m_count, 0.3f);
    if (m_layout == "Constant") return constant(values);
    if (m_layout == "Identity") return m_b.node("Identity", {initialiser(values)});
    if (m_layout == "Reshape")
      return m_b.node("Reshape", {initialiser(values.reshaped({values.size()})),
                                  m_b.weight("shape" + std::to_string(++m_count), dims(shape))});
    if (m_layout == "Cast")
      return m_b.node("Cast", {initialiser(core::convert(values, DType::Float16))}, {{"to", whole(1)}});
    if (m_layout == "Transpose") {
      std::vector<std::int64_t> axes(shape.size());
      std::iota(axes.rbegin(), axes.rend(), 0);
      Shape turned(shape.rbegin(), shape.rend());
      return m_b.node("Transpose", {initialiser(randomTensor(turned, m_count, 0.3f))}, {{"perm", axes}});
    }
    return initialiser(values);
  }

  static Tensor dims(const Shape& shape) {
    core::TensorBuilder builder(DType::Int64, {static_cast<std::int64_t>(shape.size())});
    std::ranges::copy(shape, builder.as<std::int64_t>().begin());
    return std::move(builder).build();
  }

  ValueId bias(std::int64_t size = outputs) {
    ++m_count;
    return m_b.weight("b" + std::to_string(m_count), randomTensor({size}, m_count));
  }

  void out(const std::string& op, const std::vector<ValueId>& inputs, const Attributes& attributes = {},
           const std::string& domain = "") {
    give(m_b.node(op, inputs, attributes, domain));
  }

  void give(ValueId value) {
    m_b.output(m_followed ? coded(m_b, value, m_activations.kind, m_activations.outputReach()) : value);
    m_outputs.push_back(m_followed);
  }

  /// What reads a weight once, or in the layout "Shared" twice, the second time from other data.
  void product(const std::string& op, ValueId x, ValueId weight, std::vector<ValueId> more = {},
               const Attributes& attributes = {}, const std::string& domain = "") {
    std::vector<ValueId> inputs{x, weight};
    inputs.insert(inputs.end(), more.begin(), more.end());
    out(op, inputs, attributes, domain);
    if (m_layout != "Shared") return;
    const ValueId other = m_b.node("Neg", {x});
    inputs.front() = m_followed ? coded(m_b, other, m_activations.kind, m_activations.reach) : other;
    out(op, inputs, attributes, domain);
  }

  void addProducts() {
    for (const std::int64_t a : {0, 1})
      for (const std::int64_t b : {0, 1})
        for (const float scale : {1.0f, 0.5f})
          product("Gemm", a != 0 ? m_xt : m_x, w(b != 0 ? Shape{outputs, width} : Shape{width, outputs}),
                  {bias()},
                  {{"transA", whole(a)}, {"transB", whole(b)}, {"alpha", scale}, {"beta", 1 / scale}});
    product("Gemm", m_x, w({width, outputs}));
    product("MatMul", m_x, w({width, outputs}));
    product("MatMul", m_x, w({2, width, outputs}));
    out("MatMul", {w({outputs, width}), m_xt});
    out("Add", {m_b.node("MatMul", {m_x, w({width, outputs})}), bias()});
    product("Einsum", m_x, w({width, outputs}), {}, {{"equation", std::string("nk,km->nm")}});
    product("Einsum", m_x, w({outputs, width}), {}, {{"equation", std::string("nk,mk->nm")}});
  }

  void addConvolutions() {
    for (const auto& [x, rank] : {std::pair{m_line, 1}, {m_image, 2}, {m_volume, 3}}) {
      const auto kernel = [&](std::int64_t first, std::int64_t second) {
        Shape shape{first, second};
        shape.resize(static_cast<std::size_t>(rank) + 2, 3);
        return shape;
      };
      product("Conv", x, w(kernel(outputs, channels)), {bias()});
      product("Conv", x, w(kernel(outputs, channels)));
      product("Conv", x, w(kernel(2 * channels, 1)), {bias(2 * channels)}, {{"group", whole(channels)}});
      product("ConvTranspose", x, w(kernel(channels, outputs)), {bias()});
    }
    out("Relu", {m_b.node("Conv", {m_image, w({outputs, channels, 1, 1}), bias()})});
  }

  void addTables() {
    out("Gather", {w({width, outputs}), m_ids});
    out("Gather", {w({outputs, width}), m_ids}, {{"axis", whole(1)}});
  }

  void addRecurrent() {
    for (const auto& [op, gates] : {std::pair{"RNN", 1}, {"GRU", 3}, {"LSTM", 4}})
      out(op,
          {m_steps, w({1, gates * 8, width}), w({1, gates * 8, 8}),
           initialiser(randomTensor({1, 2 * gates * 8}, ++m_count))},
          {{"hidden_size", whole(8)}});
  }

  void addFused() {
    product("FusedMatMul", m_x, w({outputs, width}), {}, {{"transB", whole(1)}, {"alpha", 0.5f}}, microsoft);
    product("FusedMatMul", m_x, w({width, outputs}), {}, {}, microsoft);
    product("FusedGemm", m_x, w({width, outputs}), {bias()}, {{"activation", std::string("Relu")}},
            microsoft);
    product("FusedConv", m_image, w({outputs, channels, 3, 3}), {bias()},
            {{"activation", std::string("Relu")}}, microsoft);
  }

  const std::string microsoft = "com.microsoft";
  std::string m_layout;
  Activations m_activations;
  bool m_followed = false;      ///< whether outputs become codes now
  std::vector<bool> m_outputs;  ///< whether they did, each
  GraphBuilder m_b{21};
  unsigned m_count = 0;
  std::size_t m_weights = 0;
  ValueId m_x = m_b.input("x", {rows, width}), m_xt = m_b.input("xt", {width, rows}),
          m_line = m_b.input("line", {2, channels, 9}), m_image = m_b.input("image", {2, channels, 7, 7}),
          m_volume = m_b.input("volume", {1, channels, 5, 5, 5}), m_steps = m_b.input("steps", {3, 2, width}),
          m_ids = m_b.input("ids", {5}, DType::Int64);
};

}  // namespace

const std::vector<std::string>& weightLayouts() {
  static const std::vector<std::string> all{"Initialiser", "Constant", "Transpose", "Reshape",
                                            "Cast",        "Identity", "Shared"};
  return all;
}

Model everyOperator(const std::string& layout, const Activations& activations) {
  return EveryOperator(layout, activations).model();
}

std::size_t layersOfEveryOperator(const std::string& layout, const Activations& activations) {
  return EveryOperator(layout, activations).weights();
}

std::vector<bool> codedOutputsOfEveryOperator(const std::string& layout, const Activations& activations) {
  return EveryOperator(layout, activations).followed();
}

NamedInputs inputsOfEveryOperator(bool raw) {
  using All = EveryOperator;
  return {{"x", activationsFor({All::rows, All::width}, 1, raw)},
          {"xt", activationsFor({All::width, All::rows}, 3, raw)},
          {"line", activationsFor({2, All::channels, 9}, 5, raw)},
          {"image", activationsFor({2, All::channels, 7, 7}, 7, raw)},
          {"volume", activationsFor({1, All::channels, 5, 5, 5}, 9, raw)},
          {"steps", activationsFor({3, 2, All::width}, 11, raw)},
          {"ids", Tensor::from<std::int64_t>({5}, {0, 31, 3, 11, 30})}};
}

}  // namespace lapidary::tests
