// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/axes.h"

#include <algorithm>
#include <string>

namespace lapidary::core {
namespace {

constexpr std::int64_t largestResult = std::int64_t{1} << 31;

std::string label(std::size_t i, std::string_view what) {
  return "input " + std::to_string(i) + " (" + std::string(what) + ")";
}

}  // namespace

void failInput(std::size_t i, std::string_view what, const std::string& problem) {
  throw Error(ErrorKind::InvalidInput, label(i, what) + ": " + problem);
}

void failAttribute(std::string_view what, const std::string& problem) {
  throw Error(ErrorKind::InvalidInput, "attribute '" + std::string(what) + "': " + problem);
}

std::size_t axisOf(std::int64_t axis, std::size_t rank) {
  const auto signedRank = static_cast<std::int64_t>(rank);
  if (axis < -signedRank || axis >= signedRank)
    throw Error(ErrorKind::InvalidInput,
                "axis " + std::to_string(axis) + " is outside a tensor of rank " + std::to_string(rank));
  return static_cast<std::size_t>(axis < 0 ? axis + signedRank : axis);
}

std::vector<std::size_t> axesOf(std::span<const std::int64_t> axes, std::size_t rank) {
  std::vector<std::size_t> result;
  for (const std::int64_t axis : axes) {
    const std::size_t counted = axisOf(axis, rank);
    if (std::ranges::find(result, counted) != result.end())
      throw Error(ErrorKind::InvalidInput, "axis " + std::to_string(axis) + " is given twice");
    result.push_back(counted);
  }
  return result;
}

Shape checkedShape(Shape shape) {
  if (elementCount(shape) > largestResult)
    throw Error(ErrorKind::InvalidInput,
                "a result of shape " + toText(shape) + " would be larger than 2^31 elements");
  return shape;
}

std::int64_t product(const Shape& shape, std::size_t from, std::size_t to) {
  std::int64_t count = 1;
  for (std::size_t i = from; i < to; ++i) count *= shape[i];
  return count;
}

Lines linesAlong(const Shape& shape, std::size_t axis) {
  return {product(shape, 0, axis), shape[axis], product(shape, axis + 1, shape.size())};
}

std::vector<std::int64_t> integersOf(const OpCall& call, std::size_t i, std::string_view what) {
  return withContext(label(i, what), [&] { return toInt64(call.input(i)); });
}

std::int64_t integerOf(const OpCall& call, std::size_t i, std::string_view what) {
  const std::vector<std::int64_t> values = integersOf(call, i, what);
  if (values.size() != 1)
    failInput(i, what, "holds " + std::to_string(values.size()) + " values, 1 expected");
  return values[0];
}

std::vector<std::int64_t> integersOf(const BackwardCall& call, std::size_t i, std::string_view what) {
  if (i >= call.inputs.size() || !call.inputs[i].defined()) failInput(i, what, "is missing");
  return withContext(label(i, what), [&] { return toInt64(call.inputs[i]); });
}

std::int64_t checkedIndex(std::int64_t index, std::int64_t size, std::size_t input, std::string_view what) {
  if (index < -size || index >= size)
    failInput(input, what,
              "index " + std::to_string(index) + " is outside an axis of size " + std::to_string(size));
  return index < 0 ? index + size : index;
}

}  // namespace lapidary::core
