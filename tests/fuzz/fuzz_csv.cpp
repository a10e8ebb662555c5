// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values.
#include "core/files/csv.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] { core::parseCsv(fuzz::textOf(data, size)); });
  return 0;
}
