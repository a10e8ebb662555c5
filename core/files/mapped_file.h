// SPDX-License-Identifier: GPL-3.0-or-later
// Files mapped into memory that other programs may cut short or overwrite meanwhile.
#pragma once

#include <memory>
#include <string>

#include "core/support/bytes.h"

namespace lapidary::core {

/// Touching a page that a mapped file no longer has ends a process (SIGBUS). Here it reads as zeros instead,
/// and requireUnchangedFiles tells of it.
///
/// The file behind `descriptor`, which stays open with the mapping. Nothing where there is no room for
/// another guarded mapping. Throws Error(InvalidInput).
std::shared_ptr<const void> mapGuarded(int descriptor, std::size_t bytes, const std::string& path);

/// Whether it came from mapGuarded.
bool isMapped(const std::shared_ptr<const void>& owner);

/// Throws Error(InvalidInput) naming a file that is still mapped and was changed since: figures of it, and
/// what would be written from it, are of neither the old file nor the new one. To be called before either
/// leaves the core; a few microseconds for every mapped file.
void requireUnchangedFiles();

}  // namespace lapidary::core
