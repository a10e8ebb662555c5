// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a PNG can be decoded. libpng tells standard error why one cannot; the core never prints, so it
// looks first.
#pragma once

#include <cstddef>
#include <span>

namespace lapidary::core {

/// Checks header, order, lengths and checksums of the chunks up to IEND (PNG specification, clauses 5 and
/// 11). Throws Error(InvalidInput).
void checkPngChunks(std::span<const std::byte> bytes);

/// Unpacks the rows of a PNG whose chunks were checked: all of them must stand there, each with a known
/// filter (clauses 8 to 10). Throws Error(InvalidInput).
void checkPngRows(std::span<const std::byte> bytes);

}  // namespace lapidary::core
