// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors files, and what the program does with the weights.
#include "core/io/safetensors/safetensors.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/walk.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] {
    fuzz::walk(core::readSafetensors({fuzz::bytesOf(data, size), "m.safetensors", ""}, {}));
  });
  return 0;
}
