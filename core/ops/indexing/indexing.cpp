// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/indexing/indexing.h"

#include "core/ops/families.h"

namespace lapidary::core {

std::vector<std::int64_t> elementOffsets(const Shape& data, const Shape& indexShape,
                                         std::span<const std::int64_t> indices, std::size_t axis) {
  if (indexShape.size() != data.size())
    failInput(1, "indices", "has shape " + toText(indexShape) + " for data of shape " + toText(data));
  for (std::size_t d = 0; d < data.size(); ++d)
    if (d != axis && indexShape[d] > data[d])
      failInput(1, "indices", "has shape " + toText(indexShape) + " for data of shape " + toText(data));
  std::vector<std::int64_t> offsets;
  offsets.reserve(indices.size());
  Shape position(data.size(), 0);
  for (const std::int64_t index : indices) {
    std::int64_t offset = 0;
    for (std::size_t d = 0; d < data.size(); ++d)
      offset = offset * data[d] + (d == axis ? checkedIndex(index, data[d], 1, "indices") : position[d]);
    offsets.push_back(offset);
    for (std::size_t d = data.size(); d-- > 0;) {
      if (++position[d] < indexShape[d]) break;
      position[d] = 0;
    }
  }
  return offsets;
}

SliceOffsets sliceOffsets(const Shape& data, const Shape& indexShape, std::span<const std::int64_t> indices,
                          std::size_t batchDims) {
  if (indexShape.empty() || data.empty() || batchDims >= std::min(data.size(), indexShape.size()))
    failInput(1, "indices", "has shape " + toText(indexShape) + " for data of shape " + toText(data));
  const std::int64_t depth = indexShape.back();
  if (depth < 0 || static_cast<std::size_t>(depth) > data.size() - batchDims)
    failInput(1, "indices",
              "has " + std::to_string(depth) + " coordinates for data of shape " + toText(data));
  for (std::size_t d = 0; d < batchDims; ++d)
    if (indexShape[d] != data[d])
      failInput(1, "indices", "has shape " + toText(indexShape) + " for data of shape " + toText(data));
  const auto tuple = static_cast<std::size_t>(depth);
  SliceOffsets result;
  result.length = product(data, batchDims + tuple, data.size());
  const std::int64_t tuples = product(indexShape, 0, indexShape.size() - 1);
  const std::int64_t perBatch = product(indexShape, batchDims, indexShape.size() - 1);
  for (std::int64_t i = 0; i < tuples; ++i) {
    std::int64_t offset = i / perBatch;
    for (std::size_t k = 0; k < tuple; ++k) {
      const std::int64_t size = data[batchDims + k];
      offset =
          offset * size + checkedIndex(indices[static_cast<std::size_t>(i) * tuple + k], size, 1, "indices");
    }
    result.offsets.push_back(offset * result.length);
  }
  return result;
}

std::span<const Op> indexingOps() {
  static const std::vector<Op> all = joinOps({gatherOps(), scatterOps(), sliceOps(), padOps(), selectOps()});
  return all;
}

}  // namespace lapidary::core
