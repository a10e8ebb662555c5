// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/conv_shape.h"

#include <algorithm>
#include <string>

#include "core/ops/checks.h"

namespace lapidary::core {
namespace {

void requireRanks(const Shape& x, const Shape& weight) {
  if (x.size() < 3)
    invalid("the input has shape " + toText(x) + ", N x C x at least one spatial dimension was expected");
  if (x.size() > 5) unsupported("a convolution over " + std::to_string(x.size() - 2) + " spatial dimensions");
  if (weight.size() != x.size())
    invalid("the weight has shape " + toText(weight) + ", but the input has shape " + toText(x));
  for (const std::int64_t size : weight)
    if (size < 1) invalid("the weight of shape " + toText(weight) + " has no elements");
}

std::vector<std::int64_t> kernelOf(const Node& node, const Shape& weight) {
  std::vector<std::int64_t> kernel(weight.begin() + 2, weight.end());
  const auto declared = node.intsOr("kernel_shape", kernel);
  if (declared != kernel)
    invalid("kernel_shape is " + toText(declared) + ", but the weight has shape " + toText(weight));
  return kernel;
}

std::int64_t groupOf(const Node& node, std::int64_t channels) {
  const std::int64_t group = node.intOr("group", 1);
  if (group < 1 || channels % group != 0)
    invalid("group is " + std::to_string(group) + ", which does not divide " + std::to_string(channels) +
            " channels");
  return group;
}

void requireChannels(const Shape& x, std::int64_t expected, const Shape& weight) {
  if (x[1] != expected)
    invalid("the input of shape " + toText(x) + " has " + std::to_string(x[1]) +
            " channels, but the weight of shape " + toText(weight) + " takes " + std::to_string(expected));
}

/// Splits the padding that gives the wanted output size. What is lacking (total < 0) is added at the end.
void padTo(Window& window, std::size_t d, std::int64_t natural, bool upper) {
  const std::int64_t total = natural - window.output[d];
  if (total < 0) {
    window.padBegin[d] = 0;
    window.padEnd[d] = total;
    return;
  }
  window.padBegin[d] = upper ? total / 2 : total - total / 2;
  window.padEnd[d] = total - window.padBegin[d];
}

std::vector<std::int64_t> entries(const Node& node, const char* key, std::size_t dims) {
  auto values = node.intsOr(key, std::vector<std::int64_t>(dims, 0));
  if (values.size() == dims + 2) values.erase(values.begin(), values.begin() + 2);  // with N and C before
  if (values.size() != dims)
    invalid(std::string(key) + " has " + std::to_string(values.size()) + " values, " + std::to_string(dims) +
            " expected");
  for (const std::int64_t value : values)
    if (value < 0 || value > (std::int64_t{1} << 32))
      invalid(std::string(key) + " holds " + std::to_string(value));
  return values;
}

void setTransposed(Window& window, const Node& node) {
  const std::size_t dims = window.dims();
  const auto outputPadding = entries(node, "output_padding", dims);
  const std::string mode = node.textOr("auto_pad", "NOTSET");
  const bool same = mode == "SAME_UPPER" || mode == "SAME_LOWER";
  const bool given = node.find<std::vector<std::int64_t>>("output_shape") != nullptr;
  const auto wanted = entries(node, "output_shape", dims);
  for (std::size_t d = 0; d < dims; ++d) {
    const std::int64_t natural =
        window.stride[d] * (window.input[d] - 1) + outputPadding[d] + window.extent(d);
    if (given || same) {
      window.output[d] = given ? wanted[d] : window.input[d] * window.stride[d];
      padTo(window, d, natural, mode == "SAME_UPPER");
    } else {
      window.output[d] = natural - window.padBegin[d] - window.padEnd[d];
    }
    if (window.output[d] < 1)
      invalid("the output would have " + std::to_string(window.output[d]) +
              " elements along spatial dimension " + std::to_string(d));
    // What the library calls the trailing padding includes what is added to the output.
    window.padEnd[d] = natural - outputPadding[d] - window.padBegin[d] - window.output[d];
  }
}

}  // namespace

Shape ConvShape::output() const {
  Shape shape{batch, outChannels};
  shape.insert(shape.end(), window.output.begin(), window.output.end());
  return shape;
}

ConvShape convShape(const Node& node, const Shape& x, const Shape& weight) {
  requireRanks(x, weight);
  ConvShape shape;
  shape.batch = x[0];
  shape.inChannels = x[1];
  shape.outChannels = weight[0];
  shape.group = groupOf(node, shape.outChannels);
  requireChannels(x, weight[1] * shape.group, weight);
  shape.window = windowOf(node, x, kernelOf(node, weight));
  reasonableCount(shape.output());
  return shape;
}

ConvShape convTransposeShape(const Node& node, const Shape& x, const Shape& weight) {
  requireRanks(x, weight);
  ConvShape shape;
  shape.transposed = true;
  shape.batch = x[0];
  shape.inChannels = x[1];
  requireChannels(x, weight[0], weight);
  shape.group = groupOf(node, shape.inChannels);
  shape.outChannels = weight[1] * shape.group;
  // The attributes alone, checked over an input that any kernel fits in.
  Shape wide(x.size(), std::int64_t{1} << 40);
  shape.window = windowOf(node, wide, kernelOf(node, weight));
  shape.window.input.assign(x.begin() + 2, x.end());
  for (const std::int64_t size : shape.window.input)
    if (size < 1) invalid("the input of shape " + toText(x) + " has no elements to slide over");
  setTransposed(shape.window, node);
  reasonableCount(shape.output());
  return shape;
}

}  // namespace lapidary::core
