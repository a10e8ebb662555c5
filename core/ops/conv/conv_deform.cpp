// SPDX-License-Identifier: GPL-3.0-or-later
// DeformConv: a convolution whose taps each are moved by an offset of their own (Dai et al. 2017), and
// weighted by a mask (Zhu et al. 2019).
#include <cmath>

#include "core/ops/checks.h"
#include "core/ops/conv/conv_columns.h"
#include "core/ops/kernels/gemm_kernel.h"
#include "core/ops/kernels/window.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

struct Deformation {
  Window window;
  std::int64_t batch, channels, outputs, groups, offsetGroups;
  Tensor x, weight, offset, bias, mask;  ///< Float32; bias and mask may be undefined

  std::int64_t taps() const { return window.kernel[0] * window.kernel[1]; }
  std::int64_t positions() const { return window.output[0] * window.output[1]; }
  std::int64_t pixels() const { return window.input[0] * window.input[1]; }
};

void requireShape(const Tensor& tensor, std::size_t input, const char* what, const Shape& expected) {
  if (tensor.shape() != expected)
    failInput(input, what, "has shape " + toText(tensor.shape()) + ", " + toText(expected) + " was expected");
}

std::int64_t divisor(const Node& node, const char* key, std::int64_t of) {
  const std::int64_t value = node.intOr(key, 1);
  if (value < 1 || of % value != 0)
    failAttribute(key, "is " + std::to_string(value) + ", which does not divide " + std::to_string(of));
  return value;
}

Deformation deformationOf(const OpCall& call) {
  Deformation d{{}, 0, 0, 0, 0, 0, floatInput(call, 0), floatInput(call, 1), floatInput(call, 2), {}, {}};
  if (d.x.rank() != 4 || d.weight.rank() != 4)
    unsupported("a deformable convolution of " + toText(d.x.shape()) + " by " + toText(d.weight.shape()) +
                ": only two spatial dimensions are possible");
  const Shape kernel(d.weight.shape().begin() + 2, d.weight.shape().end());
  if (call.node.intsOr("kernel_shape", kernel) != kernel)
    failAttribute("kernel_shape", "is not the weight's " + toText(kernel));
  d.window = windowOf(call.node, d.x.shape(), kernel);
  d.batch = d.x.shape()[0];
  d.channels = d.x.shape()[1];
  d.outputs = d.weight.shape()[0];
  d.groups = divisor(call.node, "group", d.channels);
  divisor(call.node, "group", d.outputs);
  d.offsetGroups = divisor(call.node, "offset_group", d.channels);
  requireShape(d.weight, 1, "W", {d.outputs, d.channels / d.groups, kernel[0], kernel[1]});
  Shape perTap{d.batch, d.offsetGroups * d.taps(), d.window.output[0], d.window.output[1]};
  if (call.has(4)) requireShape(d.mask = floatInput(call, 4), 4, "mask", perTap);
  perTap[1] *= 2;
  requireShape(d.offset, 2, "offset", perTap);
  if (call.has(3)) requireShape(d.bias = floatInput(call, 3), 3, "B", {d.outputs});
  return d;
}

/// Between the four pixels around a position; zero outside.
float between(const float* plane, const Window& window, float y, float x) {
  const auto height = static_cast<float>(window.input[0]), width = static_cast<float>(window.input[1]);
  if (!(y > -1 && y < height && x > -1 && x < width)) return 0;
  const float top = std::floor(y), left = std::floor(x);
  const float down = y - top, across = x - left;
  const auto at = [&](float row, float column) {
    if (row < 0 || row >= height || column < 0 || column >= width) return 0.0f;
    return plane[static_cast<std::int64_t>(row) * window.input[1] + static_cast<std::int64_t>(column)];
  };
  return (1 - down) * ((1 - across) * at(top, left) + across * at(top, left + 1)) +
         down * ((1 - across) * at(top + 1, left) + across * at(top + 1, left + 1));
}

/// One tap of one channel at all positions: a row of the matrix that the weights multiply.
void fillRow(const Deformation& d, std::int64_t n, std::int64_t channel, std::int64_t tap, float* row) {
  const Window& w = d.window;
  const float* plane = d.x.as<float>().data() + (n * d.channels + channel) * d.pixels();
  const std::int64_t group = channel / (d.channels / d.offsetGroups);
  const std::int64_t first = (n * d.offsetGroups + group) * d.taps() + tap;
  const float* shift = d.offset.as<float>().data() + 2 * first * d.positions();  // all y, then all x
  const float* mask = d.mask.defined() ? d.mask.as<float>().data() + first * d.positions() : nullptr;
  for (std::int64_t i = 0; i < d.positions(); ++i) {
    const std::int64_t oy = i / w.output[1], ox = i % w.output[1];
    const auto y = static_cast<float>(oy * w.stride[0] - w.padBegin[0] + tap / w.kernel[1] * w.dilation[0]);
    const auto x = static_cast<float>(ox * w.stride[1] - w.padBegin[1] + tap % w.kernel[1] * w.dilation[1]);
    row[i] = between(plane, w, y + shift[i], x + shift[i + d.positions()]) * (mask ? mask[i] : 1.0f);
  }
}

}  // namespace

std::vector<Activation> deformConvForward(const OpCall& call) {
  const Deformation d = deformationOf(call);
  const Shape shape = checkedShape({d.batch, d.outputs, d.window.output[0], d.window.output[1]});
  const std::int64_t perGroup = d.channels / d.groups, depth = perGroup * d.taps();
  TensorBuilder out(DType::Float32, shape), columns(DType::Float32, checkedShape({depth, d.positions()}));
  float* y = out.as<float>().data();
  const std::int64_t rows = d.outputs / d.groups;
  for (std::int64_t g = 0; g < d.batch * d.groups; ++g, y += rows * d.positions()) {
    for (std::int64_t r = 0; r < depth; ++r)
      fillRow(d, g / d.groups, g % d.groups * perGroup + r / d.taps(), r % d.taps(),
              columns.as<float>().data() + r * d.positions());
    multiply({.m = rows,
              .n = d.positions(),
              .k = depth,
              .a = d.weight.as<float>().data() + g % d.groups * rows * depth,
              .lda = depth,
              .b = columns.as<float>().data(),
              .ldb = d.positions(),
              .c = y,
              .ldc = d.positions()});
    for (std::int64_t i = 0; d.bias.defined() && i < rows * d.positions(); ++i)
      y[i] += d.bias.as<float>()[static_cast<std::size_t>(g % d.groups * rows + i / d.positions())];
  }
  return oneOutput(convert(std::move(out).build(), call.inputs[0].dtype));
}

}  // namespace lapidary::core
