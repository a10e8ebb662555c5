// SPDX-License-Identifier: GPL-3.0-or-later
// Sounds.
#include <ogg/ogg.h>

#include "core/files/sound.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

namespace {

/// Checksums would hide what stands in the pages of an Ogg from a fuzzer: those of whole pages are set anew.
std::string withChecksums(std::string_view given) {
  constexpr std::size_t head = 27;
  std::string text(given);
  auto* bytes = reinterpret_cast<unsigned char*>(text.data());
  for (std::size_t at = 0; text.size() - at >= head && text.compare(at, 4, "OggS") == 0;) {
    const std::size_t header = head + bytes[at + head - 1];
    if (text.size() - at < header) break;
    std::size_t body = 0;
    for (std::size_t i = head; i < header; ++i) body += bytes[at + i];
    if (text.size() - at - header < body) break;
    ogg_page page{bytes + at, static_cast<long>(header), bytes + at + header, static_cast<long>(body)};
    ogg_page_checksum_set(&page);
    at += header + body;
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  const std::string text = withChecksums(fuzz::textOf(data, size));
  fuzz::attempt([&] {
    core::readSound(fuzz::bytesOf(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  });
  return 0;
}
