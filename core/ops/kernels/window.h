// SPDX-License-Identifier: GPL-3.0-or-later
// The windows of a convolution or a pool: kernel, strides, dilations and padding of a node.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ops/op.h"

namespace lapidary::core {

/// One entry per spatial dimension.
struct Window {
  std::vector<std::int64_t> input, kernel, stride, dilation, padBegin, padEnd, output;

  std::size_t dims() const { return kernel.size(); }
  /// Extent of the kernel with its dilation, along dimension d.
  std::int64_t extent(std::size_t d) const { return (kernel[d] - 1) * dilation[d] + 1; }
};

/// Taps [first, last) of the kernel that lie inside the input for one output position.
struct TapRange {
  std::int64_t first, last;
  std::int64_t start;  ///< input position of tap 0; may be negative
};
TapRange tapsInside(const Window& window, std::size_t d, std::int64_t outputPosition);

/// Reads strides, dilations, pads, auto_pad and ceil_mode of the node. `shape` is N x C x spatial.
/// Throws Error for anything that is not a window over that input: sizes below 1, wrong counts,
/// negative pads, an output without elements. With ceil_mode a window that would start behind the
/// input and its leading padding is left out, as in the operator's definition.
Window windowOf(const Node& node, const Shape& shape, std::vector<std::int64_t> kernel);
/// The same with the node's kernel_shape; pads must be smaller than the kernel.
Window poolWindow(const Node& node, const Shape& shape);

}  // namespace lapidary::core
