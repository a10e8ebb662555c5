// Every entry of a zip archive with what its directory and its local header each say of it: for readers that
// want members in place, and for the audit, which distrusts archives whose two lists differ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
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
  std::optional<ZipHeader> local;  ///< none where no local header stands at `offset`
  std::uint32_t attributes = 0;    ///< external ones; of Unix in the upper half
  bool fromUnix = false;
  std::uint64_t offset = 0;  ///< of the local header
  std::uint64_t data = 0;    ///< of the packed bytes

  bool isFolder() const { return listed.name.ends_with('/'); }
};

struct ZipListing {
  std::vector<ZipEntry> entries;  ///< in the directory's order
  std::uint64_t first = 0;        ///< of the archive; more than 0: bytes stand before it
  std::uint64_t directory = 0;    ///< of the directory
  std::uint64_t end = 0;          ///< behind the end record and its comment
};

/// Throws Error(InvalidInput) as checkZipDirectory does. Zip64 sizes are read; data descriptors are not
/// needed, since the directory has what they say.
ZipListing listZip(std::span<const std::byte> bytes);

/// The packed bytes of an entry, in place. Throws Error(InvalidInput) where they do not lie in the archive.
std::span<const std::byte> packedBytes(std::span<const std::byte> archive, const ZipEntry& entry);

}  // namespace lapidary::core
