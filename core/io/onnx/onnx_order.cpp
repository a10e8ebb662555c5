// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_order.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace lapidary::core {
namespace {

/// Going back from a node that never became ready, through needs that never did, must come round.
std::vector<std::size_t> findCycle(const std::vector<std::vector<std::size_t>>& before,
                                   const std::vector<std::size_t>& waiting) {
  std::size_t node = 0;
  while (waiting[node] == 0) ++node;
  std::vector<std::size_t> path;
  std::vector<std::size_t> indexInPath(before.size(), before.size());
  while (indexInPath[node] == before.size()) {
    indexInPath[node] = path.size();
    path.push_back(node);
    node = *std::find_if(before[node].begin(), before[node].end(),
                         [&](std::size_t need) { return waiting[need] > 0; });
  }
  std::vector<std::size_t> cycle(path.begin() + static_cast<std::ptrdiff_t>(indexInPath[node]), path.end());
  std::reverse(cycle.begin(), cycle.end());
  std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
  return cycle;
}

}  // namespace

Order executionOrder(const std::vector<std::vector<std::size_t>>& before) {
  std::vector<std::size_t> waiting(before.size());
  std::vector<std::vector<std::size_t>> after(before.size());
  // The smallest ready index first: a file that is in order stays as it is.
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < before.size(); ++i) {
    waiting[i] = before[i].size();
    for (const std::size_t need : before[i]) after[need].push_back(i);
    if (waiting[i] == 0) ready.push(i);
  }
  Order order;
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    order.nodes.push_back(node);
    for (const std::size_t next : after[node])
      if (--waiting[next] == 0) ready.push(next);
  }
  if (order.nodes.size() < before.size()) order.cycle = findCycle(before, waiting);
  return order;
}

}  // namespace lapidary::core
