// SPDX-License-Identifier: GPL-3.0-or-later
// Models of one node, run by our executor and by ONNX Runtime, which have to agree.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/model/graph.h"

namespace lapidary::tests {

using Attributes = std::map<std::string, core::Attribute>;

inline core::Attribute whole(std::int64_t value) { return value; }

struct NodeCase {
  std::string name;  ///< unique in its table, fit for a file name
  std::string type;
  std::int64_t opset = 17;
  std::vector<core::Tensor> inputs;  ///< undefined where one is omitted
  Attributes attributes = {};
  std::size_t outputs = 1;
  std::string domain = {};
  std::vector<std::size_t> stored = {};  ///< inputs that stand in the model as constants
  double tolerance = 1e-5;               ///< of 1 or the value, whichever is larger
};

/// Runs all cases in ONNX Runtime without its optimiser, and ours on one worker and on three, whose bits have
/// to be the same. Outputs of less than 8 bits and of 8-bit floats are held against each other as floats.
void expectNodesJudged(const std::vector<NodeCase>& cases);

}  // namespace lapidary::tests
