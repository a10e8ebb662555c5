// SPDX-License-Identifier: GPL-3.0-or-later
// Preprocess documents: what was read is written and read back.
#include <cstdlib>

#include "core/data/preprocess.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] {
    const core::Preprocess preprocess = core::preprocessFromJson(std::string(fuzz::textOf(data, size)));
    if (core::preprocessFromJson(core::toJson(preprocess)) != preprocess) std::abort();
  });
  return 0;
}
