// SPDX-License-Identifier: GPL-3.0-or-later
// JSON that is not trusted.
#include <nlohmann/json.hpp>

#include "core/files/strict_json.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] { core::parseStrictJson(fuzz::textOf(data, size), "the text", 64).dump(); });
  return 0;
}
