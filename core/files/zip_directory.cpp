// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/zip_directory.h"

#include <algorithm>
#include <initializer_list>

#include "core/files/byte_order.h"
#include "core/files/zip_end.h"
#include "core/support/bytes.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using BytesView = std::span<const std::byte>;
using namespace std::string_view_literals;

constexpr std::string_view entrySignature = "PK\x01\x02"sv, localSignature = "PK\x03\x04"sv;
constexpr std::size_t entrySize = 46, localSize = 30;
constexpr std::uint64_t full32 = 0xffffffff;
constexpr std::uint16_t zip64Field = 1, unixSystem = 3;

/// A header of the directory or before a member, with what follows it.
struct RawHeader {
  BytesView fixed, name, extra;
};

/// At the start of the bytes; nothing where it is not there whole. Both kinds have the lengths of name and
/// extra fields, one behind the other, at `lengthsAt`.
std::optional<RawHeader> headerAt(BytesView bytes, std::string_view signature, std::size_t size,
                                  std::size_t lengthsAt) {
  if (bytes.size() < size || !textOf(bytes).starts_with(signature)) return std::nullopt;
  const std::size_t name = littleEndian(bytes, lengthsAt, 2), extra = littleEndian(bytes, lengthsAt + 2, 2);
  if (name + extra > bytes.size() - size) return std::nullopt;
  return RawHeader{bytes.first(size), bytes.subspan(size, name), bytes.subspan(size + name, extra)};
}

std::optional<RawHeader> localHeaderAt(BytesView bytes) {
  return headerAt(bytes, localSignature, localSize, 26);
}

/// Both kinds have flags, method, time, date, checksum and sizes in this order.
ZipHeader parsed(const RawHeader& raw, std::size_t flagsAt) {
  ZipHeader header;
  header.name = textOf(raw.name);
  header.flags = static_cast<std::uint16_t>(littleEndian(raw.fixed, flagsAt, 2));
  header.method = static_cast<std::uint16_t>(littleEndian(raw.fixed, flagsAt + 2, 2));
  header.crc = static_cast<std::uint32_t>(littleEndian(raw.fixed, flagsAt + 8, 4));
  header.packed = littleEndian(raw.fixed, flagsAt + 12, 4);
  header.size = littleEndian(raw.fixed, flagsAt + 16, 4);
  return header;
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

/// QuaZip reads just the fields of 64 bits that are needed, and takes what stands behind for the next field.
bool extraFieldsAreWhole(BytesView extra, std::size_t zip64Bytes) {
  while (!extra.empty()) {
    if (extra.size() < 4) return false;
    const std::size_t size = littleEndian(extra, 2, 2), rest = extra.size() - 4;
    if (size > rest) return false;
    if (littleEndian(extra, 0, 2) == zip64Field && (size < zip64Bytes || (size > zip64Bytes && size < rest)))
      return false;
    extra = extra.subspan(4 + size);
  }
  return true;
}

/// Takes the entries of a directory off its start, one by one.
class DirectoryWalk {
 public:
  DirectoryWalk(const ZipEnd& end, std::uint64_t archiveBytes)
      : m_end(end), m_archiveBytes(archiveBytes), m_rest(end.directory) {}

  ZipEntry next() {
    ++m_number;
    const auto raw = headerAt(m_rest, entrySignature, entrySize, 28);
    if (!raw) refuse(textOf(m_rest).starts_with(entrySignature) ? "is cut off" : "is missing");
    const std::size_t size = entrySize + raw->name.size() + raw->extra.size(),
                      comment = littleEndian(raw->fixed, 32, 2);
    if (comment > m_rest.size() - size) refuse("is cut off");
    m_rest = m_rest.subspan(size + comment);
    return entryOf(*raw);
  }

 private:
  ZipEntry entryOf(const RawHeader& raw) const {
    ZipEntry entry;
    entry.listed = parsed(raw, 8);
    entry.attributes = static_cast<std::uint32_t>(littleEndian(raw.fixed, 38, 4));
    entry.fromUnix = littleEndian(raw.fixed, 5, 1) == unixSystem;
    entry.offset = littleEndian(raw.fixed, 42, 4);
    const std::initializer_list<std::uint64_t*> wide{&entry.listed.size, &entry.listed.packed, &entry.offset};
    const auto full =
        std::ranges::count_if(wide, [](const std::uint64_t* field) { return *field == full32; });
    if (!extraFieldsAreWhole(raw.extra, 8 * static_cast<std::size_t>(full)))
      refuse("has extra fields that cannot be read");
    readZip64(raw.extra, wide);
    entry.offset = entry.offset > m_archiveBytes ? m_archiveBytes : entry.offset + m_end.shift;
    return entry;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::InvalidInput, "the zip archive's directory is damaged: entry " +
                                             std::to_string(m_number) + " of " +
                                             std::to_string(m_end.entries) + " " + what);
  }

  const ZipEnd& m_end;
  std::uint64_t m_archiveBytes;
  BytesView m_rest;
  std::uint64_t m_number = 0;
};

void readLocal(BytesView archive, ZipEntry& entry) {
  if (entry.offset > archive.size()) return;
  const auto raw = localHeaderAt(archive.subspan(entry.offset));
  if (!raw) return;
  entry.local = parsed(*raw, 6);
  readZip64(raw->extra, {&entry.local->size, &entry.local->packed});
  entry.data = entry.offset + localSize + raw->name.size() + raw->extra.size();
}

}  // namespace

ZipDirectory readZipDirectory(BytesView archive) {
  const ZipEnd end = findZipEnd(archive);
  ZipDirectory directory{{}, end.offset, end.end};
  DirectoryWalk walk(end, archive.size());
  for (std::uint64_t i = 0; i < end.entries; ++i) directory.entries.push_back(walk.next());
  return directory;
}

ZipDirectory readZipHeaders(BytesView archive) {
  ZipDirectory directory = readZipDirectory(archive);
  for (ZipEntry& entry : directory.entries) readLocal(archive, entry);
  return directory;
}

BytesView packedBytes(BytesView archive, const ZipEntry& entry) {
  if (!entry.local || entry.data > archive.size() || entry.listed.packed > archive.size() - entry.data)
    throw Error(ErrorKind::InvalidInput,
                "archive member '" + entry.listed.name + "' lies beyond the end of the archive");
  return archive.subspan(entry.data, entry.listed.packed);
}

bool startsAsZip(BytesView bytes) { return textOf(bytes).starts_with(localSignature); }

std::optional<std::string_view> firstZipMember(BytesView bytes) {
  if (!startsAsZip(bytes) || bytes.size() < localSize) return std::nullopt;
  const std::size_t name = littleEndian(bytes, 26, 2);
  if (name > bytes.size() - localSize) return std::nullopt;
  return textOf(bytes).substr(localSize, name);
}

}  // namespace lapidary::core
