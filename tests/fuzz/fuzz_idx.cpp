// SPDX-License-Identifier: GPL-3.0-or-later
// IDX arrays, plain and gzipped.
#include "core/io/numpy/idx.h"
#include "core/support/buffer_pool.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  core::refuseBuffersAbove(fuzz::largestArray);
  fuzz::attempt([&] { core::toFloat32(core::readIdx(fuzz::bytesOf(data, size))); });
  return 0;
}
