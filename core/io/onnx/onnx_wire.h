// SPDX-License-Identifier: GPL-3.0-or-later
// The protobuf wire format seen from outside: whether bytes look like an ONNX model, and where they stop
// making sense. By hand: protobuf says no more of damaged bytes than that it could not parse them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace lapidary::core {

/// One field of a protobuf message (protobuf.dev, "Encoding").
struct WireField {
  std::uint32_t number = 0;
  std::uint32_t type = 0;   ///< 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes
  std::size_t start = 0;    ///< of the tag
  std::uint64_t value = 0;  ///< of a varint, or the length of a length-delimited field
  std::size_t payload = 0;  ///< where its bytes begin
};

/// The field at `offset`, which may declare more bytes than there are; nothing where none can be read.
std::optional<WireField> readField(std::span<const std::byte> bytes, std::size_t offset);

/// Bytes after the tag and, where there is one, the length.
std::uint64_t payloadLength(const WireField& field);

/// One sentence about the first thing wrong at the top level of a model that protobuf could not parse.
std::string wireFault(std::span<const std::byte> bytes);

}  // namespace lapidary::core
