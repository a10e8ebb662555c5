// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/sound_end.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "core/files/byte_order.h"
#include "core/files/ogg_pages.h"
#include "core/files/shown_text.h"
#include "core/files/vorbis_tables.h"
#include "core/support/bytes.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::uint64_t unknownLength = 0xffffffff;
constexpr std::size_t chunkHead = 8, riffHead = 12;

/// What is left over of a frame where the chunk 'data' ends; 0 for codecs, whose blocks tell it themselves.
std::uint64_t restOfFrame(std::span<const std::byte> format, std::uint64_t dataBytes) {
  constexpr std::uint64_t pcm = 1, ieeeFloat = 3, extensible = 0xfffe;
  if (format.size() < 16) return 0;
  const std::uint64_t code = littleEndian(format, 0, 2), frame = littleEndian(format, 12, 2);
  const bool counts = code == pcm || code == ieeeFloat || code == extensible;
  return counts && frame > 0 ? dataBytes % frame : 0;
}

/// RIFF chunks up to the samples; what stands in them is left to libsndfile.
void requireWholeWav(std::span<const std::byte> bytes) {
  std::span<const std::byte> format;
  for (std::size_t at = riffHead; bytes.size() - at >= chunkHead;) {
    const std::string name(textOf(bytes).substr(at, 4));
    const std::uint64_t claimed = littleEndian(bytes, at + 4, 4), left = bytes.size() - at - chunkHead;
    if (name == "data" && claimed == unknownLength) return;
    if (claimed > left)
      throw invalidInput("chunk " + quotedText(name) + " at byte " + std::to_string(at) + " claims " +
                         std::to_string(claimed) + " bytes, " + std::to_string(left) + " are left");
    const auto content = bytes.subspan(at + chunkHead, static_cast<std::size_t>(claimed));
    if (name == "fmt ") format = content;
    if (name == "data") {
      if (restOfFrame(format, claimed) != 0)
        throw invalidInput("chunk 'data' has " + std::to_string(claimed) +
                           " bytes, no whole number of frames");
      return;
    }
    // Chunks begin at even offsets.
    at = std::min(bytes.size(), at + chunkHead + content.size() + content.size() % 2);
  }
}

}  // namespace

std::string_view soundKind(std::span<const std::byte> bytes) {
  const std::string_view text = textOf(bytes);
  if (text.size() >= riffHead && text.starts_with("RIFF") && text.substr(8, 4) == "WAVE") return "WAV";
  if (text.starts_with("fLaC")) return "FLAC";
  return text.starts_with("OggS") ? "Ogg" : "";
}

void requireWholeSound(std::span<const std::byte> bytes, std::string_view kind) {
  if (kind == "WAV") requireWholeWav(bytes);
  if (kind != "Ogg") return;
  requireWholeOgg(bytes);
  requireModestTables(bytes);
}

}  // namespace lapidary::core
