// SPDX-License-Identifier: GPL-3.0-or-later
// The audit of a model file: its structure, and all that could run or hide in it. Nothing of it is ever run.
#pragma once

#include <string>
#include <vector>

#include "core/audit/finding.h"
#include "core/files/bytes.h"
#include "core/support/progress.h"

namespace lapidary::core {

struct FileAuditRequest {
  std::string path;
  std::string manifest;   ///< JSON as a bundle has it; empty: the one inside of a bundle
  std::string signature;  ///< Ed25519 over the manifest's bytes; empty: manifest.sig inside of a bundle
  std::string
      key;  ///< Ed25519 public key: PEM, or 32 bytes raw, in hex or base64; empty: nothing is verified
};

enum class SignatureState { NotAsked, Missing, Invalid, Valid };

/// A pickle that was found, to be shown opcode by opcode.
struct FoundPickle {
  std::string place;  ///< empty: the file itself
  Bytes bytes;
  std::size_t offset = 0;  ///< of its first opcode in `bytes`
};

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
