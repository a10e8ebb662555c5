// SPDX-License-Identifier: GPL-3.0-or-later
// Pickles judged opcode by opcode, against the allow-list of pickle_trust.h.
#pragma once

#include "core/audit/parts/audit_run.h"
#include "core/io/torch/pickle_trace.h"

namespace lapidary::core {

struct PickledStretch {
  std::size_t end = 0;  ///< of the last pickle, as far as it could be followed
  bool whole = true;    ///< it could be followed to its STOP
};

/// All pickles of a part that stand one behind the other from `offset` on, and those hidden in their strings.
PickledStretch auditPickles(AuditRun& run, const AuditPart& part, std::size_t offset);

/// One pickle.
PickleTrace auditPickle(AuditRun& run, const AuditPart& part, std::size_t offset);

}  // namespace lapidary::core
