// SPDX-License-Identifier: GPL-3.0-or-later
// The record at the end of a zip archive, which tells where its directory lies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lapidary::core {

struct ZipEnd {
  std::span<const std::byte> directory;  ///< the entries, one behind the other
  std::uint64_t entries = 0;
  std::uint64_t offset = 0;  ///< of the directory in the file
  std::uint64_t shift = 0;   ///< bytes before the archive: to be added to the offsets that it gives
  std::uint64_t end = 0;     ///< behind the end record and its comment
};

/// Finds the record as QuaZip does, of 32 or of 64 bits (APPNOTE.TXT of PKWARE, 4.3.14 to 4.3.16). Throws
/// Error(InvalidInput) where there is none, or where the directory does not lie before it.
ZipEnd findZipEnd(std::span<const std::byte> bytes);

}  // namespace lapidary::core
