// SPDX-License-Identifier: GPL-3.0-or-later
// Checks that operators share: axes, the size of a result, and lines of elements along an axis.
#pragma once

#include <string_view>
#include <vector>

#include "core/ops/op.h"

namespace lapidary::core {

/// The axis counted from the front. Throws Error where it is outside [-rank, rank).
std::size_t axisOf(std::int64_t axis, std::size_t rank);
/// Likewise for each; throws Error where two are the same axis. Keeps the order.
std::vector<std::size_t> axesOf(std::span<const std::int64_t> axes, std::size_t rank);

/// Gives the shape back if it holds no more elements than a result may (2^31); throws Error otherwise.
Shape checkedShape(Shape shape);

/// The elements of a row-major tensor as `outer` x `length` x `inner` around one axis.
struct Lines {
  std::int64_t outer = 1, length = 1, inner = 1;
};
Lines linesAlong(const Shape& shape, std::size_t axis);

/// Product of the dimensions [from, to).
std::int64_t product(const Shape& shape, std::size_t from, std::size_t to);

/// The integers of input i. Throws Error(InvalidInput) where it is missing; errors name the input: "input 1
/// (axes): ...".
std::vector<std::int64_t> integersOf(const OpCall& call, std::size_t i, std::string_view what);
/// The one integer of input i. Throws likewise, and where there are several.
std::int64_t integerOf(const OpCall& call, std::size_t i, std::string_view what);
/// Likewise of all, where a backward pass reads them.
std::vector<std::int64_t> integersOf(const BackwardCall& call, std::size_t i, std::string_view what);

/// Throw Error(InvalidInput): "input 1 (axes): ...", "attribute 'axis': ...".
[[noreturn]] void failInput(std::size_t i, std::string_view what, const std::string& problem);
[[noreturn]] void failAttribute(std::string_view what, const std::string& problem);

/// Index counted from the front; throws Error naming the input where it is outside [-size, size).
std::int64_t checkedIndex(std::int64_t index, std::int64_t size, std::size_t input, std::string_view what);

}  // namespace lapidary::core
