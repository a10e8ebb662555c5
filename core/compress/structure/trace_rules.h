// SPDX-License-Identifier: GPL-3.0-or-later
// The tables that say of every operator how channels pass through it, or why they have to stay. A test holds
// them against the table of operators.
#pragma once

#include <span>
#include <string_view>

#include "core/compress/structure/node_trace.h"

namespace lapidary::core {

struct TraceRow {
  std::string_view type;
  TraceRule rule;
  std::string_view domain = "";  ///< "" is ai.onnx
};

/// An operator that no channel is followed through, on purpose.
struct PinRow {
  std::string_view type;
  std::string_view why;  ///< what it does, to follow "a node, which ..."
  std::string_view domain = "";
};

std::span<const TraceRow> traceRows();
std::span<const PinRow> pinRows();

/// Null where there is none: such nodes pin what they touch.
TraceRule traceRuleFor(std::string_view domain, std::string_view opType);
/// What a node does for which the channels that reach it have to stay, to follow "a node, which ...".
std::string_view whyPinned(std::string_view domain, std::string_view opType);

}  // namespace lapidary::core
