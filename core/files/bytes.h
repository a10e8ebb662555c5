// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and writing whole files: mapped on reading, written beside the target and renamed over it.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "core/support/bytes.h"

namespace lapidary::core {

/// A regular file, read or (if large) mapped: see mapped_file.h. Throws Error(InvalidInput), the system's
/// reason.
Bytes mapFile(const std::string& path);

/// Tells the system that a part of a mapped file has been copied and need not stay in memory; it is read
/// again if it is looked at after all. Does nothing for bytes that are not a mapped file's.
void releasePages(const Bytes& file, std::span<const std::byte> part);

/// Calls `write(append)`, where append puts bytes at the end, on a temporary file in the target's
/// folder; then syncs it and renames it over the target. On any failure the old file is whole and the
/// temporary one removed. Throws Error(CannotWrite).
using Append = std::function<void(std::span<const std::byte>)>;
void writeFileAtomically(const std::string& path, const std::function<void(const Append&)>& write);

}  // namespace lapidary::core
