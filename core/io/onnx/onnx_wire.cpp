// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_wire.h"

#include <algorithm>
#include <array>

#include "core/io/onnx/onnx.h"
#include "core/io/onnx/wire_types.h"

namespace lapidary::core {
namespace {

struct KnownField {
  std::uint32_t number;
  std::uint32_t type;
};

/// The fields of ONNX's ModelProto.
constexpr std::array<KnownField, 11> modelFields{{{1, varintType},
                                                  {2, delimitedType},
                                                  {3, delimitedType},
                                                  {4, delimitedType},
                                                  {5, varintType},
                                                  {6, delimitedType},
                                                  {7, delimitedType},
                                                  {8, delimitedType},
                                                  {14, delimitedType},
                                                  {20, delimitedType},
                                                  {25, delimitedType}}};

bool isLetter(std::byte byte) {
  const int code = std::to_integer<int>(byte);
  return code >= 32 && code < 127;
}

bool isModelField(const WireField& field) {
  for (const KnownField& known : modelFields)
    if (known.number == field.number && known.type == field.type) return true;
  return false;
}

bool isGraphField(const WireField& field) {
  constexpr std::array<std::uint32_t, 9> delimited{1, 2, 5, 10, 11, 12, 13, 14, 15};
  return field.type == delimitedType &&
         std::find(delimited.begin(), delimited.end(), field.number) != delimited.end();
}

/// Calls `visit` for each field of a message; false where the message cannot be walked to its end.
template <class Visit>
bool walkFields(std::span<const std::byte> message, Visit&& visit) {
  for (std::size_t at = 0; at < message.size();) {
    const auto field = readField(message, at);
    if (!field) return false;
    const std::uint64_t length = payloadLength(*field);
    if (field->payload > message.size() || length > message.size() - field->payload) return false;
    visit(*field);
    at = field->payload + length;
  }
  return true;
}

bool isGraph(std::span<const std::byte> message) {
  bool known = false;
  return walkFields(message, [&](const WireField& field) { known = known || isGraphField(field); }) && known;
}

/// Two fields of a model, the first of them no letter: so a model that breaks off later is known, too, and no
/// text is taken for one.
bool startsAsModel(std::span<const std::byte> bytes) {
  const auto first = readField(bytes, 0);
  if (!first || !isModelField(*first) || isLetter(bytes.front())) return false;
  const std::uint64_t length = payloadLength(*first);
  const std::size_t left = bytes.size() - first->payload;
  if (length >= left) return length == left;
  const auto second = readField(bytes, first->payload + length);
  return second && isModelField(*second);
}

enum class Walk { Model, Other, Broken };

/// A message that holds a graph, one that does not, or one that cannot be walked to its end. Fields that no
/// model has may stand anywhere: every reader of protobuf passes over them.
Walk walkAll(std::span<const std::byte> bytes) {
  bool graph = false;
  const bool whole = walkFields(bytes, [&](const WireField& field) {
    if (field.number == 7 && field.type == delimitedType && !graph)
      graph = isGraph(bytes.subspan(field.payload, payloadLength(field)));
  });
  return !whole ? Walk::Broken : graph ? Walk::Model : Walk::Other;
}

std::optional<std::uint64_t> readVarint(std::span<const std::byte> bytes, std::size_t& offset) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && offset < bytes.size(); shift += 7) {
    const auto byte = std::to_integer<std::uint64_t>(bytes[offset++]);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<WireField> readField(std::span<const std::byte> bytes, std::size_t offset) {
  WireField field;
  field.start = offset;
  const auto tag = readVarint(bytes, offset);
  if (!tag || *tag > 0xffffffffu) return std::nullopt;
  field.number = static_cast<std::uint32_t>(*tag >> 3);
  field.type = static_cast<std::uint32_t>(*tag & 7);
  const bool known = field.type == varintType || field.type == eightBytesType ||
                     field.type == delimitedType || field.type == fourBytesType;
  if (field.number == 0 || !known) return std::nullopt;
  if (field.type == varintType || field.type == delimitedType) {
    const auto value = readVarint(bytes, offset);
    if (!value) return std::nullopt;
    field.value = *value;
  }
  field.payload = offset;
  return field;
}

std::uint64_t payloadLength(const WireField& field) {
  switch (field.type) {
    case 1:
      return 8;
    case delimitedType:
      return field.value;
    case 5:
      return 4;
    default:
      return 0;
  }
}

std::string wireFault(std::span<const std::byte> bytes) {
  const std::string size = std::to_string(bytes.size());
  for (std::size_t offset = 0; offset < bytes.size();) {
    const auto field = readField(bytes, offset);
    if (!field || (offset == 0 && !isModelField(*field)))
      return "not an ONNX file: no field of a model at byte " + std::to_string(offset) + " of " + size;
    const std::uint64_t length = payloadLength(*field);
    if (length > bytes.size() - field->payload)
      return "the file is cut short: the field at byte " + std::to_string(offset) + " takes " +
             std::to_string(length) + " bytes, " + std::to_string(bytes.size() - field->payload) +
             " are left of " + size;
    offset = field->payload + length;
  }
  return "the file is damaged: its " + size + " bytes are not the protobuf message of an ONNX model";
}

bool matchesOnnx(std::span<const std::byte> bytes) {
  const Walk walk = walkAll(bytes);
  return walk == Walk::Model || (walk == Walk::Broken && startsAsModel(bytes));
}

}  // namespace lapidary::core
