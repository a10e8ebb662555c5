// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/indexing/index_maps.h"

#include <algorithm>
#include <numeric>

#include "core/ops/axes.h"
#include "core/ops/checks.h"
#include "core/ops/dtype_dispatch.h"

namespace lapidary::core {
namespace {

/// A stretch of the innermost mapped axis whose sources follow each other (source -1: filled).
struct Segment {
  std::int64_t source, target, length;
};

bool isIdentity(const std::vector<std::int64_t>& map, std::int64_t size) {
  if (static_cast<std::int64_t>(map.size()) != size) return false;
  for (std::int64_t i = 0; i < size; ++i)
    if (map[static_cast<std::size_t>(i)] != i) return false;
  return true;
}

std::vector<Segment> segmentsOf(const std::vector<std::int64_t>& map, std::int64_t run) {
  std::vector<Segment> segments;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const std::int64_t source = map[i] < 0 ? -1 : map[i] * run;
    if (!segments.empty()) {
      Segment& last = segments.back();
      const bool follows =
          source < 0 ? last.source < 0 : last.source >= 0 && source == last.source + last.length;
      if (follows) {
        last.length += run;
        continue;
      }
    }
    segments.push_back({source, static_cast<std::int64_t>(i) * run, run});
  }
  return segments;
}

/// The walk over a source by maps: outer axes one position at a time, then segments.
struct Walk {
  std::vector<const std::vector<std::int64_t>*> outer;
  std::vector<std::int64_t> outerStride;  ///< of the source, in elements
  std::vector<Segment> segments;
  std::int64_t rowLength = 1;  ///< elements that the segments make together
};

Walk planWalk(const Shape& source, const IndexMaps& maps) {
  Walk walk;
  std::size_t inner = source.size();
  std::int64_t run = 1;
  while (inner > 0 && isIdentity(maps.axes[inner - 1], source[inner - 1])) run *= source[--inner];
  if (inner == 0) {
    walk.segments.push_back({0, 0, run});
    walk.rowLength = run;
    return walk;
  }
  walk.segments = segmentsOf(maps.axes[inner - 1], run);
  walk.rowLength = static_cast<std::int64_t>(maps.axes[inner - 1].size()) * run;
  for (std::size_t d = 0; d + 1 < inner; ++d) {
    walk.outer.push_back(&maps.axes[d]);
    walk.outerStride.push_back(product(source, d + 1, source.size()));
  }
  return walk;
}

/// Calls `row(target offset, source offset or -1)` for every combination of outer positions.
template <class Row>
void forEachOuter(const Walk& walk, std::size_t axis, std::int64_t source, std::int64_t& target, Row& row) {
  if (axis == walk.outer.size()) {
    row(target, source);
    target += walk.rowLength;
    return;
  }
  for (const std::int64_t index : *walk.outer[axis]) {
    const bool filled = source < 0 || index < 0;
    forEachOuter(walk, axis + 1, filled ? -1 : source + index * walk.outerStride[axis], target, row);
  }
}

template <class Word>
void copyRow(const Walk& walk, const Word* __restrict source, Word* __restrict target, Word fill) {
  for (const Segment& segment : walk.segments) {
    if (segment.source < 0)
      std::fill_n(target + segment.target, segment.length, fill);
    else if (segment.length == 1)
      target[segment.target] = source[segment.source];
    else
      std::copy_n(source + segment.source, segment.length, target + segment.target);
  }
}

template <class Word>
void gatherWords(const Walk& walk, const Word* source, Word* target, Word fill) {
  auto row = [&](std::int64_t to, std::int64_t from) {
    if (from < 0)
      std::fill_n(target + to, walk.rowLength, fill);
    else
      copyRow(walk, source + from, target + to, fill);
  };
  std::int64_t target0 = 0;
  forEachOuter(walk, 0, 0, target0, row);
}

}  // namespace

Shape IndexMaps::resultShape() const {
  Shape shape;
  for (const auto& map : axes) shape.push_back(static_cast<std::int64_t>(map.size()));
  return shape;
}

std::vector<std::int64_t> identityMap(std::int64_t count) {
  std::vector<std::int64_t> map(static_cast<std::size_t>(count));
  std::iota(map.begin(), map.end(), 0);
  return map;
}

IndexMaps identityMaps(const Shape& shape) {
  IndexMaps maps;
  for (const std::int64_t size : shape) maps.axes.push_back(identityMap(size));
  return maps;
}

Tensor gatherByMaps(const Tensor& data, const IndexMaps& maps, const Tensor& fill) {
  const Shape shape = checkedShape(maps.resultShape());
  return moveElements(data, [&](const Tensor& from) {
    TensorBuilder out(from.dtype(), shape);
    if (out.size() == 0) return std::move(out).build();
    visitWidth(from.dtype(), [&]<class Word>(Word zero) {
      const Word filler = fill.defined() ? *wordsOf<Word>(convert(fill, from.dtype())) : zero;
      gatherWords(planWalk(from.shape(), maps), wordsOf<Word>(from), wordsOf<Word>(out), filler);
    });
    return std::move(out).build();
  });
}

Tensor scatterByMaps(const Tensor& gradient, const IndexMaps& maps, const Shape& shape) {
  TensorBuilder out = zeros(shape);
  const auto sums = out.as<float>();
  if (gradient.size() > 0 && out.size() > 0) {
    const Walk walk = planWalk(shape, maps);
    const float* from = gradient.as<float>().data();
    auto row = [&](std::int64_t at, std::int64_t to) {
      if (to < 0) return;
      for (const Segment& segment : walk.segments)
        for (std::int64_t i = 0; segment.source >= 0 && i < segment.length; ++i)
          sums[static_cast<std::size_t>(to + segment.source + i)] += from[at + segment.target + i];
    };
    std::int64_t start = 0;
    forEachOuter(walk, 0, 0, start, row);
  }
  return std::move(out).build();
}

}  // namespace lapidary::core
