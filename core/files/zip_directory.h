// SPDX-License-Identifier: GPL-3.0-or-later
// The members of a zip archive as its directory lists them and as they say themselves: for QuaZip, which
// trusts the first entry, for readers that want members in place, and for the audit, which distrusts archives
// whose two lists differ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary::core {

struct ZipHeader {
  std::string name;  ///< the bytes as they stand
  std::uint16_t flags = 0, method = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed = 0, size = 0;
};

struct ZipEntry {
  ZipHeader listed;                ///< of the directory
  std::optional<ZipHeader> local;  ///< none where no local header stands at `offset`, or before it was read
  std::uint32_t attributes = 0;    ///< external ones; of Unix in the upper half
  bool fromUnix = false;
  std::uint64_t offset = 0;  ///< of the local header
  std::uint64_t data = 0;    ///< of the packed bytes; known with the local header

  bool isFolder() const { return listed.name.ends_with('/'); }
};

struct ZipDirectory {
  std::vector<ZipEntry> entries;  ///< in their order
  std::uint64_t offset = 0;       ///< of the directory
  std::uint64_t end = 0;          ///< behind the end record and its comment
};

/// Reads the directory alone, and checks that every entry stands there whole (APPNOTE.TXT of PKWARE, 4.3.12).
/// Sizes of 64 bits are read. Throws Error(InvalidInput).
ZipDirectory readZipDirectory(std::span<const std::byte> archive);
/// Reads the local headers, too. Data descriptors are not needed: the directory has what they say.
ZipDirectory readZipHeaders(std::span<const std::byte> archive);

/// The packed bytes of an entry whose local header was read, in place. Throws Error(InvalidInput) where they
/// do not lie in the archive.
std::span<const std::byte> packedBytes(std::span<const std::byte> archive, const ZipEntry& entry);

/// Whether a local header stands at the start, as in every archive that holds something and nothing precedes.
bool startsAsZip(std::span<const std::byte> bytes);
/// The name in that header; nothing where there is none. It tells formats apart that are zips.
std::optional<std::string_view> firstZipMember(std::span<const std::byte> bytes);

}  // namespace lapidary::core
