// SPDX-License-Identifier: GPL-3.0-or-later
// Small files that may stand for larger ones.
#include "core/files/placeholder.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] { core::requireRealFile(fuzz::bytesOf(data, size).view); });
  return 0;
}
