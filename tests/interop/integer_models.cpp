// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/integer_models.h"

#include "core/compress/quantize/activation_range.h"

namespace lapidary::tests {
namespace {

using core::Attribute;
using core::DType;
using core::Model;
using core::Shape;
using core::Tensor;
using core::ValueId;
using core::testing::GraphBuilder;

class EveryIntegerOperator {
 public:
  static constexpr std::int64_t rows = 5, width = 32, outputs = 24, channels = 4;

  EveryIntegerOperator() {
    for (const bool isSigned : {true, false})
      for (const bool each : {false, true}) add(isSigned, each);
    addDynamic();
  }

  std::size_t weights() const { return m_weights; }
  const std::vector<bool>& followed() const { return m_outputs; }

  Model model() {
    Model model = m_b.model();
    model.source.irVersion = 10;
    model.layers = core::findLayers(*model.graph);
    return model;
  }

 private:
  struct Grid {
    ValueId scale, zero;
  };

  std::string fresh(const std::string& stem) { return stem + std::to_string(++m_count); }

  Grid gridOf(double reach) {
    const core::ActivationCodes codes = core::codesFor({-reach, reach});
    return {m_b.weight(fresh("scale"), Tensor::scalar(codes.scale)),
            m_b.weight(fresh("zero"), Tensor::scalar(codes.zeroPoint))};
  }

  /// Codes of a weight: about 0 where they are signed, about 120 else.
  ValueId codes(const Shape& shape, bool isSigned) {
    ++m_weights;
    const Tensor values = core::testing::randomTensor(shape, ++m_count, 100);
    if (isSigned) return m_b.weight(fresh("w"), core::convert(values, DType::Int8));
    std::vector<float> moved(values.as<float>().begin(), values.as<float>().end());
    for (float& value : moved) value += 120;
    return m_b.weight(fresh("w"), core::convert(Tensor::from<float>(shape, moved), DType::UInt8));
  }

  /// Of one channel or of `count`.
  Grid weightGrid(std::int64_t count, bool isSigned) {
    const Shape shape = count == 1 ? Shape{} : Shape{count};
    std::vector<float> scales(static_cast<std::size_t>(count)), zeros(scales.size(), isSigned ? 0.f : 120.f);
    for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = 0.002f + 0.0001f * static_cast<float>(i);
    return {m_b.weight(fresh("ws"), Tensor::from<float>(shape, scales)),
            m_b.weight(fresh("wz"), core::convert(Tensor::from<float>(shape, zeros),
                                                  isSigned ? DType::Int8 : DType::UInt8))};
  }

  ValueId bias() {
    std::vector<std::int32_t> values(static_cast<std::size_t>(outputs));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int32_t>(i) * 1500 - 17000;
    return m_b.weight(fresh("b"), Tensor::from<std::int32_t>({outputs}, values));
  }

  void give(ValueId value, bool codes) {
    m_b.output(codes ? m_b.node("DequantizeLinear", {value, m_out.scale, m_out.zero}) : value);
    m_outputs.push_back(codes);
  }
  void giveWhole(ValueId integers) { give(m_b.node("Cast", {integers}, {{"to", std::int64_t{1}}}), false); }

  void add(bool isSigned, bool each) {
    const std::int64_t count = each ? outputs : 1;
    const Shape kernel{outputs, channels, 3, 3}, matrix{width, outputs}, turned{outputs, width};
    Grid g = weightGrid(count, isSigned);
    give(m_b.node("QLinearConv", {m_image, m_grid.scale, m_grid.zero, codes(kernel, isSigned), g.scale,
                                  g.zero, m_out.scale, m_out.zero, bias()}),
         true);
    g = weightGrid(count, isSigned);
    give(m_b.node("QLinearMatMul", {m_x, m_grid.scale, m_grid.zero, codes(matrix, isSigned), g.scale, g.zero,
                                    m_out.scale, m_out.zero}),
         true);
    g = weightGrid(count, isSigned);
    giveWhole(m_b.node("MatMulInteger", {m_x, codes(matrix, isSigned), m_grid.zero, g.zero}));
    if (each) return;
    g = weightGrid(1, isSigned);
    giveWhole(m_b.node("ConvInteger", {m_image, codes(kernel, isSigned), m_grid.zero, g.zero}));
    g = weightGrid(1, isSigned);
    giveWhole(m_b.node("MatMulInteger", {codes(turned, isSigned), m_xt, g.zero, m_grid.zero}));
  }

  /// As dynamic quantizers write a product: its codes are those of the run, its scale stands in the file.
  void addDynamic() {
    const auto parts = m_b.nodes("DynamicQuantizeLinear", {m_floats}, 3);
    const Grid g = weightGrid(1, true);
    const ValueId whole =
        m_b.node("MatMulInteger", {parts[0], codes({width, outputs}, true), parts[2], g.zero});
    give(m_b.node("Mul", {m_b.node("Cast", {whole}, {{"to", std::int64_t{1}}}),
                          m_b.node("Mul", {parts[1], g.scale})}),
         false);
  }

  ValueId coded(ValueId value) { return m_b.node("QuantizeLinear", {value, m_grid.scale, m_grid.zero}); }

  GraphBuilder m_b{21};
  unsigned m_count = 0;
  std::size_t m_weights = 0;
  std::vector<bool> m_outputs;
  Grid m_grid = gridOf(activationsOfEveryIntegerOperator().reach),
       m_out = gridOf(activationsOfEveryIntegerOperator().outputReach());
  ValueId m_floats = m_b.input("x", {rows, width}), m_x = coded(m_floats),
          m_xt = coded(m_b.input("xt", {width, rows})),
          m_image = coded(m_b.input("image", {2, channels, 7, 7}));
};

/// Nodes without weights, each with codes before it, and behind it too. Not Add and AveragePool: ONNX Runtime
/// rounds them otherwise, so that a fifth of the codes are one apart.
class EveryNodeBetween {
 public:
  static constexpr std::int64_t samples = 2, channels = 4, size = 6;

  explicit EveryNodeBetween(const Activations& activations) : m_activations(activations) {
    for (ValueId* input : {&m_x, &m_other}) *input = coded(m_b, *input, activations.kind, activations.reach);
    addAll();
    m_followed = true;
    addAll();
  }

  const std::vector<bool>& followed() const { return m_outputs; }

  Model model() {
    Model model = m_b.model();
    model.source.irVersion = 10;
    model.layers = core::findLayers(*model.graph);
    return model;
  }

 private:
  void out(const std::string& op, std::vector<ValueId> inputs,
           const std::map<std::string, Attribute>& attributes = {}) {
    const ValueId value = m_b.node(op, std::move(inputs), attributes);
    m_b.output(m_followed ? coded(m_b, value, m_activations.kind, m_activations.outputReach()) : value);
    m_outputs.push_back(m_followed);
  }
  ValueId whole(std::vector<std::int64_t> values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return m_b.weight("n" + std::to_string(++m_count), Tensor::from<std::int64_t>({count}, values));
  }
  ValueId number(float value) { return m_b.weight("n" + std::to_string(++m_count), Tensor::scalar(value)); }

  void addAll() {
    for (const char* op : {"Relu", "Neg", "Flatten", "Transpose", "GlobalAveragePool", "Sigmoid", "Identity"})
      out(op, {m_x});
    out("LeakyRelu", {m_x}, {{"alpha", 0.1f}});
    out("Clip", {m_x, number(-0.5f), number(0.5f)});
    const auto window = core::testing::ints({2, 2});
    out("MaxPool", {m_x}, {{"kernel_shape", window}});
    out("Reshape", {m_x, whole({samples, -1})});
    out("Unsqueeze", {m_x, whole({0})});
    out("Squeeze", {m_b.node("Unsqueeze", {m_x, whole({0})}), whole({0})});
    out("Mul", {m_x, m_other});
    out("Concat", {m_x, m_other}, {{"axis", std::int64_t{1}}});
  }

  GraphBuilder m_b{21};
  Activations m_activations;
  bool m_followed = false;
  unsigned m_count = 0;
  std::vector<bool> m_outputs;
  ValueId m_x = m_b.input("x", {samples, channels, size, size}),
          m_other = m_b.input("other", {samples, channels, size, size});
};

}  // namespace

Model everyNodeBetweenCodes(const Activations& activations) { return EveryNodeBetween(activations).model(); }

std::vector<bool> codedOutputsOfEveryNodeBetweenCodes(const Activations& activations) {
  return EveryNodeBetween(activations).followed();
}

NamedInputs inputsOfEveryNodeBetweenCodes(bool raw) {
  using All = EveryNodeBetween;
  const Shape shape{All::samples, All::channels, All::size, All::size};
  return {{"x", activationsFor(shape, 1, raw)}, {"other", activationsFor(shape, 3, raw)}};
}

Activations activationsOfEveryIntegerOperator() { return {Coded::Static, 1}; }

Model everyIntegerOperator() { return EveryIntegerOperator().model(); }

std::size_t layersOfEveryIntegerOperator() { return EveryIntegerOperator().weights(); }

std::vector<bool> codedOutputsOfEveryIntegerOperator() { return EveryIntegerOperator().followed(); }

NamedInputs inputsOfEveryIntegerOperator(bool raw) {
  using All = EveryIntegerOperator;
  return {{"x", activationsFor({All::rows, All::width}, 1, raw)},
          {"xt", activationsFor({All::width, All::rows}, 3, raw)},
          {"image", activationsFor({2, All::channels, 7, 7}, 5, raw)}};
}

}  // namespace lapidary::tests
