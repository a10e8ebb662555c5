// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures written byte by byte, so that tags and fields of theirs can be anything.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/core/files/raw_zip.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core::testing {

/// A directory of TIFF with tags of one or more numbers of 32 bits, most significant first where asked for,
/// and what stands behind it.
struct RawTiff {
  std::map<unsigned, std::vector<std::uint32_t>> tags;
  std::string pixels;
  bool bigEndian = false;
  std::uint32_t next = 0;

  std::string word(std::uint64_t value, int bytes) const {
    const std::string little = number(value, bytes);
    return bigEndian ? std::string(little.rbegin(), little.rend()) : little;
  }

  /// The pixels stand right behind the head of 8 bytes.
  std::string bytes() const {
    const std::size_t directory = 8 + pixels.size() + pixels.size() % 2;
    const std::size_t behind = directory + 2 + 12 * tags.size() + 4;
    std::string entries, values;
    for (const auto& [tag, numbers] : tags) {
      entries += word(tag, 2) + word(4, 2) + word(numbers.size(), 4);
      if (numbers.size() == 1) {
        entries += word(numbers[0], 4);
        continue;
      }
      entries += word(behind + values.size(), 4);
      for (const std::uint32_t value : numbers) values += word(value, 4);
    }
    return (bigEndian ? std::string("MM") : std::string("II")) + word(42, 2) + word(directory, 4) + pixels +
           std::string(pixels.size() % 2, '\0') + word(tags.size(), 2) + entries + word(next, 4) + values;
  }
};

/// Gray, of one strip without compression.
inline RawTiff grayTiff(unsigned width, unsigned height, unsigned bits, std::string pixels) {
  const auto length = static_cast<std::uint32_t>(pixels.size());
  return {{{256, {width}},
           {257, {height}},
           {258, {bits}},
           {259, {1}},
           {262, {1}},
           {273, {8}},
           {277, {1}},
           {278, {height}},
           {279, {length}}},
          std::move(pixels)};
}

/// EXIF data that hold an orientation alone.
inline std::string exifOf(std::uint32_t orientation, bool bigEndian = true) {
  RawTiff exif{{{0x112, {orientation}}}, {}, bigEndian};
  return exif.bytes();
}

/// 16x8 gray: dark 0 and 127 in the upper half, 0 and 255 in the lower one. Of Pillow 9.4.
constexpr std::string_view quarteredJpeg =
    "ffd8ffe000104a46494600010100000100010000ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e"
    "2931302e292d2c333a4a3e333646372c2d405741464c4e525352323e5a615a50604a51524fffc0000b080008001001011100ffc4"
    "001f0000010501010101010100000000000000000102030405060708090a0bffc400b51000020103030204030505040400000"
    "17d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a2526272829"
    "2a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939"
    "495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8"
    "e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00f30af76ff8447fe9ff00ff0020ff00f655ffd9";

/// A red pixel and a blue one, without loss and with orientation 6. Of Pillow 9.4.
constexpr std::string_view turnedWebp =
    "524946465200000057454250565038580a000000080000000100000000005650384c110000002f010000000f10f3bffff31f0e32"
    "a2ff0100455849461a0000004d4d002a00000008000101120003000000010006000000000000";

/// A red pixel and a blue one. Of Pillow 9.4.
constexpr std::string_view rgbGif =
    "47494638376102000100810000ff00000000ff0000000000002c00000000020001000008050001040808003b";

/// A JPEG with EXIF data behind its start.
inline std::string withExif(const std::string& jpeg, const std::string& exif) {
  const std::string content = std::string("Exif\0\0", 6) + exif;
  const std::string length = number(content.size() + 2, 2);
  return jpeg.substr(0, 2) + "\xff\xe1" + length[1] + length[0] + content + jpeg.substr(2);
}

}  // namespace lapidary::core::testing
