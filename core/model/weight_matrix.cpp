// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/weight_matrix.h"

namespace lapidary::core {
namespace {

Shape inOrder(std::size_t outputs, std::size_t inputs, bool inputsFirst) {
  const auto o = static_cast<std::int64_t>(outputs), i = static_cast<std::int64_t>(inputs);
  return inputsFirst ? Shape{i, o} : Shape{o, i};
}

}  // namespace

Shape WeightMatrix::shape() const { return inOrder(outputs, inputs, inputsFirst); }

Shape WeightMatrix::shapeOfBlocks(std::int64_t blockSize) const {
  return inOrder(outputs, blockCount(inputs, static_cast<std::size_t>(blockSize)), inputsFirst);
}

WeightMatrix weightMatrix(const Shape& shape, int channelAxis) {
  if (shape.size() < 2) return {1, static_cast<std::size_t>(elementCount(shape)), false};
  const auto axis = static_cast<std::size_t>(channelAxis);
  std::size_t before = 1, after = 1;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (d < axis) before *= static_cast<std::size_t>(shape[d]);
    if (d > axis) after *= static_cast<std::size_t>(shape[d]);
  }
  const auto channels = static_cast<std::size_t>(shape[axis]);
  const bool first = axis == 0, last = axis + 1 == shape.size();
  if (first || (!last && after >= before)) return {before * channels, after, false};
  return {channels * after, before, true};
}

}  // namespace lapidary::core
