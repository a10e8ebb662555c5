// SPDX-License-Identifier: GPL-3.0-or-later
// The names that a graph's values have taken, and new ones that clash with none of them.
#pragma once

#include <string>
#include <unordered_set>

#include "core/model/graph.h"

namespace lapidary::core {

class FreshNames {
 public:
  FreshNames() = default;
  /// Names inside subgraphs are taken too: a subgraph must not redefine one of the graph around it.
  explicit FreshNames(const Graph& graph);

  void take(const std::string& name) { m_taken.insert(name); }
  /// `wanted`, or that with a number where it is taken; it is taken from then on.
  std::string fresh(const std::string& wanted);

 private:
  void takeAll(const Graph& graph);

  std::unordered_set<std::string> m_taken;
};

}  // namespace lapidary::core
