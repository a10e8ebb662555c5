// SPDX-License-Identifier: GPL-3.0-or-later
// The first directory of a TIFF file, which is also the form of the EXIF data in other pictures. By hand: it
// is read to judge a file before a library is let near it, and libexif would be one more of those.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lapidary::core {

class TiffDirectory {
 public:
  /// Nothing where the bytes are no TIFF, or end within the directory. Views the bytes.
  static std::optional<TiffDirectory> read(std::span<const std::byte> bytes);

  /// The first whole number of a tag.
  std::optional<std::uint64_t> value(unsigned tag) const;
  /// All whole numbers of a tag; nothing where there is none, or not all stand in the file.
  std::optional<std::vector<std::uint64_t>> values(unsigned tag) const;
  /// Whether another directory follows: another picture.
  bool hasNext() const { return m_hasNext; }

 private:
  struct Entry {
    unsigned tag = 0, type = 0;
    std::uint64_t count = 0;
    std::size_t at = 0;  ///< of its value, or of where that stands
  };

  std::uint64_t number(std::size_t at, std::size_t count) const;
  const Entry* find(unsigned tag) const;

  std::span<const std::byte> m_bytes;
  bool m_bigEndian = false, m_wide = false;  ///< wide: BigTIFF, with offsets of 8 bytes
  std::vector<Entry> m_entries;
  bool m_hasNext = false;
};

}  // namespace lapidary::core
