// SPDX-License-Identifier: GPL-3.0-or-later
// The kind of sound that bytes hold, and whether all of it stands there: libsndfile reads a file that was cut
// as a shorter sound, and goes on behind a hole.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace lapidary::core {

/// "WAV", "FLAC" or "Ogg", by the leading bytes; empty: no sound that is read.
std::string_view soundKind(std::span<const std::byte> bytes);

/// Throws Error(InvalidInput) where a chunk of a WAV claims more than is there, and where a page of an Ogg is
/// damaged, missing or another sound's, or its tables would fill the memory. A chunk 'data' of length
/// 0xFFFFFFFF, as programs write that cannot seek, goes to the end. FLAC has no such parts: its header tells
/// of samples, which are counted as they are decoded.
void requireWholeSound(std::span<const std::byte> bytes, std::string_view kind);

}  // namespace lapidary::core
