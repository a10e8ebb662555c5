// SPDX-License-Identifier: GPL-3.0-or-later
// PNG pictures with right checksums, which would hide the content of chunks from a fuzzer.
#include <zlib.h>

#include <string>

#include "core/files/image.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  std::string png(fuzz::textOf(data, size));
  const auto number = [&](std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(png[at + i]);
    return value;
  };
  for (std::size_t at = 8; png.size() >= 12 && at <= png.size() - 12;) {
    const std::size_t length = number(at);
    if (length > png.size() - at - 12) break;
    const auto crc =
        crc32(0, reinterpret_cast<const Bytef*>(png.data() + at + 4), static_cast<uInt>(length + 4));
    for (std::size_t i = 0; i < 4; ++i)
      png[at + 8 + length + i] = static_cast<char>(crc >> (24 - 8 * i) & 255);
    at += length + 12;
  }
  fuzz::attempt([&] {
    core::decodePicture(fuzz::bytesOf(reinterpret_cast<const std::uint8_t*>(png.data()), png.size()));
  });
  return 0;
}
