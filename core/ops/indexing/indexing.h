// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of indexingOps().
#pragma once

#include "core/ops/axes.h"
#include "core/ops/indexing/index_maps.h"
#include "core/ops/results.h"

namespace lapidary::core {

std::span<const Op> gatherOps();   // indexing_gather.cpp
std::span<const Op> scatterOps();  // indexing_scatter.cpp
std::span<const Op> sliceOps();    // indexing_slice.cpp
std::span<const Op> padOps();      // indexing_pad.cpp
std::span<const Op> selectOps();   // indexing_select.cpp

/// Gives where GatherElements and ScatterElements look: for every element of an index tensor, the offset in
/// the data of the element at the same position but for `axis`, which the index gives.
std::vector<std::int64_t> elementOffsets(const Shape& data, const Shape& indexShape,
                                         std::span<const std::int64_t> indices, std::size_t axis);

/// The offsets at which GatherND and ScatterND look: for every index tuple the offset of its slice, and the
/// slice's size.
struct SliceOffsets {
  std::vector<std::int64_t> offsets;
  std::int64_t length = 1;
};
SliceOffsets sliceOffsets(const Shape& data, const Shape& indexShape, std::span<const std::int64_t> indices,
                          std::size_t batchDims);

}  // namespace lapidary::core
