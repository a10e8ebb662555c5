// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/onnx/wire_walk.h"

namespace lapidary::core {

std::optional<std::vector<WireEntry>> wireEntries(std::span<const std::byte> message) {
  constexpr std::uint32_t lengthDelimited = 2;
  std::vector<WireEntry> entries;
  for (std::size_t at = 0; at < message.size();) {
    const auto field = readField(message, at);
    if (!field) return std::nullopt;
    const std::uint64_t length = payloadLength(*field);
    if (field->payload > message.size() || length > message.size() - field->payload) return std::nullopt;
    entries.push_back({*field, {}});
    if (field->type == lengthDelimited) entries.back().payload = message.subspan(field->payload, length);
    at = field->payload + length;
  }
  return entries;
}

void appendVarints(const WireEntry& entry, std::vector<std::int64_t>& numbers) {
  if (entry.field.type == 0) {
    numbers.push_back(static_cast<std::int64_t>(entry.field.value));
    return;
  }
  std::uint64_t number = 0;
  unsigned shift = 0;
  for (const std::byte b : entry.payload) {
    if (shift < 64) number |= (std::to_integer<std::uint64_t>(b) & 127) << shift;
    shift += 7;
    if (std::to_integer<unsigned>(b) >= 128) continue;
    numbers.push_back(static_cast<std::int64_t>(number));
    number = shift = 0;
  }
}

}  // namespace lapidary::core
