// SPDX-License-Identifier: GPL-3.0-or-later
// How well a cache serves.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lapidary::core {

struct CacheStatistics {
  std::size_t bytes = 0, budget = 0, entries = 0;
  std::uint64_t hits = 0, misses = 0;
};

}  // namespace lapidary::core
