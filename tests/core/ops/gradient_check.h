// SPDX-License-Identifier: GPL-3.0-or-later
// Checks an operator's backward against central differences of its forward.
#pragma once

#include <string>
#include <vector>

#include "tests/core/ops/op_testing.h"

namespace lapidary::core::testing {

/// A row of a case table: one operator with attributes and inputs, and how exact the check is.
struct GradientCase {
  std::string name;  ///< unique in its table, made of letters and digits
  std::string type;
  std::vector<Tensor> inputs;  ///< Float32 ones are checked, others are held fixed
  Attributes attributes = {};
  std::int64_t opset = 17;
  std::size_t outputs = 1;
  std::vector<std::size_t> fixed = {};  ///< Float32 inputs that have no gradient (Resize's scales, say)
  double tolerance = 5e-3;              ///< of |difference| / (1 + |numeric|)
  float step = 1e-2f;
  std::string domain = {};
};

inline void PrintTo(const GradientCase& row, std::ostream* out) { *out << row.name; }

/// Sum over all outputs of output times weight, in double; `weights` matches the Float32 outputs.
inline double weightedSum(const std::vector<Tensor>& outputs, const std::vector<Tensor>& weights) {
  double sum = 0;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    if (!weights[k].defined()) continue;
    const auto value = outputs[k].as<float>();
    const auto weight = weights[k].as<float>();
    for (std::size_t i = 0; i < value.size(); ++i)
      sum += static_cast<double>(value[i]) * static_cast<double>(weight[i]);
  }
  return sum;
}

/// A copy with element `i` moved by `step`.
inline Tensor nudged(const Tensor& tensor, std::size_t i, float step) {
  TensorBuilder builder(DType::Float32, tensor.shape());
  std::ranges::copy(tensor.as<float>(), builder.as<float>().begin());
  builder.as<float>()[i] += step;
  return std::move(builder).build();
}

/// d(weighted sum of outputs) / d(element i of input k), by central differences.
inline double numericGradient(const GradientCase& row, const Node& node, const std::vector<Tensor>& weights,
                              std::size_t k, std::size_t i) {
  std::vector<Tensor> inputs = row.inputs;
  inputs[k] = nudged(row.inputs[k], i, row.step);
  const double width = static_cast<double>(inputs[k].as<float>()[i]);
  const double up = weightedSum(runNode(node, inputs, row.opset), weights);
  inputs[k] = nudged(row.inputs[k], i, -row.step);
  const double down = weightedSum(runNode(node, inputs, row.opset), weights);
  return (up - down) / (width - static_cast<double>(inputs[k].as<float>()[i]));
}

/// Runs backward with random gradients of every Float32 output and compares each wanted gradient (at
/// most 60 elements of an input, evenly spread) with central differences.
inline void checkGradients(const GradientCase& row) {
  SCOPED_TRACE(row.name);
  const Op* op = findOp(row.domain, row.type);
  ASSERT_NE(op, nullptr) << row.type;
  ASSERT_NE(op->backward, nullptr) << row.type;
  const Node node = makeNode(row.type, row.inputs, row.attributes, row.outputs, row.domain);
  const std::vector<Tensor> outputs = runNode(node, row.inputs, row.opset);
  std::vector<Tensor> weights;
  for (std::size_t k = 0; k < outputs.size(); ++k)
    weights.push_back(outputs[k].defined() && outputs[k].dtype() == DType::Float32
                          ? randomTensor(outputs[k].shape(), 77u + static_cast<unsigned>(k), 0.2f, 1.0f)
                          : Tensor());
  std::vector<bool> wanted(row.inputs.size());
  for (std::size_t k = 0; k < wanted.size(); ++k)
    wanted[k] = row.inputs[k].defined() && row.inputs[k].dtype() == DType::Float32 &&
                row.inputs[k].size() > 0 && std::ranges::find(row.fixed, k) == row.fixed.end();
  const std::vector<Tensor> gradients =
      op->backward(BackwardCall{node, row.opset, row.inputs, outputs, weights, wanted});
  ASSERT_EQ(gradients.size(), row.inputs.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    if (!wanted[k]) {
      EXPECT_FALSE(gradients[k].defined()) << "input " << k << " was not wanted";
      continue;
    }
    ASSERT_TRUE(gradients[k].defined()) << "input " << k;
    ASSERT_EQ(gradients[k].shape(), row.inputs[k].shape()) << "input " << k;
    const auto analytic = gradients[k].as<float>();
    const std::size_t stride = std::max<std::size_t>(1, analytic.size() / 60);
    for (std::size_t i = 0; i < analytic.size(); i += stride) {
      const double numeric = numericGradient(row, node, weights, k, i);
      const double error = std::abs(static_cast<double>(analytic[i]) - numeric) / (1 + std::abs(numeric));
      EXPECT_LE(error, row.tolerance) << "input " << k << " element " << i << ": " << analytic[i]
                                      << " by backward, " << numeric << " by differences";
    }
  }
}

}  // namespace lapidary::core::testing
