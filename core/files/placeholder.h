// SPDX-License-Identifier: GPL-3.0-or-later
// Small files that stand where a large one should: pointers of Git LFS, and links that a copy turned into
// text.
#pragma once

#include <cstddef>
#include <span>

namespace lapidary::core {

/// Throws Error(InvalidInput) for such a file, saying what it is and how the real one is to be had.
void requireRealFile(std::span<const std::byte> bytes);

}  // namespace lapidary::core
