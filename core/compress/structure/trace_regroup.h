// SPDX-License-Identifier: GPL-3.0-or-later
// How the axes before and after a reshape fall into runs of equal size.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary::core {

/// Input axes [inBegin, inEnd) hold the same elements as output axes [outBegin, outEnd).
struct AxisRun {
  std::size_t inBegin = 0, inEnd = 0, outBegin = 0, outEnd = 0;
};

struct Regrouping {
  std::vector<AxisRun> runs;  ///< in no particular order; they cover every axis once, with `rest`
  AxisRun rest;               ///< what could not be matched, because sizes are not known; may be empty
};

/// Sizes of -1 are not known: two of them match where nothing is left to tell them apart.
Regrouping regroup(std::span<const std::int64_t> in, std::span<const std::int64_t> out);

}  // namespace lapidary::core
