// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays as samples and labels: see archiveOf for the form of the input.
#include <algorithm>
#include <cstdlib>

#include "core/data/dataset.h"
#include "core/support/buffer_pool.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  core::refuseBuffersAbove(fuzz::largestArray);
  fuzz::attempt([&] {
    const auto source = core::openNpzData(fuzz::archiveOf(data, size), "data.npz");
    for (std::size_t i = 0; i < std::min<std::size_t>(source->size(), 4); ++i) {
      if (source->labelled() && source->label(i) < 0) std::abort();
      source->arrays(i);
      if (source->pictorial()) source->picture(i);
    }
  });
  return 0;
}
