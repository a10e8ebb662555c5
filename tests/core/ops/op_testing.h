// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that tests of operators share: making a node by hand, running it through the table, comparing
// tensors.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "core/ops/op.h"

namespace lapidary::core::testing {

using Attributes = std::map<std::string, Attribute>;

inline Attribute ints(std::vector<std::int64_t> values) { return values; }
inline Attribute number(std::int64_t value) { return value; }
inline Attribute text(std::string value) { return value; }

/// A node whose inputs are all there unless `given[i]` is undefined.
inline Node makeNode(std::string type, const std::vector<Tensor>& given, Attributes attributes = {},
                     std::size_t outputs = 1, std::string domain = "") {
  Node node;
  node.name = "tested";
  node.opType = std::move(type);
  node.domain = std::move(domain);
  node.attributes = std::move(attributes);
  std::uint32_t next = 0;
  for (const Tensor& tensor : given) {
    node.inputs.push_back(tensor.defined() ? ValueId{next} : ValueId{});
    ++next;
  }
  for (std::size_t i = 0; i < outputs; ++i) node.outputs.push_back(ValueId{next++});
  return node;
}

inline std::vector<Activation> activations(const std::vector<Tensor>& tensors) {
  std::vector<Activation> result;
  for (const Tensor& tensor : tensors) result.push_back(tensor.defined() ? Activation(tensor) : Activation());
  return result;
}

/// Runs the node's operator; throws Error where there is none. Outputs come back plain.
inline std::vector<Tensor> runNode(const Node& node, const std::vector<Tensor>& given,
                                   std::int64_t opset = 17) {
  const Op* op = findOp(node.domain, node.opType);
  if (!op) throw Error(ErrorKind::Unsupported, "no operator " + node.opType);
  const std::vector<Activation> inputs = activations(given);
  const std::vector<Activation> outputs = op->forward(OpCall{node, opset, inputs});
  std::vector<Tensor> plain;
  for (const Activation& output : outputs) plain.push_back(output.defined() ? toPlain(output) : Tensor());
  return plain;
}

/// Runs one operator on the tensors and gives every output.
inline std::vector<Tensor> runOp(const std::string& type, const std::vector<Tensor>& given,
                                 Attributes attributes = {}, std::int64_t opset = 17, std::size_t outputs = 1,
                                 const std::string& domain = "") {
  return runNode(makeNode(type, given, std::move(attributes), outputs, domain), given, opset);
}

/// The first output of `runOp`.
inline Tensor runOne(const std::string& type, const std::vector<Tensor>& given, Attributes attributes = {},
                     std::int64_t opset = 17) {
  return runOp(type, given, std::move(attributes), opset).at(0);
}

/// Uniform in [low, high), the same for the same seed.
inline Tensor randomTensor(Shape shape, unsigned seed, float low = -1, float high = 1) {
  std::mt19937 engine(seed);
  TensorBuilder builder(DType::Float32, std::move(shape));
  for (float& value : builder.as<float>())
    value = low + (high - low) * static_cast<float>(engine() >> 8) / static_cast<float>(1u << 24);
  return std::move(builder).build();
}

/// Distinct values around zero, at least `gap` apart and gap/2 from zero, in random order: no maximum,
/// clip or rectifier changes its branch within a step smaller than that.
inline Tensor separatedTensor(Shape shape, unsigned seed, float gap = 0.1f) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  const auto values = builder.as<float>();
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = gap * (static_cast<float>(i) + 0.5f - static_cast<float>(values.size() / 2));
  std::mt19937 engine(seed);
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[engine() % i]);
  return std::move(builder).build();
}

inline Tensor floats(Shape shape, std::initializer_list<float> values) {
  return Tensor::from<float>(std::move(shape), values);
}
inline Tensor int64s(std::initializer_list<std::int64_t> values) {
  return Tensor::from<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

/// Same dtype, same shape, and every element within atol + rtol * |expected| (equal where both are the
/// same infinity or both not a number); integers must be equal.
inline ::testing::AssertionResult isClose(const Tensor& actual, const Tensor& expected, double rtol = 1e-5,
                                          double atol = 1e-6) {
  if (!actual.defined() || !expected.defined()) return ::testing::AssertionFailure() << "a tensor is missing";
  if (actual.dtype() != expected.dtype())
    return ::testing::AssertionFailure()
           << "dtype " << name(actual.dtype()) << ", expected " << name(expected.dtype());
  if (actual.shape() != expected.shape())
    return ::testing::AssertionFailure()
           << "shape " << toText(actual.shape()) << ", expected " << toText(expected.shape());
  if (!isFloating(actual.dtype())) {
    if (std::ranges::equal(actual.bytes(), expected.bytes())) return ::testing::AssertionSuccess();
    rtol = atol = 0;
  }
  const Tensor a = convert(actual, DType::Float64);
  const Tensor e = convert(expected, DType::Float64);
  for (std::size_t i = 0; i < a.as<double>().size(); ++i) {
    const double got = a.as<double>()[i];
    const double want = e.as<double>()[i];
    if (got == want || (std::isnan(got) && std::isnan(want))) continue;
    if (!(std::abs(got - want) <= atol + rtol * std::abs(want)))
      return ::testing::AssertionFailure() << "element " << i << " is " << got << ", expected " << want;
  }
  return ::testing::AssertionSuccess();
}

/// The element of a float32 tensor as a double, in storage order.
inline double valueAt(const Tensor& tensor, std::int64_t i) {
  return static_cast<double>(tensor.as<float>()[static_cast<std::size_t>(i)]);
}

/// Expects `action` to throw an Error whose message contains `fragment`.
template <class Action>
void expectError(Action&& action, const std::string& fragment) {
  try {
    action();
    ADD_FAILURE() << "no error; one with '" << fragment << "' was expected";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(fragment), std::string::npos) << error.what();
  }
}

}  // namespace lapidary::core::testing
