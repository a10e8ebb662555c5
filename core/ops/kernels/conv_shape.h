// SPDX-License-Identifier: GPL-3.0-or-later
// The shapes of a convolution and of a transposed one: what the node's attributes mean for given inputs.
#pragma once

#include "core/ops/kernels/window.h"

namespace lapidary::core {

struct ConvShape {
  std::int64_t batch = 0, group = 1, inChannels = 0, outChannels = 0;
  Window window;
  bool transposed = false;

  Shape output() const;
};

/// x: N x C x spatial; weight: M x C/group x kernel. Throws Error naming what does not fit.
ConvShape convShape(const Node& node, const Shape& x, const Shape& weight);
/// x: N x C x spatial; weight: C x M/group x kernel. An output_shape beyond what the input reaches
/// gives a negative padEnd, as output_padding does.
ConvShape convTransposeShape(const Node& node, const Shape& x, const Shape& weight);

}  // namespace lapidary::core
