// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of codes in the header of a Vorbis stream: a few bytes can ask for millions of numbers, which
// libvorbis reserves before it has read a single sample.
#pragma once

#include <cstddef>
#include <span>

namespace lapidary::core {

/// Throws Error(InvalidInput) where the tables of an Ogg Vorbis file have many times the numbers that any
/// encoder writes. What is wrong in them otherwise is left to libvorbis.
void requireModestTables(std::span<const std::byte> ogg);

}  // namespace lapidary::core
