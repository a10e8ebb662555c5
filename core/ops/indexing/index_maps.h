// SPDX-License-Identifier: GPL-3.0-or-later
// Builds a tensor by choosing, on every axis, which source position each result position takes.
#pragma once

#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// One map an axis: the source index of each result position, or -1 where the result is filled. Slice,
/// Pad, Tile, Gather, Split and nearest-neighbour Resize are all of this form.
struct IndexMaps {
  std::vector<std::vector<std::int64_t>> axes;
  Shape resultShape() const;
};

/// 0, 1, ... count-1.
std::vector<std::int64_t> identityMap(std::int64_t count);
/// Maps that leave every axis as it is.
IndexMaps identityMaps(const Shape& shape);

/// Every map index must be below the source's size. `fill` is a scalar of the data's dtype, or
/// undefined where no map has -1 (or to fill with zeros).
Tensor gatherByMaps(const Tensor& data, const IndexMaps& maps, const Tensor& fill = {});

/// The adjoint: adds every element of a Float32 tensor to the position in `shape` that it was taken from.
Tensor scatterByMaps(const Tensor& gradient, const IndexMaps& maps, const Shape& shape);

}  // namespace lapidary::core
