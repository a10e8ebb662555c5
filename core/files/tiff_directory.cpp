// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/tiff_directory.h"

#include <algorithm>

#include "core/files/byte_order.h"

namespace lapidary::core {
namespace {

constexpr std::uint64_t mostEntries = 4096;

/// Bytes of a whole number of this type; 0 for types of other things.
std::size_t widthOf(unsigned type) {
  switch (type) {
    case 1:  // BYTE
      return 1;
    case 3:  // SHORT
      return 2;
    case 4:   // LONG
    case 13:  // IFD
      return 4;
    case 16:  // LONG8
    case 18:  // IFD8
      return 8;
    default:
      return 0;
  }
}

}  // namespace

std::optional<TiffDirectory> TiffDirectory::read(std::span<const std::byte> bytes) {
  if (bytes.size() < 8) return std::nullopt;
  TiffDirectory read;
  read.m_bytes = bytes;
  read.m_bigEndian = bytes[0] == std::byte{'M'};
  if (bytes[0] != bytes[1] || (bytes[0] != std::byte{'I'} && !read.m_bigEndian)) return std::nullopt;
  const std::uint64_t version = read.number(2, 2);
  read.m_wide = version == 43;
  if ((version != 42 && !read.m_wide) || (read.m_wide && bytes.size() < 16)) return std::nullopt;
  const std::size_t word = read.m_wide ? 8 : 4, count = read.m_wide ? 8 : 2, entry = read.m_wide ? 20 : 12;
  const std::uint64_t start = read.number(read.m_wide ? 8 : 4, word);
  if (start > bytes.size() || bytes.size() - start < count) return std::nullopt;
  const std::uint64_t entries = read.number(start, count);
  if (entries > mostEntries || (bytes.size() - start - count) / entry < entries) return std::nullopt;
  std::size_t at = start + count;
  for (std::uint64_t i = 0; i < entries; ++i, at += entry)
    read.m_entries.push_back({static_cast<unsigned>(read.number(at, 2)),
                              static_cast<unsigned>(read.number(at + 2, 2)), read.number(at + 4, word),
                              at + 4 + word});
  read.m_hasNext = bytes.size() - at >= word && read.number(at, word) != 0;
  return read;
}

std::uint64_t TiffDirectory::number(std::size_t at, std::size_t count) const {
  return m_bigEndian ? bigEndian(m_bytes, at, count) : littleEndian(m_bytes, at, count);
}

const TiffDirectory::Entry* TiffDirectory::find(unsigned tag) const {
  const auto found = std::ranges::find(m_entries, tag, &Entry::tag);
  return found == m_entries.end() ? nullptr : &*found;
}

std::optional<std::vector<std::uint64_t>> TiffDirectory::values(unsigned tag) const {
  const Entry* entry = find(tag);
  if (entry == nullptr) return std::nullopt;
  const std::size_t width = widthOf(entry->type), word = m_wide ? 8 : 4;
  if (width == 0 || entry->count > m_bytes.size() / width) return std::nullopt;
  const std::uint64_t length = entry->count * width;
  const std::uint64_t at = length <= word ? entry->at : number(entry->at, word);
  if (at > m_bytes.size() || m_bytes.size() - at < length) return std::nullopt;
  std::vector<std::uint64_t> values;
  values.reserve(entry->count);
  for (std::uint64_t i = 0; i < entry->count; ++i) values.push_back(number(at + i * width, width));
  return values;
}

std::optional<std::uint64_t> TiffDirectory::value(unsigned tag) const {
  const auto all = values(tag);
  return all && !all->empty() ? std::optional(all->front()) : std::nullopt;
}

}  // namespace lapidary::core
