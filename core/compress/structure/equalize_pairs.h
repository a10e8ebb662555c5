// SPDX-License-Identifier: GPL-3.0-or-later
// The pairs of layers that follow each other so that a channel's scale can move from one to the other.
#pragma once

#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

/// The outputs of `first` are, channel by channel, the inputs of `second`, through operators f with
/// f(s x) = s f(x) for s > 0, and nobody else reads what lies between.
struct EqualizePair {
  LayerId first, second;
  std::size_t channels = 0;  ///< of the first layer's output
  bool operator==(const EqualizePair&) const = default;
};

/// Pairs of Conv and Gemm with Relu, LeakyRelu, pooling, Flatten, Reshape to a matrix, Identity or Dropout
/// between them, or nothing. Both weights, and the first one's bias of one element a channel, are read by
/// their nodes alone.
std::vector<EqualizePair> equalizablePairs(const Model& model);

}  // namespace lapidary::core
