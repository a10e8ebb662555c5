// SPDX-License-Identifier: GPL-3.0-or-later
// The table of pooling operators, and the grid of windows that they slide.
#include "core/ops/pool/pool.h"

#include <algorithm>

#include "core/ops/checks.h"
#include "core/ops/families.h"

namespace lapidary::core {

bool PoolGrid::hasEmptyWindow() const {
  return std::ranges::any_of(taps, [](const auto& ranges) {
    return std::ranges::any_of(ranges, [](const TapRange& range) { return range.first >= range.last; });
  });
}

PoolGrid poolGrid(const Node& node, const Shape& shape) {
  if (shape.size() > 5)
    unsupported("a pool over " + std::to_string(shape.size() - 2) + " spatial dimensions");
  const Window window = poolWindow(node, shape);
  PoolGrid grid;
  grid.output = {shape[0], shape[1]};
  grid.output.insert(grid.output.end(), window.output.begin(), window.output.end());
  checkedShape(grid.output);
  if (elementCount(grid.output) == 0)
    return grid;  // nothing to slide over, however long the other dimensions
  const std::size_t missing = 3 - window.dims();
  for (std::size_t d = 0; d < missing; ++d) grid.taps[d] = {{0, 1, 0}};
  for (std::size_t d = 0; d < window.dims(); ++d) {
    grid.in[missing + d] = window.input[d];
    grid.out[missing + d] = window.output[d];
    grid.dilation[missing + d] = window.dilation[d];
    for (std::int64_t i = 0; i < window.output[d]; ++i)
      grid.taps[missing + d].push_back(tapsInside(window, d, i));
  }
  return grid;
}

std::vector<float> averageFactors(const Node& node, const Shape& shape, const PoolGrid& grid) {
  std::array<std::vector<std::int64_t>, 3> counts;
  const Window window = poolWindow(node, shape);
  const bool includePad = node.intOr("count_include_pad", 0) != 0;
  for (std::size_t d = 0; d < 3; ++d)
    for (const TapRange& range : grid.taps[d]) {
      const std::size_t own = d + window.dims() - 3;  // wraps around for the missing dimensions
      std::int64_t count = range.last - range.first;
      if (includePad && own < window.dims()) {
        // Taps up to the end of the padding; beyond it (ceil_mode) there is nothing to count.
        const std::int64_t room = window.input[own] + window.padEnd[own] - range.start;
        count = std::min(window.kernel[own], (room + window.dilation[own] - 1) / window.dilation[own]);
      }
      counts[d].push_back(count);
    }
  std::vector<float> factors;
  for (const std::int64_t d : counts[0])
    for (const std::int64_t h : counts[1])
      for (const std::int64_t w : counts[2])
        factors.push_back(d * h * w == 0 ? 0 : 1.0f / static_cast<float>(d * h * w));
  return factors;
}

Cost poolCost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  double taps = 1;
  for (const std::int64_t size : node.intsOr("kernel_shape", {})) taps *= static_cast<double>(size);
  return costPerOutput(taps, inputs, outputs);
}

Cost globalPoolCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costPerInput(1, inputs, outputs);
}

std::span<const Op> poolOps() {
  static const Op ops[] = {
      {.domain = "",
       .type = "MaxPool",
       .forward = maxPoolForward,
       .backward = maxPoolBackward,
       .cost = poolCost,
       .takesBlocked = true},
      {.domain = "",
       .type = "AveragePool",
       .forward = averagePoolForward,
       .backward = averagePoolBackward,
       .cost = poolCost,
       .takesBlocked = true},
      {.domain = "",
       .type = "LpPool",
       .forward = lpPoolForward,
       .backward = lpPoolBackward,
       .cost = poolCost},
      {.domain = "", .type = "MaxUnpool", .forward = maxUnpoolForward, .sinceOpset = 9},
      {.domain = "",
       .type = "GlobalAveragePool",
       .forward = globalAveragePoolForward,
       .backward = globalAveragePoolBackward,
       .cost = globalPoolCost,
       .takesBlocked = true},
      {.domain = "",
       .type = "GlobalMaxPool",
       .forward = globalMaxPoolForward,
       .backward = globalMaxPoolBackward,
       .cost = globalPoolCost,
       .takesBlocked = true},
      {.domain = "",
       .type = "GlobalLpPool",
       .forward = globalLpPoolForward,
       .backward = globalLpPoolBackward,
       .cost = globalPoolCost},
  };
  return ops;
}

}  // namespace lapidary::core
