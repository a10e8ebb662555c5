// SPDX-License-Identifier: GPL-3.0-or-later
// PNG pictures through libpng itself: Qt's reader decodes what is left of a damaged one, and prints why.
#pragma once

#include <cstddef>
#include <span>

#include "core/files/image.h"

namespace lapidary::core {

/// Pixels of 8 bits: gray, RGB, or RGBA where some may be transparent. Prints nothing. Throws
/// Error(InvalidInput) for damage of any chunk, and for pictures of more than `pixelLimit`.
Picture decodePng(std::span<const std::byte> bytes, std::int64_t pixelLimit);

}  // namespace lapidary::core
