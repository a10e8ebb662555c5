// SPDX-License-Identifier: GPL-3.0-or-later
// An order in which nodes can run, or a cycle that forbids one.
#pragma once

#include <cstddef>
#include <vector>

namespace lapidary::core {

struct Order {
  std::vector<std::size_t> nodes;  ///< every node after those it needs, otherwise as given
  std::vector<std::size_t> cycle;  ///< one cycle, where there is one; `nodes` is then incomplete
};

/// `before[i]` are the nodes that node i needs.
Order executionOrder(const std::vector<std::vector<std::size_t>>& before);

}  // namespace lapidary::core
