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

}  // namespace lapidary::core
