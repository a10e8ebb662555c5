#include "core/files/zip_entries.h"

#include <algorithm>
#include <string_view>

#include "core/files/byte_order.h"
#include "core/files/zip_directory.h"
#include "core/support/bytes.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using BytesView = std::span<const std::byte>;
constexpr std::size_t listedSize = 46, localSize = 30, shortestEnd = 22;
constexpr std::uint64_t full32 = 0xffffffff;
constexpr std::uint16_t zip64Field = 1, unixSystem = 3;

bool startsWith(BytesView bytes, std::uint64_t at, std::string_view signature) {
  return at <= bytes.size() && signature.size() <= bytes.size() - at &&
         std::equal(signature.begin(), signature.end(), reinterpret_cast<const char*>(bytes.data()) + at);
}

/// Numbers of 64 bits that stand in the extra field, in the order in which their 32 bits are all ones.
void readZip64(BytesView extra, std::initializer_list<std::uint64_t*> fields) {
  while (extra.size() >= 4) {
    const std::size_t size = std::min<std::size_t>(littleEndian(extra, 2, 2), extra.size() - 4);
    if (littleEndian(extra, 0, 2) == zip64Field) {
      std::size_t at = 4;
      for (std::uint64_t* field : fields) {
        if (*field != full32 || at + 8 > 4 + size) continue;
        *field = littleEndian(extra, at, 8);
        at += 8;
      }
    }
    extra = extra.subspan(4 + size);
  }
}

/// Both headers have flags, method, time, date, crc and sizes in this order.
ZipHeader headerAt(BytesView bytes, std::size_t flagsAt) {
  ZipHeader header;
  header.flags = static_cast<std::uint16_t>(littleEndian(bytes, flagsAt, 2));
  header.method = static_cast<std::uint16_t>(littleEndian(bytes, flagsAt + 2, 2));
  header.crc = static_cast<std::uint32_t>(littleEndian(bytes, flagsAt + 8, 4));
  header.packed = littleEndian(bytes, flagsAt + 12, 4);
  header.size = littleEndian(bytes, flagsAt + 16, 4);
  return header;
}

void readLocal(BytesView bytes, ZipEntry& entry) {
  using namespace std::string_view_literals;
  if (!startsWith(bytes, entry.offset, "PK\x03\x04"sv) || bytes.size() - entry.offset < localSize) return;
  const BytesView header = bytes.subspan(entry.offset);
  const std::size_t name = littleEndian(header, 26, 2), extra = littleEndian(header, 28, 2);
  if (name + extra > header.size() - localSize) return;
  entry.local = headerAt(header, 6);
  entry.local->name = textOf(header.subspan(localSize, name));
  readZip64(header.subspan(localSize + name, extra), {&entry.local->size, &entry.local->packed});
  entry.data = entry.offset + localSize + name + extra;
}

/// The entry at the directory's start, and how many bytes it takes there.
std::pair<ZipEntry, std::size_t> entryAt(BytesView bytes, BytesView directory, std::uint64_t shift) {
  ZipEntry entry;
  const std::size_t name = littleEndian(directory, 28, 2), extra = littleEndian(directory, 30, 2);
  entry.listed = headerAt(directory, 8);
  entry.listed.name = textOf(directory.subspan(listedSize, name));
  entry.attributes = static_cast<std::uint32_t>(littleEndian(directory, 38, 4));
  entry.fromUnix = littleEndian(directory, 5, 1) == unixSystem;
  entry.offset = littleEndian(directory, 42, 4);
  readZip64(directory.subspan(listedSize + name, extra),
            {&entry.listed.size, &entry.listed.packed, &entry.offset});
  entry.offset = entry.offset > bytes.size() ? bytes.size() : entry.offset + shift;
  readLocal(bytes, entry);
  return {entry, listedSize + name + extra + littleEndian(directory, 32, 2)};
}

std::uint64_t endOf(BytesView bytes, const ZipDirectory& directory) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t at = text.find(std::string_view("PK\x05\x06", 4), directory.end);
  if (at == std::string_view::npos || shortestEnd > bytes.size() - at) return bytes.size();
  return std::min<std::uint64_t>(bytes.size(), at + shortestEnd + littleEndian(bytes, at + 20, 2));
}

}  // namespace

ZipListing listZip(BytesView bytes) {
  const ZipDirectory directory = checkedZipDirectory(bytes);
  ZipListing listing;
  listing.directory = directory.offset;
  listing.first = directory.offset;
  listing.end = endOf(bytes, directory);
  BytesView rest = directory.bytes;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    auto [entry, size] = entryAt(bytes, rest, directory.shift);
    listing.first = std::min(listing.first, entry.offset);
    listing.entries.push_back(std::move(entry));
    rest = rest.subspan(size);
  }
  return listing;
}

BytesView packedBytes(BytesView archive, const ZipEntry& entry) {
  if (!entry.local || entry.data > archive.size() || entry.listed.packed > archive.size() - entry.data)
    throw Error(ErrorKind::InvalidInput,
                "archive member '" + entry.listed.name + "' does not lie in the archive");
  return archive.subspan(entry.data, entry.listed.packed);
}

}  // namespace lapidary::core
