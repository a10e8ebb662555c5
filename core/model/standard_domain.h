// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the operators of ONNX itself from those of others. Their domain is written as "" and as "ai.onnx".
#pragma once

#include <string_view>

#include "core/model/graph.h"

namespace lapidary::core {

constexpr bool isStandardDomain(std::string_view domain) { return domain.empty() || domain == "ai.onnx"; }

/// Whether the node is ONNX's own operator of that type.
inline bool isStandard(const Node& node, std::string_view opType) {
  return node.opType == opType && isStandardDomain(node.domain);
}

}  // namespace lapidary::core
