// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/product_models.h"

#include <cmath>
#include <map>

#include "tests/core/run/graph_building.h"
#include "tests/interop/node_cases.h"

namespace lapidary::tests {
namespace {

using core::DType;
using core::Model;
using core::Shape;
using core::Tensor;
using core::TensorBuilder;
using core::ValueId;
using core::testing::GraphBuilder;
using core::testing::randomTensor;

constexpr std::int64_t rows = 6, inputSize = 48, outputSize = 24;

/// The first of its outputs has far larger weights than the others, so that one scale for all of them shows.
Tensor unevenWeight(const Shape& shape, unsigned seed) {
  const Tensor plain = randomTensor(shape, seed, 0.3f);
  const std::size_t inner = shape.size() == 2 ? 1 : static_cast<std::size_t>(plain.size() / outputSize);
  TensorBuilder builder(DType::Float32, shape);
  for (std::size_t i = 0; i < builder.as<float>().size(); ++i)
    builder.as<float>()[i] = plain.as<float>()[i] * (i / inner % outputSize == 0 ? 40.0f : 1.0f);
  return std::move(builder).build();
}

Tensor codesOf(const Tensor& values, int bits) {
  TensorBuilder builder(DType::Int8, values.shape());
  const float steps = static_cast<float>((1 << (bits - 1)) - 1) / 0.3f;
  for (std::size_t i = 0; i < builder.as<std::int8_t>().size(); ++i)
    builder.as<std::int8_t>()[i] = static_cast<std::int8_t>(std::lround(values.as<float>()[i] * steps));
  const Tensor bytes = std::move(builder).build();
  return bits == 4 ? core::convert(bytes, DType::Int4) : bytes;
}

Model finished(GraphBuilder& builder) {
  Model model = builder.model();
  model.source.irVersion = 10;
  model.layers = core::findLayers(*model.graph);
  return model;
}

class EveryProduct {
 public:
  /// `bits` of 0 are floats.
  explicit EveryProduct(int bits, Activations activations = {}) : m_bits(bits), m_activations(activations) {
    for (ValueId* input : {&m_x, &m_xt, &m_image})
      *input = coded(m_b, *input, activations.kind, activations.reach);
    addAll();
    if (activations.kind == Coded::None) return;
    m_followed = true;
    addAll();
  }

  const std::vector<bool>& followed() const { return m_outputs; }

  Model model() { return finished(m_b); }

 private:
  void addAll() {
    addProducts();
    addTied();
    addImages();
    addStored();
  }

  ValueId w(const Shape& shape) {
    ++m_count;
    const Tensor values = randomTensor(shape, m_count, 0.3f);
    const std::string name = "w" + std::to_string(m_count);
    if (m_bits == 0) return m_b.weight(name, values);
    const Tensor scale = randomTensor(shape.size() == 2 ? Shape{shape[1]} : Shape{}, m_count, 0.02f);
    return m_b.node("DequantizeLinear",
                    {m_b.weight(name, codesOf(values, m_bits)), m_b.weight(name + "_scale", scale)});
  }
  ValueId bias() {
    ++m_count;
    return m_b.weight("b" + std::to_string(m_count), randomTensor({outputSize}, m_count));
  }
  /// As quantizers write it: whole numbers of `step`, which should be the product of the steps of activations
  /// and weights, and is not in every file.
  ValueId storedBias(double step) {
    const std::string name = "b" + std::to_string(++m_count);
    std::vector<std::int32_t> codes(static_cast<std::size_t>(outputSize));
    for (std::size_t i = 0; i < codes.size(); ++i)
      codes[i] = static_cast<std::int32_t>(static_cast<double>(i) / 20 / step);
    return m_b.node("DequantizeLinear",
                    {m_b.weight(name, Tensor::from<std::int32_t>({outputSize}, codes)),
                     m_b.weight(name + "_scale", Tensor::scalar(static_cast<float>(step)))});
  }
  ValueId wholeWeight(const Shape& shape, float step) {
    const std::string name = "w" + std::to_string(++m_count);
    return m_b.node("DequantizeLinear",
                    {m_b.weight(name, codesOf(randomTensor(shape, m_count, 0.3f), m_bits)),
                     m_b.weight(name + "_scale", Tensor::scalar(step))});
  }
  void out(const std::string& op, std::vector<ValueId> inputs, Attributes attributes = {}) {
    const ValueId value = m_b.node(op, std::move(inputs), std::move(attributes));
    m_b.output(m_followed ? coded(m_b, value, m_activations.kind, m_activations.outputReach()) : value);
    m_outputs.push_back(m_followed);
  }

  void addProducts() {
    const Shape shape{inputSize, outputSize}, turned{outputSize, inputSize};
    out("Gemm", {m_x, w(shape)});
    out("Gemm", {m_x, w(shape), bias()});
    out("Gemm", {m_x, w(turned), bias()}, {{"transB", whole(1)}});
    out("Gemm", {m_xt, w(shape), bias()}, {{"transA", whole(1)}});
    out("Gemm", {m_xt, w(turned)}, {{"transA", whole(1)}, {"transB", whole(1)}});
    out("Gemm", {m_x, w(shape), bias()}, {{"alpha", 0.5f}, {"beta", 2.0f}});
    out("MatMul", {m_x, w(shape)});
    out("MatMul", {w(turned), m_xt});
    out("MatMul", {m_x, w({2, inputSize, outputSize})});
    out("Add", {m_b.node("MatMul", {m_x, w(shape)}), bias()});
  }

  /// A table that is looked up, and multiplied by after a Transpose.
  void addTied() {
    const ValueId wide = w({inputSize, outputSize}), square = w({inputSize, inputSize}),
                  last = w({inputSize, inputSize});
    for (const ValueId table : {wide, square, last}) out("Gather", {table, m_ids});
    out("Gemm", {m_x, turned(wide)}, {{"transB", whole(1)}});
    out("Gemm", {m_x, turned(square)});
    out("MatMul", {m_x, turned(last)});
  }

  ValueId turned(ValueId value) {
    return m_b.node("Transpose", {value}, {{"perm", core::testing::ints({1, 0})}});
  }

  void addImages() {
    out("Conv", {m_image, w({outputSize, 6, 3, 3}), bias()});
    out("Conv", {m_image, w({outputSize, 6, 1, 1})});
    out("ConvTranspose", {m_image, w({6, outputSize, 3, 3}), bias()});
  }

  /// All of it stored: the form that integer kernels are made for.
  void addStored() {
    if (m_bits == 0 || m_activations.kind == Coded::None) return;
    constexpr float step = 0.3f / 127;
    const double product = 2 * m_activations.reach / 255 * static_cast<double>(step);
    for (const double factor : {1.0, 3.0}) {
      out("Gemm", {m_x, wholeWeight({outputSize, inputSize}, step), storedBias(product * factor)},
          {{"transB", whole(1)}});
      out("Conv", {m_image, wholeWeight({outputSize, 6, 3, 3}, step), storedBias(product * factor)});
    }
    out("Conv", {m_image, wholeWeight({outputSize, 6, 3, 3}, step)});
    out("MatMul", {m_x, wholeWeight({inputSize, outputSize}, step)});
    addScalesOfAxes();
  }

  /// Scales along the axis of the outputs, as quantizers write them, and along the other one.
  void addScalesOfAxes() {
    const auto scaled = [&](const Shape& shape, std::int64_t axis) {
      const std::string name = "w" + std::to_string(++m_count);
      const std::int64_t count = shape[static_cast<std::size_t>(axis)];
      std::vector<float> steps(static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = 0.001f * static_cast<float>(1 + i % 7);
      return m_b.node("DequantizeLinear",
                      {m_b.weight(name, codesOf(randomTensor(shape, m_count, 0.3f), m_bits)),
                       m_b.weight(name + "_scale", Tensor::from<float>({count}, steps))},
                      {{"axis", axis}});
    };
    for (const std::int64_t axis : {0, 1}) {
      const Shape square{inputSize, inputSize};
      out("MatMul", {m_x, scaled(square, axis)});
      out("MatMul", {scaled(square, axis), m_xt});
      for (const std::int64_t b : {0, 1}) {
        out("Gemm", {m_x, scaled(square, axis)}, {{"transB", whole(b)}});
        out("Gemm", {scaled(square, axis), m_xt}, {{"transA", whole(b)}});
      }
      out("Conv", {m_image, scaled({6, 6, 3, 3}, axis)});
      out("ConvTranspose", {m_image, scaled({6, 6, 3, 3}, axis)});
    }
  }

  GraphBuilder m_b{21};
  int m_bits;
  Activations m_activations;
  bool m_followed = false;      ///< whether outputs become codes now
  std::vector<bool> m_outputs;  ///< whether they did, each
  unsigned m_count = 0;
  ValueId m_x = m_b.input("x", {rows, inputSize}), m_xt = m_b.input("xt", {inputSize, rows}),
          m_image = m_b.input("image", {2, 6, 9, 9}), m_ids = m_b.input("ids", {5}, DType::Int64);
};

class Pairs {
 public:
  Pairs() {
    const Shape first{inputSize, outputSize}, second{outputSize, outputSize};
    add("Gemm", m_x, first, second);
    add("MatMul", m_x, first, second);
    add("Conv", m_image, {outputSize, 6, 3, 3}, {outputSize, outputSize, 1, 1});
  }

  Model model() { return finished(m_b); }

 private:
  void add(const std::string& op, ValueId x, const Shape& first, const Shape& second) {
    m_b.output(layer(op, m_b.node("Relu", {layer(op, x, first)}), second));
  }

  ValueId layer(const std::string& op, ValueId x, const Shape& shape) {
    const std::string name = std::to_string(++m_count);
    const ValueId w = m_b.weight("w" + name, unevenWeight(shape, m_count));
    const ValueId b = m_b.weight("b" + name, randomTensor({outputSize}, m_count));
    return op == "MatMul" ? m_b.node("Add", {m_b.node(op, {x, w}), b}) : m_b.node(op, {x, w, b});
  }

  GraphBuilder m_b{17};
  unsigned m_count = 0;
  ValueId m_x = m_b.input("x", {rows, inputSize}), m_image = m_b.input("image", {2, 6, 9, 9});
};

}  // namespace

Tensor activationsFor(const Shape& shape, unsigned seed, bool raw) {
  const Tensor plain = randomTensor(shape, seed), spread = randomTensor(shape, seed + 1, 3);
  TensorBuilder builder(DType::Float32, shape);
  for (std::size_t i = 0; i < builder.as<float>().size(); ++i)
    builder.as<float>()[i] = plain.as<float>()[i] * (raw ? std::pow(10.0f, spread.as<float>()[i]) : 1.0f);
  return std::move(builder).build();
}

Model everyProduct() { return EveryProduct(0).model(); }
Model everyStoredProduct(int bits, const Activations& activations) {
  return EveryProduct(bits, activations).model();
}

std::vector<bool> codedOutputsOfEveryStoredProduct(int bits, const Activations& activations) {
  return EveryProduct(bits, activations).followed();
}

NamedInputs inputsOfEveryProduct(bool raw) {
  return {{"x", activationsFor({rows, inputSize}, 1, raw)},
          {"xt", activationsFor({inputSize, rows}, 3, raw)},
          {"image", activationsFor({2, 6, 9, 9}, 5, raw)},
          {"ids", Tensor::from<std::int64_t>({5}, {0, 47, 3, 11, 30})}};
}

Model tiedByPlainTranspose() {
  GraphBuilder b(17);
  const ValueId ids = b.input("ids", {5}, DType::Int64), x = b.input("x", {rows, inputSize});
  const ValueId table = b.weight("table", randomTensor({inputSize, inputSize}, 1, 0.3f));
  b.output(b.node("Gather", {table, ids}));
  b.output(b.node("MatMul", {x, b.node("Transpose", {table})}));
  return finished(b);
}

NamedInputs inputsOfTied() {
  const NamedInputs all = inputsOfEveryProduct(false);
  return {all.back(), all.front()};
}

Model pairsOfProducts() { return Pairs().model(); }

NamedInputs inputsOfPairs() {
  return {{"x", activationsFor({rows, inputSize}, 1, false)},
          {"image", activationsFor({2, 6, 9, 9}, 5, false)}};
}

}  // namespace lapidary::tests
