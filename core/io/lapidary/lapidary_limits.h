// SPDX-License-Identifier: GPL-3.0-or-later
// The limits of what a .lapidary file may claim to hold.
#pragma once

#include <cstdint>

namespace lapidary::core {

/// Real models pack to a tenth or a hundredth; a file that claims to hold more than this is made to exhaust
/// the reader's memory.
constexpr std::uint64_t mostUnpacked(std::uint64_t fileBytes) {
  return (std::uint64_t{64} << 20) + 10'000 * fileBytes;
}

constexpr std::uint64_t largestManifest = std::uint64_t{64} << 20;

}  // namespace lapidary::core
