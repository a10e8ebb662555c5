// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/shape_rules.h"

#include <algorithm>
#include <numeric>

namespace lapidary::core {
namespace {

/// Which axes of `rank` are named; nothing where one lies outside or is named twice.
std::optional<std::vector<bool>> marked(const Indices& axes, std::size_t rank) {
  std::vector<bool> marks(rank, false);
  for (const std::int64_t given : axes) {
    const auto axis = checkedAxis(given, rank);
    if (!axis || marks[*axis]) return std::nullopt;
    marks[*axis] = true;
  }
  return marks;
}

TensorCut wholeOf(const Shape& shape) { return {Indices(shape.size(), 0), Indices(shape.size(), 1), shape}; }

/// Along one axis, as numpy slices.
void cutAxis(TensorCut& cut, std::size_t axis, std::int64_t start, std::int64_t end, std::int64_t step) {
  const std::int64_t size = cut.shape[axis];
  const std::int64_t least = step > 0 ? 0 : -1, most = step > 0 ? size : size - 1;
  if (start < 0) start = std::max(start, -size - 1) + size;
  if (end < 0) end = std::max(end, -size - 1) + size;
  start = std::clamp(start, std::max<std::int64_t>(0, least), std::max<std::int64_t>(0, most));
  end = std::clamp(end, least, most);
  const std::int64_t span = step > 0 ? end - start : start - end, stride = std::abs(step);
  cut.start[axis] = start;
  cut.step[axis] = step;
  cut.shape[axis] = span <= 0 ? 0 : (span - 1) / stride + 1;
}

}  // namespace

std::optional<std::size_t> checkedAxis(std::int64_t axis, std::size_t rank) {
  const auto count = static_cast<std::int64_t>(rank);
  if (axis < -count || axis >= count) return std::nullopt;
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

std::optional<Shape> reshapedTo(const Shape& from, const Indices& sizes, bool zeroIsZero) {
  Shape shape = sizes;
  std::int64_t known = 1;
  std::optional<std::size_t> open;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0 && !zeroIsZero) {
      if (i >= from.size()) return std::nullopt;
      shape[i] = from[i];
    }
    if (shape[i] == -1 && !open) {
      open = i;
      continue;
    }
    if (shape[i] < 0 || (shape[i] > 0 && known > std::int64_t{1} << 48)) return std::nullopt;
    known *= shape[i];
  }
  const std::int64_t count = elementCount(from);
  if (open && (known == 0 || count % known != 0)) return std::nullopt;
  if (open) shape[*open] = count / known;
  if (!open && known != count) return std::nullopt;
  return shape;
}

std::optional<Shape> squeezed(const Shape& from, const std::optional<Indices>& axes) {
  const auto marks = marked(axes.value_or(Indices()), from.size());
  if (!marks) return std::nullopt;
  Shape shape;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const bool goes = axes ? (*marks)[i] : from[i] == 1;
    if (goes && from[i] != 1) return std::nullopt;
    if (!goes) shape.push_back(from[i]);
  }
  return shape;
}

std::optional<Shape> unsqueezed(const Shape& from, const Indices& axes) {
  const auto marks = marked(axes, from.size() + axes.size());
  if (!marks) return std::nullopt;
  Shape shape;
  std::size_t next = 0;
  for (const bool added : *marks) shape.push_back(added ? 1 : from[next++]);
  return shape;
}

std::optional<Shape> flattened(const Shape& from, std::int64_t axis) {
  const auto rank = static_cast<std::int64_t>(from.size());
  if (axis < -rank || axis > rank) return std::nullopt;
  const auto first = from.begin() + (axis < 0 ? axis + rank : axis);
  return Shape{elementCount(Shape(from.begin(), first)), elementCount(Shape(first, from.end()))};
}

std::optional<Indices> permutation(const Node& node, std::size_t rank) {
  Indices reversed(rank);
  std::iota(reversed.rbegin(), reversed.rend(), 0);
  auto axes = node.intsOr("perm", reversed);
  const bool inside = std::ranges::all_of(axes, [](std::int64_t axis) { return axis >= 0; });
  return inside && axes.size() == rank && marked(axes, rank) ? std::optional(axes) : std::nullopt;
}

std::optional<TensorCut> sliceOf(const Shape& from, const Indices& starts, const Indices& ends,
                                 const std::optional<Indices>& axes, const std::optional<Indices>& steps) {
  const std::size_t count = starts.size();
  if (ends.size() != count || (axes && axes->size() != count) || (steps && steps->size() != count) ||
      count > from.size() || (axes && !marked(*axes, from.size())))
    return std::nullopt;
  TensorCut cut = wholeOf(from);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t step = steps ? (*steps)[i] : 1;
    if (step == 0 || std::abs(step) > std::int64_t{1} << 40) return std::nullopt;
    cutAxis(cut, axes ? *checkedAxis((*axes)[i], from.size()) : i, starts[i], ends[i], step);
  }
  return cut;
}

std::optional<TensorCut> splitOf(const Shape& from, std::int64_t axis, const Indices& sizes,
                                 std::size_t index) {
  const auto along = checkedAxis(axis, from.size());
  if (!along || index >= sizes.size()) return std::nullopt;
  std::int64_t left = from[*along];
  for (const std::int64_t size : sizes) {
    if (size < 0 || size > left) return std::nullopt;
    left -= size;
  }
  if (left != 0) return std::nullopt;
  TensorCut cut = wholeOf(from);
  for (std::size_t i = 0; i < index; ++i) cut.start[*along] += sizes[i];
  cut.shape[*along] = sizes[index];
  return cut;
}

Indices equalParts(std::int64_t size, std::size_t parts) {
  const auto count = static_cast<std::int64_t>(parts);
  const std::int64_t each = (size + count - 1) / count;
  Indices sizes(parts, each);
  for (std::int64_t i = 0, left = size; i < count; ++i, left -= each)
    sizes[static_cast<std::size_t>(i)] = std::clamp<std::int64_t>(left, 0, each);
  return sizes;
}

}  // namespace lapidary::core
