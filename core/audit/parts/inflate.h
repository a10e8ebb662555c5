// SPDX-License-Identifier: GPL-3.0-or-later
// Deflated bytes unpacked within a limit, for looking into members whose archive is not to be trusted. By
// zlib itself: QuaZip unpacks what the archive's directory says, and whether that is true is the question
// here.
#pragma once

#include <cstdint>
#include <optional>

#include "core/files/bytes.h"

namespace lapidary::core {

/// Exactly `size` bytes, or nothing where the stream is damaged.
std::optional<Bytes> inflated(std::span<const std::byte> packed, std::uint64_t size);

}  // namespace lapidary::core
