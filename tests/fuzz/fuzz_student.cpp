// SPDX-License-Identifier: GPL-3.0-or-later
// Specifications of students: what was read is written and read back.
#include <cstdlib>

#include "core/student/student_spec.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  const std::string text(fuzz::textOf(data, size));
  fuzz::attempt([&] {
    const core::StudentSpec spec = core::studentFromJson(text);
    if (core::studentFromJson(core::toJson(spec)) != spec) std::abort();
  });
  fuzz::attempt([&] { core::toWords(core::studentFromWords(text)); });
  return 0;
}
