// SPDX-License-Identifier: GPL-3.0-or-later
// One NumPy array.
#include "core/io/numpy/npz.h"
#include "core/support/buffer_pool.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  core::refuseBuffersAbove(fuzz::largestArray);
  fuzz::attempt([&] {
    const core::Tensor array = core::readNpy(fuzz::bytesOf(data, size));
    core::writeNpy(core::toFloat32(array));
  });
  return 0;
}
