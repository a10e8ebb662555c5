// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/scale_groups.h"

namespace lapidary::core {

ScaleGroups ScaleGroups::along(const Shape& shape, int axis) {
  std::size_t outer = 1, inner = 1;
  const auto at = static_cast<std::size_t>(axis);
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (d < at) outer *= static_cast<std::size_t>(shape[d]);
    if (d > at) inner *= static_cast<std::size_t>(shape[d]);
  }
  const auto channels = static_cast<std::size_t>(shape[at]);
  if (inner == 1 && channels > 1) return {Walk::Rows, outer, channels, 1, outer};
  return {Walk::Runs, outer, channels, inner, inner};
}

ScaleGroups ScaleGroups::blocks(const WeightMatrix& matrix, std::size_t blockSize) {
  ScaleGroups groups = matrix.inputsFirst
                           ? ScaleGroups{Walk::Rows, matrix.inputs, matrix.outputs, 1, blockSize}
                           : ScaleGroups{Walk::Blocks, 1, matrix.outputs, matrix.inputs, blockSize};
  groups.m_count = matrix.outputs * blockCount(matrix.inputs, blockSize);
  return groups;
}

GroupedValues groupedValues(std::span<const float> values, const ScaleGroups& groups, bool skipZeros) {
  GroupedValues grouped{std::vector<float>(values.size()), std::vector<std::size_t>(groups.count() + 1)};
  const auto counts = [&](float value) { return !skipZeros || value != 0.0f; };
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    for (std::size_t i = 0; i < length; ++i)
      grouped.begin[group + (perElement() ? i : 0) + 1] += counts(values[begin + i]);
  });
  for (std::size_t g = 0; g < groups.count(); ++g) grouped.begin[g + 1] += grouped.begin[g];
  std::vector<std::size_t> next(grouped.begin.begin(), grouped.begin.end() - 1);
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    for (std::size_t i = 0; i < length; ++i)
      if (counts(values[begin + i]))
        grouped.values[next[group + (perElement() ? i : 0)]++] = values[begin + i];
  });
  grouped.values.resize(grouped.begin.back());
  return grouped;
}

}  // namespace lapidary::core
