// SPDX-License-Identifier: GPL-3.0-or-later
// Pickles followed symbolically, listed, and shown in words.
#include "core/io/torch/pickle_text.h"
#include "core/io/torch/pickle_trace.h"
#include "core/io/torch/torch_tensors.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] {
    const core::PickleTrace trace = core::tracePickle(std::as_bytes(std::span(data, size)), 0);
    for (const auto& call : trace.calls) core::pickleText(trace, call.value);
    if (trace.root) core::pickleText(trace, *trace.root);
    core::torchTensors(trace, [](const std::string&, std::uint64_t) { return core::Bytes{}; });
  });
  return 0;
}
