// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/window.h"

#include <algorithm>
#include <string>

#include "core/ops/checks.h"

namespace lapidary::core {
namespace {

/// No kernel, stride, dilation or pad beyond this makes sense, and below it no product overflows.
constexpr std::int64_t largest = std::int64_t{1} << 24;

std::vector<std::int64_t> attributeWithin(const Node& node, const char* key, std::size_t count,
                                          std::int64_t fallback, std::int64_t smallest) {
  std::vector<std::int64_t> values = node.intsOr(key, {});
  if (values.empty()) values.assign(count, fallback);
  if (values.size() != count)
    invalid(std::string(key) + " has " + std::to_string(values.size()) + " values, " + std::to_string(count) +
            " expected");
  for (const std::int64_t value : values)
    if (value < smallest || value > largest)
      invalid(std::string(key) + " holds " + std::to_string(value) + ", a value from " +
              std::to_string(smallest) + " to " + std::to_string(largest) + " was expected");
  return values;
}

void requireKernel(const std::vector<std::int64_t>& kernel, std::size_t dims) {
  if (kernel.size() != dims)
    invalid("kernel_shape has " + std::to_string(kernel.size()) + " values, but the input has " +
            std::to_string(dims) + " spatial dimensions");
  for (const std::int64_t size : kernel)
    if (size < 1 || size > largest)
      invalid("kernel_shape holds " + std::to_string(size) + ", a value from 1 to " +
              std::to_string(largest) + " was expected");
}

/// SAME: the output has ceil(input / stride) positions; the padding is split, the odd one goes to the
/// end (SAME_UPPER) or to the beginning (SAME_LOWER).
void padSame(Window& window, bool upper) {
  for (std::size_t d = 0; d < window.dims(); ++d) {
    const std::int64_t wanted = (window.input[d] + window.stride[d] - 1) / window.stride[d];
    const std::int64_t total =
        std::max<std::int64_t>(0, (wanted - 1) * window.stride[d] + window.extent(d) - window.input[d]);
    window.padBegin[d] = upper ? total / 2 : total - total / 2;
    window.padEnd[d] = total - window.padBegin[d];
  }
}

void readPads(Window& window, const Node& node) {
  const std::size_t dims = window.dims();
  const std::string mode = node.textOr("auto_pad", "NOTSET");
  window.padBegin.assign(dims, 0);
  window.padEnd.assign(dims, 0);
  if (mode == "SAME_UPPER" || mode == "SAME_LOWER") return padSame(window, mode == "SAME_UPPER");
  if (mode == "VALID") return;
  if (mode != "NOTSET" && !mode.empty())
    invalid("auto_pad is '" + mode + "', NOTSET, VALID, SAME_UPPER or SAME_LOWER was expected");
  const auto pads = attributeWithin(node, "pads", 2 * dims, 0, 0);
  std::copy_n(pads.begin(), dims, window.padBegin.begin());
  std::copy_n(pads.begin() + static_cast<std::ptrdiff_t>(dims), dims, window.padEnd.begin());
}

std::int64_t outputSize(const Window& window, std::size_t d, bool ceil) {
  const std::int64_t room = window.input[d] + window.padBegin[d] + window.padEnd[d] - window.extent(d);
  if (room < 0)
    invalid("a window of " + std::to_string(window.extent(d)) + " does not fit in an input of " +
            std::to_string(window.input[d]) + " with padding " + std::to_string(window.padBegin[d]) +
            " and " + std::to_string(window.padEnd[d]));
  std::int64_t size = (room + (ceil ? window.stride[d] - 1 : 0)) / window.stride[d] + 1;
  if (ceil && (size - 1) * window.stride[d] >= window.input[d] + window.padBegin[d]) --size;
  return size;
}

}  // namespace

TapRange tapsInside(const Window& window, std::size_t d, std::int64_t outputPosition) {
  const std::int64_t start = outputPosition * window.stride[d] - window.padBegin[d];
  const std::int64_t step = window.dilation[d];
  const std::int64_t first = start >= 0 ? 0 : (-start + step - 1) / step;
  const std::int64_t room = window.input[d] - start;  // taps at start + i * step < input
  const std::int64_t last = room <= 0 ? 0 : std::min(window.kernel[d], (room + step - 1) / step);
  return {std::min(first, last), last, start};
}

Window windowOf(const Node& node, const Shape& shape, std::vector<std::int64_t> kernel) {
  if (shape.size() < 3)
    invalid("the input has shape " + toText(shape) + ", N x C x at least one spatial dimension was expected");
  Window window;
  window.input.assign(shape.begin() + 2, shape.end());
  for (const std::int64_t size : window.input)
    if (size < 1 || size > (std::int64_t{1} << 40))
      invalid("the input of shape " + toText(shape) + " has no elements to slide over");
  requireKernel(kernel, window.input.size());
  window.kernel = std::move(kernel);
  window.stride = attributeWithin(node, "strides", window.dims(), 1, 1);
  window.dilation = attributeWithin(node, "dilations", window.dims(), 1, 1);
  readPads(window, node);
  for (std::size_t d = 0; d < window.dims(); ++d)
    window.output.push_back(outputSize(window, d, node.intOr("ceil_mode", 0) != 0));
  return window;
}

Window poolWindow(const Node& node, const Shape& shape) {
  if (!node.find<std::vector<std::int64_t>>("kernel_shape")) invalid("kernel_shape is missing");
  Window window = windowOf(node, shape, node.intsOr("kernel_shape", {}));
  for (std::size_t d = 0; d < window.dims(); ++d)
    if (window.padBegin[d] >= window.extent(d) || window.padEnd[d] >= window.extent(d))
      invalid("pads of " + std::to_string(window.padBegin[d]) + " and " + std::to_string(window.padEnd[d]) +
              " are not smaller than the window of " + std::to_string(window.extent(d)));
  return window;
}

}  // namespace lapidary::core
