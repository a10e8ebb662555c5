// SPDX-License-Identifier: GPL-3.0-or-later
// The audit of texts by their names: configurations in JSON and YAML, templates, networks as text.
#include "core/audit/part_audit.h"
#include "core/audit/parts/proto_text.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  for (const char* name : {"config.json", "config.yaml", "chat_template.jinja", "net.prototxt"})
    fuzz::attempt([&] {
      const core::Progress progress;
      core::AuditRun run(core::auditPart, progress);
      run.lookInto({fuzz::bytesOf(data, size), "", name, "", 0, 0});
      run.finish();
    });
  core::readProtoText(fuzz::textOf(data, size), [](const core::ProtoTextField&) {});
  return 0;
}
