// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/sentence_piece.h"

#include "core/io/onnx/onnx_wire.h"

namespace lapidary::core {
namespace {

using View = std::span<const std::byte>;
constexpr std::uint32_t numberType = 0, bytesType = 2, fourType = 5;

template <class Visit>
bool walk(View message, Visit&& visit) {
  for (std::size_t at = 0; at < message.size();) {
    const auto field = readField(message, at);
    if (!field) return false;
    const std::uint64_t length = payloadLength(*field);
    if (field->payload > message.size() || length > message.size() - field->payload) return false;
    if (!visit(*field)) return false;
    at = field->payload + length;
  }
  return true;
}

/// A text, then perhaps a score and a kind.
bool isPiece(View message) {
  bool text = false;
  return walk(message,
              [&](const WireField& field) {
                text = text || (field.number == 1 && field.type == bytesType);
                return (field.number == 1 && field.type == bytesType) ||
                       (field.number == 2 && field.type == fourType) ||
                       (field.number == 3 && field.type == numberType);
              }) &&
         text;
}

}  // namespace

bool isSentencePiece(View bytes) {
  std::size_t pieces = 0;
  return walk(bytes,
              [&](const WireField& field) {
                if (field.number < 1 || field.number > 5 || field.type != bytesType) return false;
                if (field.number != 1) return true;
                ++pieces;
                return isPiece(bytes.subspan(field.payload, payloadLength(field)));
              }) &&
         pieces >= 3;
}

}  // namespace lapidary::core
