// SPDX-License-Identifier: GPL-3.0-or-later
// Archives: what their directory says against what stands there, names that lead out, bombs, and every
// member. By hand: libarchive and QuaZip give the members and are silent about what is odd around them.
#pragma once

#include "core/audit/parts/audit_run.h"
#include "core/audit/parts/content_kind.h"

namespace lapidary::core {

/// `begin`: where the archive begins behind something else, which is looked into by whoever calls.
void auditZip(AuditRun& run, const AuditPart& part, std::uint64_t begin = 0);
/// Also the pax and GNU forms; members are looked into as those of a zip.
void auditTar(AuditRun& run, const AuditPart& part);
/// One packed stream (isPackedStream): what comes out of it is looked into, up to where it is damaged, and
/// what stands behind it.
void auditStream(AuditRun& run, const AuditPart& part, ContentKind kind);

}  // namespace lapidary::core
