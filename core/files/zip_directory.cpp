#include "core/files/zip_directory.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "core/files/byte_order.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using BytesView = std::span<const std::byte>;
using namespace std::string_view_literals;

constexpr std::string_view entrySignature = "PK\x01\x02"sv, endSignature = "PK\x05\x06"sv,
                           end64Signature = "PK\x06\x06"sv, locatorSignature = "PK\x06\x07"sv;
constexpr std::size_t entrySize = 46, endSize = 22, end64Size = 56, locatorSize = 20;
/// QuaZip looks for the end no further from the last byte.
constexpr std::size_t searched = 0xffff;

/// The end record, of 32 or of 64 bits.
struct End {
  std::uint64_t position, disk, firstDisk, entriesHere, entries, directoryBytes, directoryOffset;
};

Error damagedDirectory(const std::string& what) {
  return Error(ErrorKind::InvalidInput, "the zip archive's directory is damaged: " + what);
}

std::string_view asText(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool holds(BytesView bytes, std::uint64_t at, std::size_t size, std::string_view signature) {
  return at <= bytes.size() && size <= bytes.size() - at && asText(bytes).substr(at).starts_with(signature);
}

std::optional<std::size_t> findLast(BytesView bytes, std::string_view signature) {
  const std::size_t start = bytes.size() - std::min(searched, bytes.size());
  const std::size_t at = asText(bytes).substr(start).rfind(signature);
  if (at == std::string_view::npos) return std::nullopt;
  return start + at;
}

/// Where a locator is there that leads nowhere, the record of 32 bits counts.
std::optional<End> findEnd64(BytesView bytes) {
  const auto locator = findLast(bytes, locatorSignature);
  if (!locator || !holds(bytes, *locator, locatorSize, locatorSignature)) return std::nullopt;
  const auto field = [&](std::size_t offset, std::size_t count) {
    return littleEndian(bytes, *locator + offset, count);
  };
  const std::uint64_t at = field(8, 8);
  if (field(4, 4) != 0 || field(16, 4) != 1 || at == 0) return std::nullopt;
  if (!holds(bytes, at, end64Signature.size(), end64Signature)) return std::nullopt;
  if (!holds(bytes, at, end64Size, end64Signature)) throw damagedDirectory("its end record is cut off");
  const auto end = [&](std::size_t offset, std::size_t count) {
    return littleEndian(bytes, at + offset, count);
  };
  return End{at, end(16, 4), end(20, 4), end(24, 8), end(32, 8), end(40, 8), end(48, 8)};
}

End findEnd(BytesView bytes) {
  if (const auto end64 = findEnd64(bytes)) return *end64;
  const auto at = findLast(bytes, endSignature);
  if (!at || !holds(bytes, *at, endSize, endSignature))
    throw Error(ErrorKind::InvalidInput, "not a zip archive, or its end is missing");
  const auto end = [&](std::size_t offset, std::size_t count) {
    return littleEndian(bytes, *at + offset, count);
  };
  return {*at, end(4, 2), end(6, 2), end(8, 2), end(10, 2), end(12, 4), end(16, 4)};
}

/// Bytes before the archive, as a self-extracting one has, shift the directory: it ends where its end
/// record starts.
BytesView directoryOf(BytesView bytes, const End& end) {
  if (end.disk != 0 || end.firstDisk != 0 || end.entriesHere != end.entries)
    throw Error(ErrorKind::InvalidInput, "the zip archive is one part of several, a single file is expected");
  if (end.directoryBytes > end.position || end.directoryOffset > end.position - end.directoryBytes)
    throw damagedDirectory("its " + std::to_string(end.directoryBytes) + " bytes at " +
                           std::to_string(end.directoryOffset) + " do not fit before its end record at " +
                           std::to_string(end.position));
  return bytes.subspan(end.position - end.directoryBytes, end.directoryBytes);
}

/// The fields whose 32 bits are all ones stand in the extra field of 64 bits; QuaZip reads just them, and
/// takes what stands behind for the next field.
std::size_t zip64Size(BytesView entry) {
  std::size_t size = 0;
  for (const std::size_t field : {20u, 24u, 42u})
    if (littleEndian(entry, field, 4) == 0xffffffff) size += 8;
  return size;
}

bool extraFieldsAreWhole(BytesView entry, BytesView extra) {
  while (!extra.empty()) {
    if (extra.size() < 4) return false;
    const std::size_t size = littleEndian(extra, 2, 2), rest = extra.size() - 4;
    if (size > rest) return false;
    if (littleEndian(extra, 0, 2) == 1) {
      const std::size_t needed = zip64Size(entry);
      if (size < needed || (size > needed && size < rest)) return false;
    }
    extra = extra.subspan(4 + size);
  }
  return true;
}

/// The entry's size; `title` begins the sentence where it is damaged.
std::size_t checkEntry(BytesView directory, const std::string& title) {
  if (!holds(directory, 0, entrySize, entrySignature)) throw damagedDirectory(title + " is missing");
  const std::size_t name = littleEndian(directory, 28, 2), extra = littleEndian(directory, 30, 2),
                    comment = littleEndian(directory, 32, 2);
  if (name + extra + comment > directory.size() - entrySize) throw damagedDirectory(title + " is cut off");
  if (!extraFieldsAreWhole(directory, directory.subspan(entrySize + name, extra)))
    throw damagedDirectory(title + " has extra fields that cannot be read");
  return entrySize + name + extra + comment;
}

}  // namespace

ZipDirectory checkedZipDirectory(BytesView bytes) {
  const End end = findEnd(bytes);
  BytesView directory = directoryOf(bytes, end);
  const std::uint64_t offset = end.position - end.directoryBytes;
  const ZipDirectory whole{directory, end.entries, offset, offset - end.directoryOffset, end.position};
  for (std::uint64_t i = 1; i <= end.entries; ++i)
    directory = directory.subspan(
        checkEntry(directory, "entry " + std::to_string(i) + " of " + std::to_string(end.entries)));
  return whole;
}

std::uint64_t checkZipDirectory(BytesView bytes) { return checkedZipDirectory(bytes).entries; }

}  // namespace lapidary::core
