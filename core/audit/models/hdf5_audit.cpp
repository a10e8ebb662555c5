// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/models/hdf5_audit.h"

#include <algorithm>

#include "core/audit/parts/payload_audit.h"
#include "core/audit/texts/embedded_configs.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

}  // namespace

void auditHdf5(AuditRun& run, const AuditPart& part) {
  const std::string_view text = textOf(part.view());
  run.add("format-partly", part.place,
          "HDF5 is looked into for configurations and for what is hidden, no further");
  const std::size_t told = run.count("keras-code");
  auditEmbeddedConfigs(run, part);
  // A configuration may lie in pieces.
  for (const std::string_view mark : {"\"class_name\": \"Lambda\""sv, "\"class_name\":\"Lambda\""sv})
    if (const std::size_t at = text.find(mark);
        at != std::string_view::npos && run.count("keras-code") == told)
      run.addAt("keras-code", part, at, mark.size(), "the configuration has a Lambda layer");
  auditPayload(run, part, 0, part.view().size(), "its bytes");
}

}  // namespace lapidary::core
