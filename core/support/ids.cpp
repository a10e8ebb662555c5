// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/ids.h"

namespace lapidary::core {
namespace {

/// The 64-bit finaliser of MurmurHash3 (public domain): every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

}  // namespace

Key hashWords(std::span<const std::uint64_t> words) {
  Key key{0x9e3779b97f4a7c15ULL, 0xd1b54a32d192ed03ULL};
  for (const std::uint64_t word : words) {
    key.high = mix(key.high ^ word) + 0x9e3779b97f4a7c15ULL;
    key.low = mix(key.low + word * 0xff51afd7ed558ccdULL) ^ (key.high >> 7);
  }
  return key;
}

}  // namespace lapidary::core
