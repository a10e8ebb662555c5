// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/prune/prune_shapes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "core/compress/prune/prune_by_inputs.h"

namespace lapidary::core {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

float magnitude(float score) {
  const float m = std::fabs(score);
  return m <= std::numeric_limits<float>::max() ? m : infinity;
}

/// Marks which of a few neighbours have fewer than `pruned` of lesser rank before them.
void markNeighbours(const float* scores, std::size_t count, std::size_t pruned, std::uint8_t* marks) {
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t before = 0;
    for (std::size_t j = 0; j < i; ++j) before += scores[j] <= scores[i];
    for (std::size_t j = i + 1; j < count; ++j) before += scores[j] < scores[i];
    marks[i] = before < pruned && scores[i] < infinity;
  }
}

void prunePattern(std::span<const float> scores, const WeightMatrix& matrix, const Prune& prune,
                  std::span<float> out) {
  const auto of = static_cast<std::size_t>(prune.of);
  std::vector<float> near(of);
  std::vector<std::uint8_t> marks(of);
  for (std::size_t o = 0; o < matrix.outputs; ++o)
    for (std::size_t first = 0; first < matrix.inputs; first += of) {
      const std::size_t count = std::min(of, matrix.inputs - first);
      for (std::size_t i = 0; i < count; ++i) near[i] = magnitude(scores[matrix.indexOf(o, first + i)]);
      markNeighbours(near.data(), count, prunedOf(prune, count), marks.data());
      for (std::size_t i = 0; i < count; ++i)
        if (marks[i] != 0) out[matrix.indexOf(o, first + i)] = 0;
    }
}

/// The tiles of a matrix, numbered row by row.
struct Tiles {
  std::size_t rows, columns, across, count;

  Tiles(const WeightMatrix& matrix, const Prune& prune)
      : rows(static_cast<std::size_t>(prune.rows)),
        columns(static_cast<std::size_t>(prune.columns)),
        across(blockCount(matrix.inputs, columns)),
        count(blockCount(matrix.outputs, rows) * across) {}

  /// Calls visit(tile, index) for all weights in the order in which they lie in memory.
  template <class Visit>
  void forEach(const WeightMatrix& matrix, Visit&& visit) const {
    const std::size_t lines = matrix.inputsFirst ? matrix.inputs : matrix.outputs;
    const std::size_t length = matrix.inputsFirst ? matrix.outputs : matrix.inputs;
    const std::size_t lineTile = matrix.inputsFirst ? columns : rows,
                      alongTile = matrix.inputsFirst ? rows : columns;
    const std::size_t lineStep = matrix.inputsFirst ? 1 : across, alongStep = matrix.inputsFirst ? across : 1;
    for (std::size_t line = 0, index = 0; line < lines; ++line)
      for (std::size_t at = 0, tile = line / lineTile * lineStep; at < length; tile += alongStep)
        for (const std::size_t end = std::min(length, at + alongTile); at < end; ++at) visit(tile, index++);
  }
};

void pruneBlocks(std::span<const float> scores, const WeightMatrix& matrix, const Prune& prune,
                 std::span<float> out) {
  const Tiles tiles(matrix, prune);
  std::vector<double> sums(tiles.count);
  const bool squares = prune.criterion == Criterion::Squares;
  tiles.forEach(matrix, [&](std::size_t tile, std::size_t index) {
    const auto score = static_cast<double>(magnitude(scores[index]));
    sums[tile] += squares ? score * score : score;
  });
  const auto wanted = static_cast<std::size_t>(std::floor(prune.value * static_cast<double>(tiles.count)));
  std::vector<std::uint32_t> order(tiles.count);
  std::iota(order.begin(), order.end(), 0u);
  if (wanted < order.size())
    std::ranges::nth_element(
        order, order.begin() + static_cast<std::ptrdiff_t>(wanted),
        [&](std::uint32_t a, std::uint32_t b) { return sums[a] != sums[b] ? sums[a] < sums[b] : a < b; });
  std::vector<std::uint8_t> gone(tiles.count);
  for (std::size_t i = 0; i < std::min(wanted, order.size()); ++i) gone[order[i]] = 1;
  tiles.forEach(matrix, [&](std::size_t tile, std::size_t index) {
    if (gone[tile] != 0 && std::isfinite(out[index])) out[index] = 0;
  });
}

}  // namespace

bool prunesInShape(const Prune& prune) {
  const bool shape = prune.mode == PruneMode::Pattern || prune.mode == PruneMode::Blocks;
  return shape && prune.criterion != Criterion::Wanda && prune.criterion != Criterion::Reconstruct;
}

Prune shapeOf(const Prune& prune) {
  Prune shape;
  shape.mode = prune.mode;
  shape.criterion = prune.criterion;
  if (prune.mode == PruneMode::Pattern) {
    shape.keep = prune.keep, shape.of = prune.of;
    if (shape.criterion == Criterion::Squares) shape.criterion = Criterion::Magnitude;  // the same ranking
  } else {
    shape.value = prune.value, shape.rows = prune.rows, shape.columns = prune.columns;
  }
  return shape;
}

void pruneInShape(std::span<const float> weights, std::span<const float> scores, const WeightMatrix& matrix,
                  const Prune& prune, std::span<float> out) {
  std::ranges::copy(weights, out.begin());
  if (prune.mode == PruneMode::Pattern)
    prunePattern(scores, matrix, prune, out);
  else
    pruneBlocks(scores, matrix, prune, out);
}

}  // namespace lapidary::core
