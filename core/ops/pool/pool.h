// SPDX-License-Identifier: GPL-3.0-or-later
// The pooling operators and what they share; pool.cpp lists them.
#pragma once

#include <array>

#include "core/ops/kernels/window.h"
#include "core/ops/op.h"

namespace lapidary::core {

/// A pool's window in exactly three spatial dimensions (missing ones have size 1), with the kernel taps
/// that lie inside the input for every output position.
struct PoolGrid {
  std::array<std::int64_t, 3> in{1, 1, 1}, out{1, 1, 1}, dilation{1, 1, 1};
  std::array<std::vector<TapRange>, 3> taps;
  Shape output;  ///< N x C x spatial, as many spatial dimensions as the input has

  std::int64_t inSize() const { return in[0] * in[1] * in[2]; }
  std::int64_t outSize() const { return out[0] * out[1] * out[2]; }
  /// Does some window lie in the padding altogether (which dilation makes possible)?
  bool hasEmptyWindow() const;
};

/// Throws Error as poolWindow does, and for more than three spatial dimensions.
PoolGrid poolGrid(const Node& node, const Shape& shape);
/// The p of LpPool and GlobalLpPool, a float before opset 2. Throws Error where it is below 1.
std::int64_t poolNorm(const Node& node);
/// 1 / (number of values averaged) for each output position; with count_include_pad those in the padding
/// count as well. 0 for an empty window.
std::vector<float> averageFactors(const Node& node, const Shape& shape, const PoolGrid& grid);

/// Calls `visit(output index, taps along depth, height, width)` for each position.
template <class Visit>
inline __attribute__((always_inline)) void forEachWindow(const PoolGrid& grid, Visit&& visit) {
  std::int64_t index = 0;
  for (const TapRange& d : grid.taps[0])
    for (const TapRange& h : grid.taps[1])
      for (const TapRange& w : grid.taps[2]) visit(index++, d, h, w);
}

/// Calls `take(input index)` for each tap of a window that lies inside the input.
template <class Take>
inline __attribute__((always_inline)) void forEachTap(const PoolGrid& grid, const TapRange& d,
                                                      const TapRange& h, const TapRange& w, Take&& take) {
  for (std::int64_t i = d.first; i < d.last; ++i)
    for (std::int64_t j = h.first; j < h.last; ++j) {
      const std::int64_t row =
          ((d.start + i * grid.dilation[0]) * grid.in[1] + h.start + j * grid.dilation[1]) * grid.in[2];
      for (std::int64_t k = w.first; k < w.last; ++k) take(row + w.start + k * grid.dilation[2]);
    }
}

std::vector<Activation> maxPoolForward(const OpCall& call);
std::vector<Activation> averagePoolForward(const OpCall& call);
std::vector<Activation> lpPoolForward(const OpCall& call);
std::vector<Activation> maxUnpoolForward(const OpCall& call);
std::vector<Activation> globalAveragePoolForward(const OpCall& call);
std::vector<Activation> globalMaxPoolForward(const OpCall& call);
std::vector<Activation> globalLpPoolForward(const OpCall& call);

std::vector<Tensor> maxPoolBackward(const BackwardCall& call);
std::vector<Tensor> averagePoolBackward(const BackwardCall& call);
std::vector<Tensor> lpPoolBackward(const BackwardCall& call);
std::vector<Tensor> globalLpPoolBackward(const BackwardCall& call);
std::vector<Tensor> globalAveragePoolBackward(const BackwardCall& call);
std::vector<Tensor> globalMaxPoolBackward(const BackwardCall& call);

Cost poolCost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs);
Cost globalPoolCost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs);

}  // namespace lapidary::core
