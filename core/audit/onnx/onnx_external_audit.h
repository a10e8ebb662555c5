// SPDX-License-Identifier: GPL-3.0-or-later
// The files outside of an ONNX model that its tensors claim to lie in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// One tensor's claim, as the model writes it.
struct ExternalClaim {
  std::string tensor, location;
  std::string offset, length;  ///< decimal; empty where they are not given
  std::size_t at = 0;          ///< byte of the tensor in the model
};

/// Paths that lead out, links, what is missing, too short or claimed twice; what lies in the files besides.
/// Nothing outside of the model's folder is opened.
void auditExternal(AuditRun& run, const AuditPart& part, const std::vector<ExternalClaim>& claims);

}  // namespace lapidary::core
