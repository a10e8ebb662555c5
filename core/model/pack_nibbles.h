// SPDX-License-Identifier: GPL-3.0-or-later
// Four-bit codes two to a byte, as files hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lapidary::core {

/// The first of two codes in the low nibble (ONNX). Codes beyond 0 to 15, or beyond -8 to 7 where `isSigned`,
/// saturate. `to` holds (codes + 1) / 2 bytes; a last half byte is 0.
void packNibbles(std::span<const std::uint8_t> codes, std::span<std::byte> to, bool isSigned);
void packNibbles(std::span<const std::int8_t> codes, std::span<std::byte> to, bool isSigned);

}  // namespace lapidary::core
