// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays of NumPy, of whatever type: the reader of models takes numbers alone, and texts, dates and records
// are as honest.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

struct NpyAuditResult {
  bool hasObjects = false;  ///< pickles stand at `data`
  std::size_t data = 0;     ///< where the elements begin
};

/// Tells of a header that cannot be read and of elements that are too few or too many, and searches them.
NpyAuditResult auditNpyLayout(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
