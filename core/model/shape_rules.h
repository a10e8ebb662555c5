// SPDX-License-Identifier: GPL-3.0-or-later
// The shapes that ONNX's operators on shapes give, where all that they depend on is known.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/model/graph.h"
#include "core/model/tensor_moves.h"

namespace lapidary::core {

using Indices = std::vector<std::int64_t>;

/// From 0 on; nothing where the axis lies outside.
std::optional<std::size_t> checkedAxis(std::int64_t axis, std::size_t rank);

/// Reshape: one size may be -1; a 0 keeps the size that is there, unless `zeroIsZero`.
std::optional<Shape> reshapedTo(const Shape& from, const Indices& sizes, bool zeroIsZero);
/// Squeeze; without axes all of one entry go.
std::optional<Shape> squeezed(const Shape& from, const std::optional<Indices>& axes);
std::optional<Shape> unsqueezed(const Shape& from, const Indices& axes);
/// Flatten to a matrix.
std::optional<Shape> flattened(const Shape& from, std::int64_t axis);
/// The axes of a Transpose; reversed where it names none.
std::optional<Indices> permutation(const Node& node, std::size_t rank);

/// Slice; `axes` and `steps` may be absent.
std::optional<TensorCut> sliceOf(const Shape& from, const Indices& starts, const Indices& ends,
                                 const std::optional<Indices>& axes, const std::optional<Indices>& steps);
/// What the output at `index` of a Split along `axis` takes.
std::optional<TensorCut> splitOf(const Shape& from, std::int64_t axis, const Indices& sizes,
                                 std::size_t index);
/// The sizes of a Split in `parts` as equal as they can be, the last one smaller.
Indices equalParts(std::int64_t size, std::size_t parts);

}  // namespace lapidary::core
