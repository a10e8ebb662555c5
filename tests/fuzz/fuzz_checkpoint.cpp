// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints of a training: see archiveOf for the form of the input; its subject is that of the corpus.
#include "core/finetune/checkpoint.h"
#include "core/support/buffer_pool.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  core::refuseBuffersAbove(fuzz::largestArray);
  const core::Bytes archive = fuzz::archiveOf(data, size);
  const std::string_view content(reinterpret_cast<const char*>(archive.view.data()), archive.view.size());
  fuzz::attempt([&] { core::Checkpoint(fuzz::fileOf(content), "subject").load(); });
  return 0;
}
