// SPDX-License-Identifier: GPL-3.0-or-later
// The audit of a model file: its structure, and all that could run or hide in it. Nothing of it is ever run.
#pragma once

#include <string>
#include <vector>

#include "core/audit/parts/found_pickle.h"
#include "core/audit/rules/finding.h"
#include "core/audit/signature/audit_request.h"
#include "core/support/progress.h"

namespace lapidary::core {

struct FileAudit {
  std::string path;
  std::string content;  ///< "a zip archive"
  std::uint64_t bytes = 0;
  std::string sha256;
  SignatureState signature = SignatureState::NotAsked;
  std::vector<Finding> findings;  ///< worst first
  std::vector<FoundPickle> pickles;
};

/// Throws Error(InvalidInput) where the file, the manifest, the signature or the key cannot be opened,
/// Cancelled.
FileAudit auditFile(const FileAuditRequest& request, const Progress& progress);

}  // namespace lapidary::core
