// Pickles judged opcode by opcode, against the allow-list of pickle_trust.h.
#pragma once

#include "core/audit/audit_run.h"
#include "core/io/pickle_trace.h"

namespace lapidary::core {

/// All pickles of a part that stand one behind the other from `offset` on, and those hidden in their strings.
/// Returns the end of the last one that could be followed.
std::size_t auditPickles(AuditRun& run, const AuditPart& part, std::size_t offset);

/// One pickle.
PickleTrace auditPickle(AuditRun& run, const AuditPart& part, std::size_t offset);

}  // namespace lapidary::core
