// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/attention/heads.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/ops/broadcast.h"
#include "core/ops/checks.h"
#include "core/ops/indexing/transpose.h"

namespace lapidary::core {
namespace {

Tensor asScores(const Tensor& mask) {
  if (mask.dtype() != DType::Bool) return toFloat32(mask);
  TensorBuilder scores(DType::Float32, mask.shape());
  std::ranges::transform(mask.as<bool>(), scores.as<float>().begin(),
                         [](bool seen) { return seen ? 0.0f : -std::numeric_limits<float>::infinity(); });
  return std::move(scores).build();
}

/// Every row gets as many scores as there are keys, those behind it minus infinity.
Tensor filledUp(const Tensor& scores, std::int64_t keys) {
  const std::int64_t given = scores.shape().back();
  if (given == 1 || given >= keys) return scores;
  Shape shape = scores.shape();
  shape.back() = keys;
  TensorBuilder filled(DType::Float32, checkedShape(shape));
  std::ranges::fill(filled.as<float>(), -std::numeric_limits<float>::infinity());
  for (std::int64_t row = 0; row < (given == 0 ? 0 : scores.size() / given); ++row)
    std::copy_n(scores.as<float>().data() + row * given, given, filled.as<float>().data() + row * keys);
  return std::move(filled).build();
}

}  // namespace

Tensor partedHeads(const Tensor& rows, std::int64_t heads, const char* what) {
  if (rows.rank() == 4) return rows;
  if (rows.rank() != 3)
    invalid(std::string(what) + " has shape " + toText(rows.shape()) + ", 3 or 4 dimensions were expected");
  const std::int64_t width = rows.shape()[2];
  if (heads < 1 || width % heads != 0)
    invalid(std::string(what) + " has rows of " + std::to_string(width) + ", which " + std::to_string(heads) +
            " heads do not part evenly");
  return transposed(rows.reshaped({rows.shape()[0], rows.shape()[1], heads, width / heads}), {0, 2, 1, 3});
}

Tensor joinedHeads(const Tensor& heads) {
  const Shape& shape = heads.shape();
  return transposed(heads, {0, 2, 1, 3}).reshaped({shape[0], shape[2], shape[1] * shape[3]});
}

void copyLines(const Tensor& from, std::int64_t fromHead, std::int64_t fromLine, TensorBuilder& to,
               std::int64_t toHead, std::int64_t toLine, std::int64_t count) {
  if (count <= 0 || from.size() == 0) return;
  const Shape& shape = from.shape();
  const std::size_t line = from.bytes().size() / static_cast<std::size_t>(shape[0] * shape[1] * shape[2]);
  const auto at = [line](std::int64_t head, std::int64_t length, std::int64_t first) {
    return line * static_cast<std::size_t>(head * length + first);
  };
  std::memcpy(to.bytes().data() + at(toHead, to.shape()[2], toLine),
              from.bytes().data() + at(fromHead, shape[2], fromLine), line * static_cast<std::size_t>(count));
}

Tensor behindPast(const Tensor& past, const Tensor& fresh, const char* what) {
  Shape shape = fresh.shape();
  if (past.rank() != 4 || past.dtype() != fresh.dtype() || past.shape()[0] != shape[0] ||
      past.shape()[1] != shape[1] || past.shape()[3] != shape[3])
    invalid(std::string(what) + " is " + describe(past) + ", which does not continue in " + describe(fresh));
  const std::int64_t before = past.shape()[2], behind = shape[2];
  shape[2] += before;
  TensorBuilder both(fresh.dtype(), checkedShape(shape));
  for (std::int64_t head = 0; head < shape[0] * shape[1]; ++head) {
    copyLines(past, head, 0, both, head, 0, before);
    copyLines(fresh, head, 0, both, head, before, behind);
  }
  return std::move(both).build();
}

Tensor lengthSlice(const Tensor& heads, std::int64_t first, std::int64_t count) {
  Shape shape = heads.shape();
  if (first == 0 && count == shape[2]) return heads;
  shape[2] = count;
  TensorBuilder slice(heads.dtype(), shape);
  for (std::int64_t head = 0; head < shape[0] * shape[1]; ++head)
    copyLines(heads, head, first, slice, head, 0, count);
  return std::move(slice).build();
}

Tensor headSlice(const Tensor& heads, std::int64_t first, std::int64_t count) {
  Shape shape = heads.shape();
  const std::int64_t all = shape[1];
  shape[1] = count;
  TensorBuilder slice(heads.dtype(), shape);
  for (std::int64_t head = 0; head < shape[0] * count; ++head)
    copyLines(heads, head / count * all + first + head % count, 0, slice, head, 0, shape[2]);
  return std::move(slice).build();
}

Tensor scoreMask(const Tensor& mask, const Shape& scores, const char* what) {
  if (mask.dtype() != DType::Bool && !isFloating(mask.dtype()))
    invalid(std::string(what) + " is " + std::string(name(mask.dtype())) +
            ", truth values or floats were expected");
  if (mask.rank() < 1 || mask.rank() > 4)
    invalid(std::string(what) + " has shape " + toText(mask.shape()) + ", 1 to 4 dimensions were expected");
  const Tensor added = filledUp(asScores(mask), scores[3]);
  Shape shape(4 - added.rank(), 1);
  shape.insert(shape.end(), added.shape().begin(), added.shape().end());
  Shape full = shape;
  full[2] = scores[2];
  full[3] = scores[3];
  for (std::size_t i = 0; i < 4; ++i)
    if (shape[i] != 1 && shape[i] != scores[i])
      invalid(std::string(what) + " has shape " + toText(mask.shape()) +
              ", which does not broadcast to the scores " + toText(scores));
  return expandTo(added.reshaped(shape), full);
}

Tensor maskGradient(const Tensor& gradient, const Shape& given) {
  Shape filled = given;
  const std::int64_t keys = gradient.shape()[3];
  if (filled.back() != 1) filled.back() = keys;
  const Tensor sum = sumTo(gradient, filled);
  if (filled == given) return sum;
  const std::int64_t rows = product(given, 0, given.size() - 1);
  return lengthSlice(sum.reshaped({1, rows, keys, 1}), 0, given.back()).reshaped(given);
}

}  // namespace lapidary::core
