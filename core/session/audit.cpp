// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/audit.h"

#include <optional>

#include "core/audit/weights/weight_audit.h"
#include "core/io/common/format.h"

namespace lapidary::core {
namespace {

/// Nothing where it is no model, which the audit of the file has told of where it should be one.
std::optional<Model> opened(const std::string& path, const Progress& progress) {
  try {
    return readModel(path, progress);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

FileAudit auditModelFile(const FileAuditRequest& request, unsigned workers, const Progress& progress) {
  FileAudit audit = auditFile(request, progress);
  if (worstOf(audit.findings) == Severity::Critical) return audit;
  if (const auto model = opened(request.path, progress)) {
    const auto found = auditWeights(*model, progress, workers);
    audit.findings.insert(audit.findings.end(), found.begin(), found.end());
    sortBySeverity(audit.findings);
  }
  return audit;
}

}  // namespace lapidary::core
