// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of mixed text and numbers, such as protobuf messages, coded bit by bit in the context of the bytes
// before.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/support/progress.h"

namespace lapidary::core {

std::vector<std::byte> encodeText(std::span<const std::byte> text, const Progress& progress);

/// Throws Error(InvalidInput) where the stream is longer or shorter than `count` bytes take.
std::vector<std::byte> decodeText(std::span<const std::byte> bytes, std::size_t count,
                                  const Progress& progress);

}  // namespace lapidary::core
