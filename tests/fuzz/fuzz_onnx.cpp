// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files, and what the program does with the model.
#include "core/io/onnx/onnx.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/walk.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] { fuzz::walk(core::readOnnx({fuzz::bytesOf(data, size), "m.onnx", ""}, {})); });
  return 0;
}
