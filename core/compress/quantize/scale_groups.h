// SPDX-License-Identifier: GPL-3.0-or-later
// The groups of elements of a weight that share a scale, and a walk over them that compilers can vectorise.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "core/model/weight_matrix.h"

namespace lapidary::core {

/// Groups of elements: one for the tensor, one a channel, or one for every block of inputs of an output. They
/// are numbered in the order in which the scales of a WeightEncoding lie in memory.
class ScaleGroups {
 public:
  static ScaleGroups single(std::size_t elements) { return {Walk::Runs, 1, 1, elements, elements}; }
  /// One group for every index along the axis.
  static ScaleGroups along(const Shape& shape, int axis);
  /// One group for every `blockSize` neighbouring inputs of an output, the last one possibly shorter.
  static ScaleGroups blocks(const WeightMatrix& matrix, std::size_t blockSize);

  std::size_t count() const { return m_count; }

  /// Calls run(begin, length, group, perElement) for runs of contiguous elements that make up the weight: of
  /// one group each (perElement false), or, where neighbours lie in neighbouring groups, element i of the run
  /// in group `group` + i (perElement true, a compile-time constant like false).
  template <class Run>
  void forEachRun(Run&& run) const {
    if (m_walk == Walk::Rows) {
      for (std::size_t row = 0; row < m_outer; ++row)
        run(row * m_middle, m_middle, row / m_block * m_middle, std::true_type{});
      return;
    }
    const std::size_t perLine = m_walk == Walk::Blocks ? m_count / std::max<std::size_t>(1, m_middle) : 1;
    for (std::size_t o = 0; o < m_outer; ++o)
      for (std::size_t m = 0; m < m_middle; ++m) {
        const std::size_t line = (o * m_middle + m) * m_inner;
        for (std::size_t at = 0, b = 0; at < m_inner; at += m_block, ++b)
          run(line + at, std::min(m_block, m_inner - at), m * perLine + b, std::false_type{});
      }
  }

 private:
  /// Runs: m_outer times m_middle groups of m_inner elements. Blocks: the same, cut into m_block elements a
  /// group. Rows: m_outer rows of m_middle elements, m_block of them for each row of groups.
  enum class Walk { Runs, Blocks, Rows };
  ScaleGroups(Walk walk, std::size_t outer, std::size_t middle, std::size_t inner, std::size_t block)
      : m_walk(walk),
        m_outer(outer),
        m_middle(middle),
        m_inner(inner),
        m_block(std::max<std::size_t>(1, block)),
        m_count(middle) {}

  Walk m_walk;
  std::size_t m_outer, m_middle, m_inner, m_block, m_count;
};

/// The elements of every group side by side: those of group g are values[begin[g]] to values[begin[g + 1]].
struct GroupedValues {
  std::vector<float> values;
  std::vector<std::size_t> begin;

  std::span<const float> of(std::size_t group) const {
    return std::span(values).subspan(begin[group], begin[group + 1] - begin[group]);
  }
};

/// Without the elements that are zero where `skipZeros`.
GroupedValues groupedValues(std::span<const float> values, const ScaleGroups& groups, bool skipZeros);

}  // namespace lapidary::core
