// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/lookup.h"

#include <algorithm>
#include <vector>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t mostLookedUp = std::int64_t{1} << 28;

/// Elements of axes [first, last).
std::size_t extent(const Shape& shape, std::size_t first, std::size_t last) {
  std::size_t product = 1;
  for (std::size_t d = first; d < last; ++d) product *= static_cast<std::size_t>(shape[d]);
  return product;
}

std::vector<std::size_t> positions(const Tensor& indices, std::int64_t lines) {
  std::vector<std::size_t> result;
  for (const std::int64_t index : toInt64(indices)) {
    if (index < -lines || index >= lines)
      throw Error(ErrorKind::InvalidInput, "code " + std::to_string(index) + " lies outside a table of " +
                                               std::to_string(lines) + " lines");
    result.push_back(static_cast<std::size_t>(index < 0 ? index + lines : index));
  }
  return result;
}

}  // namespace

std::optional<Shape> lookupShape(const Shape& table, const Shape& indices, std::int64_t axis) {
  const auto rank = static_cast<std::int64_t>(table.size());
  if (axis < 0) axis += rank;
  if (axis < 0 || axis >= rank) return std::nullopt;
  Shape shape(table.begin(), table.begin() + axis);
  shape.insert(shape.end(), indices.begin(), indices.end());
  shape.insert(shape.end(), table.begin() + axis + 1, table.end());
  std::int64_t elements = 1;
  for (const std::int64_t size : shape) {
    if (size != 0 && elements > mostLookedUp / size) return std::nullopt;
    elements *= size;
  }
  return shape;
}

Tensor lookedUp(const Tensor& table, const Tensor& indices, std::int64_t axis) {
  const auto shape = lookupShape(table.shape(), indices.shape(), axis);
  if (!shape)
    throw Error(ErrorKind::InvalidInput, "rows of a table of shape " + toText(table.shape()) +
                                             " cannot be looked up along axis " + std::to_string(axis));
  const std::size_t at =
      static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(table.rank()) : axis);
  const std::vector<std::size_t> picked = positions(indices, table.shape()[at]);
  const std::size_t outer = extent(table.shape(), 0, at), inner = extent(table.shape(), at + 1, table.rank());
  const auto lines = static_cast<std::size_t>(table.shape()[at]);
  TensorBuilder builder(DType::Float32, *shape);
  const float* from = table.as<float>().data();
  float* to = builder.as<float>().data();
  for (std::size_t o = 0; o < outer; ++o)
    for (const std::size_t line : picked) to = std::copy_n(from + (o * lines + line) * inner, inner, to);
  return std::move(builder).build();
}

}  // namespace lapidary::core
