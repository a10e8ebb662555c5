// SPDX-License-Identifier: GPL-3.0-or-later
// A protobuf message walked field by field, without its schema's classes, so that what they would skip is
// seen.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/io/onnx/onnx_wire.h"

namespace lapidary::core {

struct WireEntry {
  WireField field;
  std::span<const std::byte> payload;  ///< of a length-delimited field; empty for others

  std::string text() const { return {reinterpret_cast<const char*>(payload.data()), payload.size()}; }
};

/// The fields of a message in the order in which they stand; nothing where it cannot be walked to its end.
std::optional<std::vector<WireEntry>> wireEntries(std::span<const std::byte> message);

/// Numbers of a repeated varint field, packed or not.
void appendVarints(const WireEntry& entry, std::vector<std::int64_t>& numbers);

}  // namespace lapidary::core
