// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/zip_end.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "core/files/byte_order.h"
#include "core/support/bytes.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using BytesView = std::span<const std::byte>;
using namespace std::string_view_literals;

constexpr std::string_view endSignature = "PK\x05\x06"sv, end64Signature = "PK\x06\x06"sv,
                           locatorSignature = "PK\x06\x07"sv;
constexpr std::size_t endSize = 22, end64Size = 56, locatorSize = 20;
/// QuaZip looks for the end no further from the last byte.
constexpr std::size_t searched = 0xffff;

/// The end record, of 32 or of 64 bits.
struct Record {
  std::uint64_t position, disk, firstDisk, entriesHere, entries, directoryBytes, directoryOffset;
};

bool recordAt(BytesView bytes, std::uint64_t at, std::size_t size, std::string_view signature) {
  return at <= bytes.size() && size <= bytes.size() - at && textOf(bytes.subspan(at)).starts_with(signature);
}

std::optional<std::size_t> findLast(BytesView bytes, std::string_view signature) {
  const std::size_t start = bytes.size() - std::min(searched, bytes.size());
  const std::size_t at = textOf(bytes).substr(start).rfind(signature);
  if (at == std::string_view::npos) return std::nullopt;
  return start + at;
}

/// Where a locator is there that leads nowhere, the record of 32 bits counts.
std::optional<Record> findRecord64(BytesView bytes) {
  const auto locator = findLast(bytes, locatorSignature);
  if (!locator || !recordAt(bytes, *locator, locatorSize, locatorSignature)) return std::nullopt;
  const auto field = [&](std::size_t offset, std::size_t count) {
    return littleEndian(bytes, *locator + offset, count);
  };
  const std::uint64_t at = field(8, 8);
  if (field(4, 4) != 0 || field(16, 4) != 1 || at == 0) return std::nullopt;
  if (!recordAt(bytes, at, end64Signature.size(), end64Signature)) return std::nullopt;
  if (!recordAt(bytes, at, end64Size, end64Signature))
    throw Error(ErrorKind::InvalidInput, "the zip archive's directory is damaged: its end record is cut off");
  const auto end = [&](std::size_t offset, std::size_t count) {
    return littleEndian(bytes, at + offset, count);
  };
  return Record{at, end(16, 4), end(20, 4), end(24, 8), end(32, 8), end(40, 8), end(48, 8)};
}

Record findRecord(BytesView bytes) {
  if (const auto record64 = findRecord64(bytes)) return *record64;
  const auto at = findLast(bytes, endSignature);
  if (!at || !recordAt(bytes, *at, endSize, endSignature))
    throw Error(ErrorKind::InvalidInput, "not a zip archive, or its end is missing");
  const auto end = [&](std::size_t offset, std::size_t count) {
    return littleEndian(bytes, *at + offset, count);
  };
  return {*at, end(4, 2), end(6, 2), end(8, 2), end(10, 2), end(12, 4), end(16, 4)};
}

/// Behind the comment of the record of 32 bits, which follows one of 64 bits.
std::uint64_t endBehind(BytesView bytes, std::uint64_t position) {
  const std::size_t at = textOf(bytes).find(endSignature, position);
  if (at == std::string_view::npos || endSize > bytes.size() - at) return bytes.size();
  return std::min<std::uint64_t>(bytes.size(), at + endSize + littleEndian(bytes, at + 20, 2));
}

}  // namespace

/// Bytes before the archive, as a self-extracting one has, shift the directory: it ends where its end
/// record starts.
ZipEnd findZipEnd(BytesView bytes) {
  const Record record = findRecord(bytes);
  if (record.disk != 0 || record.firstDisk != 0 || record.entriesHere != record.entries)
    throw Error(ErrorKind::InvalidInput, "the zip archive is one part of several, a single file is expected");
  if (record.directoryBytes > record.position ||
      record.directoryOffset > record.position - record.directoryBytes)
    throw Error(ErrorKind::InvalidInput,
                "the zip archive's directory is damaged: its " + std::to_string(record.directoryBytes) +
                    " bytes at " + std::to_string(record.directoryOffset) +
                    " do not fit before its end record at " + std::to_string(record.position));
  const std::uint64_t offset = record.position - record.directoryBytes;
  return {bytes.subspan(offset, record.directoryBytes), record.entries, offset,
          offset - record.directoryOffset, endBehind(bytes, record.position)};
}

}  // namespace lapidary::core
