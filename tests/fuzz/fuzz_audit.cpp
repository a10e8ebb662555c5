// SPDX-License-Identifier: GPL-3.0-or-later
// The audit of anything.
#include "core/audit/part_audit.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] {
    const core::Progress progress;
    core::AuditRun run(core::auditPart, progress);
    run.lookInto({fuzz::bytesOf(data, size), "", "file", "", 0, 0});
    run.finish();
  });
  return 0;
}
