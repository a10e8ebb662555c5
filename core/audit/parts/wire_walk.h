// SPDX-License-Identifier: GPL-3.0-or-later
// A protobuf message walked field by field, without its schema's classes, so that what they would skip is
// seen.
#pragma once

#include <optional>
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

inline constexpr std::uint32_t varintWire = 0, bytesWire = 2, fourBytesWire = 5;

/// Visits field by field, with the bytes of those that are length-delimited, until `visit` says false.
/// Whether it never did and the message could be walked to its end.
template <class Visit>
bool walkFields(std::span<const std::byte> message, Visit&& visit) {
  for (std::size_t at = 0; at < message.size();) {
    const auto field = readField(message, at);
    if (!field) return false;
    const std::uint64_t length = payloadLength(*field);
    if (field->payload > message.size() || length > message.size() - field->payload) return false;
    const bool bytes = field->type == bytesWire;
    if (!visit(WireEntry{*field, bytes ? message.subspan(field->payload, length) : message.first(0)}))
      return false;
    at = field->payload + length;
  }
  return true;
}

/// The fields of a message in the order in which they stand; nothing where it cannot be walked to its end.
std::optional<std::vector<WireEntry>> wireEntries(std::span<const std::byte> message);

/// Numbers of a repeated varint field, packed or not.
void appendVarints(const WireEntry& entry, std::vector<std::int64_t>& numbers);

}  // namespace lapidary::core
