// SPDX-License-Identifier: GPL-3.0-or-later
// A weight of any rank as the matrix of outputs and inputs by which its layer multiplies.
#pragma once

#include <cstddef>

#include "core/model/tensor.h"

namespace lapidary::core {

/// Weight (output o, input i) stands at o * inputs + i, or at i * outputs + o where `inputsFirst`.
struct WeightMatrix {
  std::size_t outputs = 1, inputs = 1;
  bool inputsFirst = false;

  std::size_t indexOf(std::size_t output, std::size_t input) const {
    return inputsFirst ? input * outputs + output : output * inputs + input;
  }
  /// The distance of two neighbouring inputs of an output.
  std::size_t step() const { return inputsFirst ? outputs : 1; }
  /// As it lies in memory: [outputs, inputs] or [inputs, outputs].
  Shape shape() const;
  /// That with blocks of so many inputs, the last one possibly shorter, in place of the inputs.
  Shape shapeOfBlocks(std::int64_t blockSize) const;
};

/// The view of a weight whose output channels lie along `channelAxis`: [channels, inputs] where that is its
/// first axis, [inputs, channels] where it is its last. Where it is neither (transposed convolutions,
/// recurrent weights of two directions), the longer side, all axes before it or all after it, are the inputs.
/// A weight of rank 0 or 1 has one output.
WeightMatrix weightMatrix(const Shape& shape, int channelAxis);

/// How many blocks of `blockSize` > 0 hold `inputs`.
inline std::size_t blockCount(std::size_t inputs, std::size_t blockSize) {
  return inputs / blockSize + (inputs % blockSize != 0);
}

}  // namespace lapidary::core
