// SPDX-License-Identifier: GPL-3.0-or-later
// Heads of attention as operators are given them: side by side in one row, or as an axis of their own.
#pragma once

#include "core/model/tensor.h"

namespace lapidary::core {

/// [batch, length, heads * size] as [batch, heads, length, size]; what has four axes stays. Throws Error
/// naming `what` for any other shape, and where the heads do not part the row evenly.
Tensor partedHeads(const Tensor& rows, std::int64_t heads, const char* what);
/// [batch, heads, length, size] as [batch, length, heads * size].
Tensor joinedHeads(const Tensor& heads);

/// Keys or values behind those of the past, along the length. Throws Error where they do not fit.
Tensor behindPast(const Tensor& past, const Tensor& fresh, const char* what);
/// The lines [first, first + count) of the length of [batch, heads, length, size].
Tensor lengthSlice(const Tensor& heads, std::int64_t first, std::int64_t count);
/// The heads [first, first + count) of it.
Tensor headSlice(const Tensor& heads, std::int64_t first, std::int64_t count);
/// Copies lines of one head of [batch, heads, length, size] to a head of a builder of that form, both counted
/// through all samples.
void copyLines(const Tensor& from, std::int64_t fromHead, std::int64_t fromLine, TensorBuilder& to,
               std::int64_t toHead, std::int64_t toLine, std::int64_t count);

/// What is added to the scores, as [batch or 1, heads or 1, queries, keys] in Float32: of truth values 0
/// where they are true and minus infinity elsewhere. A mask for fewer keys hides the others. Throws Error
/// naming `what` where it does not broadcast to `scores`.
Tensor scoreMask(const Tensor& mask, const Shape& scores, const char* what);
/// The gradient of such a mask in the shape that it was given in.
Tensor maskGradient(const Tensor& gradient, const Shape& given);

}  // namespace lapidary::core
