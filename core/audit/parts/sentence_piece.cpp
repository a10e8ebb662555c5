// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/sentence_piece.h"

#include <utility>

#include "core/audit/parts/wire_walk.h"

namespace lapidary::core {
namespace {

/// A text, then perhaps a score and a kind.
bool isPiece(std::span<const std::byte> message) {
  bool text = false;
  return walkFields(message,
                    [&](const WireEntry& entry) {
                      const auto& [number, type] = std::pair(entry.field.number, entry.field.type);
                      text = text || (number == 1 && type == bytesWire);
                      return (number == 1 && type == bytesWire) || (number == 2 && type == fourBytesWire) ||
                             (number == 3 && type == varintWire);
                    }) &&
         text;
}

}  // namespace

bool isSentencePiece(std::span<const std::byte> bytes) {
  std::size_t pieces = 0;
  return walkFields(bytes,
                    [&](const WireEntry& entry) {
                      if (entry.field.number < 1 || entry.field.number > 5 || entry.field.type != bytesWire)
                        return false;
                      if (entry.field.number != 1) return true;
                      ++pieces;
                      return isPiece(entry.payload);
                    }) &&
         pieces >= 3;
}

}  // namespace lapidary::core
