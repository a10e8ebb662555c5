// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/sound_end.h"

#include <ogg/ogg.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string>

#include "core/files/byte_order.h"
#include "core/files/shown_text.h"
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
    // Chunks begin at even places.
    at = std::min(bytes.size(), at + chunkHead + content.size() + content.size() % 2);
  }
}

/// The pages of an Ogg file one by one, their checksums compared by libogg.
class OggPages {
 public:
  explicit OggPages(std::span<const std::byte> bytes) : m_rest(bytes) { ogg_sync_init(&m_sync); }
  ~OggPages() { ogg_sync_clear(&m_sync); }
  OggPages(const OggPages&) = delete;
  OggPages& operator=(const OggPages&) = delete;

  /// The length of the next page; 0 where no whole page is left; negative where bytes are none.
  long next(ogg_page& page) {
    for (;;) {
      const long length = ogg_sync_pageseek(&m_sync, &page);
      if (length != 0 || m_rest.empty()) return length;
      feed();
    }
  }

 private:
  void feed() {
    const std::size_t count = std::min(m_rest.size(), std::size_t{1} << 16);
    char* to = ogg_sync_buffer(&m_sync, static_cast<long>(count));
    if (to == nullptr) throw std::bad_alloc();
    std::memcpy(to, m_rest.data(), count);
    ogg_sync_wrote(&m_sync, static_cast<long>(count));
    m_rest = m_rest.subspan(count);
  }

  std::span<const std::byte> m_rest;
  ogg_sync_state m_sync{};
};

/// One stream, whose pages are numbered in order and whose last one is marked.
void requireWholeOgg(std::span<const std::byte> bytes) {
  OggPages pages(bytes);
  ogg_page page{};
  std::size_t at = 0;
  long number = 0;
  int stream = 0;
  bool ended = false;
  while (const long length = pages.next(page)) {
    const std::string place = "at byte " + std::to_string(at) + " ";
    if (length < 0) throw invalidInput(place + "a page is damaged or no page stands there");
    if (at > 0 && ogg_page_serialno(&page) != stream)
      throw invalidInput(place + "another stream begins; files of one sound expected");
    if (at > 0 && ogg_page_pageno(&page) != number)
      throw invalidInput(place + "page " + std::to_string(ogg_page_pageno(&page)) + " stands, page " +
                         std::to_string(number) + " expected");
    stream = ogg_page_serialno(&page);
    number = ogg_page_pageno(&page) + 1;
    ended = ogg_page_eos(&page) != 0;
    at += static_cast<std::size_t>(length);
  }
  if (at < bytes.size() || !ended)
    throw invalidInput("the file is cut: its last page is missing (from byte " + std::to_string(at) + " on)");
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
  if (kind == "Ogg") requireWholeOgg(bytes);
}

}  // namespace lapidary::core
