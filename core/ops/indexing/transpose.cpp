// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/indexing/transpose.h"

#include <algorithm>
#include <cstring>

#include "core/ops/dtype_dispatch.h"

namespace lapidary::core {
namespace {

/// An output axis: its size, and how far a step along it goes in the source and in the target (elements).
struct Axis {
  std::int64_t size, source, target;
};

/// Output axes, outermost first; axes that lie beside each other in both tensors are merged.
std::vector<Axis> mergedAxes(const Shape& shape, const std::vector<std::size_t>& permutation) {
  std::vector<std::int64_t> sourceStride(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;) sourceStride[d - 1] = sourceStride[d] * shape[d];
  std::vector<Axis> axes;
  for (const std::size_t from : permutation) {
    if (shape[from] == 1) continue;
    if (!axes.empty() && axes.back().source == sourceStride[from] * shape[from]) {
      axes.back() = {axes.back().size * shape[from], sourceStride[from], 1};
    } else {
      axes.push_back({shape[from], sourceStride[from], 1});
    }
  }
  for (std::size_t d = axes.size(); d-- > 1;) axes[d - 1].target = axes[d].target * axes[d].size;
  return axes;
}

/// Calls `body(sourceOffset, targetOffset)` for every position along `axes`.
template <class Body>
void forEachPosition(const std::vector<Axis>& axes, Body&& body) {
  std::vector<std::int64_t> position(axes.size(), 0);
  std::int64_t source = 0;
  std::int64_t target = 0;
  while (true) {
    body(source, target);
    std::size_t d = axes.size();
    while (d-- > 0) {
      source += axes[d].source;
      target += axes[d].target;
      if (++position[d] < axes[d].size) break;
      source -= axes[d].source * axes[d].size;
      target -= axes[d].target * axes[d].size;
      position[d] = 0;
    }
    if (d == static_cast<std::size_t>(-1)) return;
  }
}

/// Transposes a plane: `row` is contiguous in the source, `column` in the target. Small tiles keep
/// both sides in the cache.
template <class Word>
void transposePlane(const Word* source, Word* target, const Axis& row, const Axis& column) {
  constexpr std::int64_t tile = 16;
  for (std::int64_t r = 0; r < row.size; r += tile) {
    const std::int64_t rows = std::min(tile, row.size - r);
    for (std::int64_t c = 0; c < column.size; c += tile) {
      const std::int64_t columns = std::min(tile, column.size - c);
      for (std::int64_t i = r; i < r + rows; ++i) {
        Word* __restrict to = target + i * row.target + c;
        const Word* __restrict from = source + i + c * column.source;
        for (std::int64_t j = 0; j < columns; ++j) to[j] = from[j * column.source];
      }
    }
  }
}

template <class Word>
void permute(const Word* source, Word* target, std::vector<Axis> axes) {
  const Axis last = axes.back();
  axes.pop_back();
  if (last.source == 1) {
    const auto run = static_cast<std::size_t>(last.size) * sizeof(Word);
    forEachPosition(
        axes, [&](std::int64_t from, std::int64_t to) { std::memcpy(target + to, source + from, run); });
    return;
  }
  const auto contiguous = std::ranges::find(axes, 1, &Axis::source);
  const Axis row = *contiguous;
  axes.erase(contiguous);
  forEachPosition(axes, [&](std::int64_t from, std::int64_t to) {
    transposePlane(source + from, target + to, row, last);
  });
}

}  // namespace

Tensor transposed(const Tensor& tensor, const std::vector<std::size_t>& permutation) {
  Shape shape;
  for (const std::size_t from : permutation) shape.push_back(tensor.shape()[from]);
  if (tensor.size() == 0) return tensor.reshaped(std::move(shape));
  const std::vector<Axis> axes = mergedAxes(tensor.shape(), permutation);
  if (axes.size() < 2) return tensor.reshaped(std::move(shape));
  return moveElements(tensor, [&](const Tensor& from) {
    TensorBuilder out(from.dtype(), shape);
    visitWidth(from.dtype(),
               [&]<class Word>(Word) { permute(wordsOf<Word>(from), wordsOf<Word>(out), axes); });
    return std::move(out).build();
  });
}

std::vector<std::size_t> inversePermutation(const std::vector<std::size_t>& permutation) {
  std::vector<std::size_t> inverse(permutation.size());
  for (std::size_t i = 0; i < permutation.size(); ++i) inverse[permutation[i]] = i;
  return inverse;
}

}  // namespace lapidary::core
