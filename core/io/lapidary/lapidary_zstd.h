// SPDX-License-Identifier: GPL-3.0-or-later
// Whole Zstandard frames (RFC 8878) that tell their content's size.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lapidary::core {

std::vector<std::byte> zstdCompressed(std::span<const std::byte> bytes);

/// Fills `out` to its end. Throws Error(InvalidInput) where the frame is damaged or holds another number of
/// bytes; never allocates by what the frame declares.
void zstdDecompress(std::span<const std::byte> frame, std::span<std::byte> out);

}  // namespace lapidary::core
