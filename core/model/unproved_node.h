// SPDX-License-Identifier: GPL-3.0-or-later
// A node of a written file for which no rule says that every runtime answers as this program does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lapidary::core {

/// What is not among the things that were tried at every level of ONNX Runtime's optimiser.
enum class Unproved {
  Operator,     ///< the operator that reads a weight
  Layout,       ///< what stands between the codes of a weight and the operator
  Codes,        ///< the type of the codes of a weight
  Activations,  ///< the codes that it reads its activations from, or itself between such codes
  Rewrite,      ///< it stands as a rule rewrites it into other arithmetic
};

/// A word for scripts: "operator".
constexpr std::string_view idOf(Unproved why) {
  constexpr std::string_view ids[] = {"operator", "layout", "codes", "activations", "rewrite"};
  return ids[static_cast<std::size_t>(why)];
}

struct UnprovedNode {
  std::string name;    ///< of the node, or of what it gives
  std::string opType;  ///< "Gemm"
  Unproved why;
  bool operator==(const UnprovedNode&) const = default;
};

/// Of a file with a graph: empty where every node is covered by a rule.
using UnprovedNodes = std::vector<UnprovedNode>;

}  // namespace lapidary::core
