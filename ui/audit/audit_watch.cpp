// SPDX-License-Identifier: GPL-3.0-or-later
// The job behind it.
#include "ui/audit/audit_watch.h"

#include "core/audit/file_audit.h"
#include "ui/audit/audit_texts.h"

namespace lapidary::ui {

void AuditWatch::look(const QString& path) {
  m_job.start([this, path](const core::Progress& progress) -> BackgroundJob::Deliver {
    const core::FileAudit audit = core::auditFile({path.toStdString(), "", "", ""}, progress);
    const auto worst = core::worstOf(audit.findings);
    return [this, worst, count = static_cast<int>(audit.findings.size())] {
      if (worst && *worst >= core::Severity::Medium)
        emit worrying(
            tr("The audit of this file has %n finding(s), the worst of severity “%1”: File, Audit a file…",
               nullptr, count)
                .arg(severityText(*worst)));
      emit looked();
    };
  });
}

}  // namespace lapidary::ui
