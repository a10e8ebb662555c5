// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/file_audit.h"

#include <algorithm>
#include <filesystem>

#include "core/audit/part_audit.h"
#include "core/audit/parts/content_kind.h"
#include "core/audit/signature/manifest_audit.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"

namespace lapidary::core {

FileAudit auditFile(const FileAuditRequest& request, const Progress& progress) {
  namespace fs = std::filesystem;
  const fs::path path(request.path);
  const Bytes file = mapFile(request.path);
  FileAudit audit;
  audit.path = request.path;
  audit.bytes = file.view.size();
  audit.content = contentName(contentKind(file.view));
  audit.sha256 = sha256(file.view);
  AuditRun run(auditPart, progress);
  const std::string folder = path.parent_path().string();
  const AuditPart part{file, "", path.filename().string(), folder.empty() ? "." : folder, 0, 0};
  run.lookInto(part);
  audit.signature = auditManifest(run, part, audit.sha256, request);
  audit.pickles = run.takePickles();
  audit.findings = run.finish();
  return audit;
}

}  // namespace lapidary::core
