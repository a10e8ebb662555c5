// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/wire_walk.h"

namespace lapidary::core {

std::optional<std::vector<WireEntry>> wireEntries(std::span<const std::byte> message) {
  std::vector<WireEntry> entries;
  const bool whole = walkFields(message, [&](const WireEntry& entry) {
    entries.push_back(entry);
    return true;
  });
  return whole ? std::optional(std::move(entries)) : std::nullopt;
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
