// SPDX-License-Identifier: GPL-3.0-or-later
// One packed stream unpacked within a limit, by the libraries of its makers: pickles are packed so by joblib
// and others. What came out before damage counts: loaders run it before they see the damage.
#pragma once

#include <cstdint>
#include <span>

#include "core/audit/parts/content_kind.h"
#include "core/files/bytes.h"

namespace lapidary::core {

enum class StreamEnd {
  Whole,      ///< as its checksum says, where it has one
  Damaged,    ///< or cut short
  TooLarge,   ///< more than the limit came out
  TooHungry,  ///< unpacking it takes more than 128 MB of memory
};

struct UnpackedStream {
  Bytes bytes;           ///< all that came out, at most the limit
  std::size_t used = 0;  ///< packed bytes that belong to the stream, and to further ones behind it
  StreamEnd end = StreamEnd::Damaged;
};

/// `kind` is one of isPackedStream.
UnpackedStream unpackedStream(std::span<const std::byte> packed, ContentKind kind, std::uint64_t most);

/// Whether the first 4,096 packed bytes unpack to something without damage: for kinds whose mark is short.
bool unpacksAtFirst(std::span<const std::byte> packed, ContentKind kind);

}  // namespace lapidary::core
