// SPDX-License-Identifier: GPL-3.0-or-later
// Archives: what their directory says against what stands there, names that lead out, bombs, and every
// member. By hand: libarchive and QuaZip give the members and are silent about what is odd around them.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

void auditZip(AuditRun& run, const AuditPart& part);
/// Also the pax and GNU forms; members are looked into as those of a zip.
void auditTar(AuditRun& run, const AuditPart& part);
/// A gzip stream: what is inside is looked into.
void auditGzip(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
