// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of PyTorch in both forms.
#include "core/io/torch/torch_model.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] { core::readTorch({fuzz::bytesOf(data, size), "m.pt", ""}, {}); });
  return 0;
}
