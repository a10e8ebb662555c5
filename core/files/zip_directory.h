// The directory at the end of a zip archive, checked before QuaZip, which trusts its first entry, sees it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lapidary::core {

/// Finds the end record as QuaZip does and checks that every entry of the directory stands there whole
/// (APPNOTE.TXT of PKWARE, 4.3.12 to 4.3.16). Returns the number of entries, 0 for an empty archive.
/// Throws Error(InvalidInput).
std::uint64_t checkZipDirectory(std::span<const std::byte> bytes);

/// A directory that has been checked, and where it lies.
struct ZipDirectory {
  std::span<const std::byte> bytes;  ///< the entries, one behind the other
  std::uint64_t entries = 0;
  std::uint64_t offset = 0;  ///< of the directory in the file
  std::uint64_t shift = 0;   ///< bytes before the archive: to be added to the offsets that it gives
  std::uint64_t end = 0;     ///< of the end record (of 64 bits, where there is one)
};
ZipDirectory checkedZipDirectory(std::span<const std::byte> bytes);

}  // namespace lapidary::core
