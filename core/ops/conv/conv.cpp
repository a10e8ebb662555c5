// SPDX-License-Identifier: GPL-3.0-or-later
// Conv and ConvTranspose: forward, cost, and the table row of each.
#include "core/ops/checks.h"
#include "core/ops/conv/conv_backward.h"
#include "core/ops/conv/conv_columns.h"
#include "core/ops/families.h"
#include "core/ops/kernels/conv_primitive.h"
#include "core/ops/kernels/int8_codes.h"
#include "core/ops/kernels/int8_conv.h"

namespace lapidary::core {
namespace {

using ShapeOf = ConvShape (*)(const Node&, const Shape&, const Shape&);

/// oneDNN computes in Float32; other floating types are converted there and back.
OpCall inFloat32(const OpCall& call, std::vector<Activation>& inputs) {
  inputs.assign(call.inputs.begin(), call.inputs.end());
  inputs[0] = floatInput(call, 0);
  OpCall converted{call.node, call.opset, inputs, call.fusion, call.prepared, call.subgraphs};
  return converted;
}

template <ShapeOf shapeOf>
std::vector<Activation> forward(const OpCall& call) {
  if (!call.has(0) || !call.has(1)) invalid("a convolution needs an input and a weight");
  const ConvShape shape = shapeOf(call.node, call.inputs[0].shape, call.inputs[1].shape);
  if (auto result = runInt8Conv(call, shape)) return {std::move(*result)};
  if (holdsCodes(call)) return withoutCodes(call, forward<shapeOf>);
  std::vector<Activation> inputs;
  if (call.inputs[0].dtype == DType::Float32) return {runConv(call, shape)};
  const Activation result = runConv(inFloat32(call, inputs), shape);
  return {convert(toPlain(result), call.inputs[0].dtype)};
}

template <ShapeOf shapeOf>
std::vector<Tensor> backward(const BackwardCall& call) {
  return convGradients(call, shapeOf(call.node, call.inputs[0].shape(), call.inputs[1].shape()));
}

/// Multiply-adds of every weight with every position it meets, padding included, and the bias.
template <ShapeOf shapeOf>
Cost cost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  const ConvShape shape = shapeOf(node, inputs[0], inputs[1]);
  const auto& positions = shape.transposed ? shape.window.input : shape.window.output;
  double perSample = 2.0 * static_cast<double>(elementCount(inputs[1]));
  for (const std::int64_t size : positions) perSample *= static_cast<double>(size);
  Cost result{perSample * static_cast<double>(shape.batch), floatBytes(inputs) + floatBytes(outputs)};
  if (inputs.size() > 2 && inputs[2] == Shape{shape.outChannels})
    result.flops += static_cast<double>(elementCount(shape.output()));
  return result;
}

template <ShapeOf shapeOf>
constexpr Op row(std::string_view type) {
  return {.domain = "",
          .type = type,
          .forward = forward<shapeOf>,
          .backward = backward<shapeOf>,
          .cost = cost<shapeOf>,
          .takesBlocked = true,
          .fuses = true,
          .takesCodes = true};
}

/// Every element of every column is added once.
Cost columnsCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costPerInput(1, inputs, outputs);
}

/// The products of a convolution; every tap is interpolated between four pixels for each output channel
/// of a group together.
Cost deformCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  const double taps = inputs.size() > 1 && inputs[1].size() > 1
                          ? static_cast<double>(product(inputs[1], 1, inputs[1].size()))
                          : 0;
  return costPerOutput(2 * taps, inputs, outputs);
}

}  // namespace

std::span<const Op> convolutionOps() {
  static constexpr Op ops[] = {
      row<convShape>("Conv"),
      row<convTransposeShape>("ConvTranspose"),
      {.domain = "",
       .type = "Col2Im",
       .forward = columnsToImageForward,
       .cost = columnsCost,
       .sinceOpset = 18},
      {.domain = "",
       .type = "DeformConv",
       .forward = deformConvForward,
       .cost = deformCost,
       .sinceOpset = 19},
  };
  return ops;
}

}  // namespace lapidary::core
