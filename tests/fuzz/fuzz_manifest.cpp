// SPDX-License-Identifier: GPL-3.0-or-later
// The manifest of a .lapidary file.
#include "core/io/lapidary/lapidary_layout.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] { core::parseManifest(fuzz::textOf(data, size)); });
  return 0;
}
