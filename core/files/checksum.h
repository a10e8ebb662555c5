// SPDX-License-Identifier: GPL-3.0-or-later
// The checksum that zip archives carry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/support/progress.h"

namespace lapidary::core {

/// CRC-32 (ISO 3309), stoppable on the way.
std::uint32_t crc32Of(std::span<const std::byte> bytes, const Progress& progress = {});

}  // namespace lapidary::core
