// SPDX-License-Identifier: GPL-3.0-or-later
// .lapidary files: see archiveOf for the form of the input.
#include "core/io/lapidary/lapidary.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/walk.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] { fuzz::walk(core::readLapidary({fuzz::archiveOf(data, size), "m.lapidary", ""}, {})); });
  return 0;
}
