// SPDX-License-Identifier: GPL-3.0-or-later
// Sounds.
#include "core/files/sound.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] { core::readSound(fuzz::bytesOf(data, size)); });
  return 0;
}
