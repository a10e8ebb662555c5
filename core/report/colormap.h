// SPDX-License-Identifier: GPL-3.0-or-later
// Colour tables for pictures that leave the program: diverging for signed values, sequential for magnitudes.
#pragma once

#include <array>
#include <cstdint>

namespace lapidary::core {

using Rgb = std::array<std::uint8_t, 3>;

/// x in [-1, 1]: blue below, white at 0, brown above.
Rgb divergingColor(double x);
/// x in [0, 1]: dark violet to yellow, perceptually uniform.
Rgb sequentialColor(double x);

}  // namespace lapidary::core
