// SPDX-License-Identifier: GPL-3.0-or-later
// Feature squeezing: inputs with their fine detail taken away, and how far the answer moves with it.
#pragma once

#include <span>
#include <vector>

#include "core/robust/input_box.h"

namespace lapidary::core {

/// One way to take detail away (Xu, Evans, Qi 2018).
struct Squeezer {
  enum class Kind {
    Depth,   ///< `value` bits a channel, between the box's bounds
    Median,  ///< over windows of `value` x `value` pixels of one channel, edges held
  };
  Kind kind = Kind::Depth;
  int value = 0;
  bool operator==(const Squeezer&) const = default;
};

/// A batch of the box's input, Float32. The bounds of the box have to be finite for Depth. Inputs without two
/// spatial axes pass a Median unchanged.
Tensor squeezed(const Squeezer& squeezer, const InputBox& box, const Tensor& batch);

/// Sum of |a - b| over two distributions: between 0 and 2.
double totalDifference(std::span<const double> a, std::span<const double> b);

}  // namespace lapidary::core
