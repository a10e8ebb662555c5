// SPDX-License-Identifier: GPL-3.0-or-later
// The table of quantized operators.
#include "core/ops/checks.h"
#include "core/ops/families.h"
#include "core/ops/kernels/quantization.h"
#include "core/ops/matrix/matrix.h"

namespace lapidary::core {
namespace {

/// Depth of the product: the last dimension of A for matrices, input channels times kernel for convolutions.
template <std::size_t weight, bool convolution>
Cost productCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  double depth = 0;
  if (convolution && inputs.size() > weight && inputs[weight].size() > 1)
    depth = static_cast<double>(product(inputs[weight], 1, inputs[weight].size()));
  else if (!convolution && !inputs.empty() && !inputs[0].empty())
    depth = static_cast<double>(inputs[0].back());
  return costPerOutput(2 * depth, inputs, outputs);
}

Cost twoPerOutput(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costPerOutput(2, inputs, outputs);
}

}  // namespace

std::span<const Op> quantizedOps() {
  // The quantizers run in models of any operator set: a recipe puts them there, and the file is raised to
  // the operator set that knows them when it is written.
  static const Op ops[] = {
      {.domain = "", .type = "QuantizeLinear", .forward = quantizeLinearForward, .cost = twoPerOutput},
      {.domain = "",
       .type = "DequantizeLinear",
       .forward = dequantizeLinearForward,
       .backward = dequantizeLinearBackward,
       .cost = twoPerOutput,
       .takesCodes = true},
      {.domain = "",
       .type = "DynamicQuantizeLinear",
       .forward = dynamicQuantizeLinearForward,
       .cost = twoPerOutput},
      {.domain = "",
       .type = "MatMulInteger",
       .forward = matMulIntegerForward,
       .cost = productCost<1, false>,
       .sinceOpset = 10},
      {.domain = "",
       .type = "QLinearMatMul",
       .forward = qLinearMatMulForward,
       .cost = productCost<3, false>,
       .sinceOpset = 10},
      {.domain = "",
       .type = "ConvInteger",
       .forward = convIntegerForward,
       .cost = productCost<1, true>,
       .sinceOpset = 10},
      {.domain = "",
       .type = "QLinearConv",
       .forward = qLinearConvForward,
       .cost = productCost<3, true>,
       .sinceOpset = 10},
      {.domain = "com.microsoft",
       .type = "MatMulNBits",
       .forward = matMulNBitsForward,
       .cost = productCost<3, false>},
  };
  return ops;
}

}  // namespace lapidary::core
