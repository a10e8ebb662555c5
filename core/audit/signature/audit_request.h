// SPDX-License-Identifier: GPL-3.0-or-later
// The request of a person who audits a file: the file, and what it is to be held against.
#pragma once

#include <string>

namespace lapidary::core {

struct FileAuditRequest {
  std::string path;
  std::string manifest;   ///< JSON as a bundle has it; empty: the one inside of a bundle
  std::string signature;  ///< Ed25519 over the manifest's bytes; empty: manifest.sig inside of a bundle
  std::string
      key;  ///< Ed25519 public key: PEM, DER, or 32 bytes raw, in hex or base64; empty: nothing is verified
};

enum class SignatureState { NotAsked, Missing, Invalid, Valid };

}  // namespace lapidary::core
