// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/signature/manifest_audit.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/audit/parts/content_kind.h"
#include "core/audit/signature/ed25519.h"
#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/files/shown_text.h"
#include "core/io/common/format.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using PlainJson = nlohmann::json;
constexpr std::uint64_t largestManifest = 16 << 20;
constexpr auto manifestName = "manifest.json", signatureName = "manifest.sig";

struct Listed {
  std::string name, sha256;
};

/// The manifest's `files`; nothing where it is none.
std::optional<std::vector<Listed>> filesOf(const Bytes& manifest) {
  const std::string_view text(reinterpret_cast<const char*>(manifest.view.data()), manifest.view.size());
  const PlainJson json = parseJson(text, nullptr, false);
  if (!json.is_object() || !json.contains("files") || !json["files"].is_array()) return std::nullopt;
  std::vector<Listed> files;
  for (const PlainJson& entry : json["files"]) {
    if (!entry.is_object() || !entry.value("name", PlainJson()).is_string() ||
        !entry.value("sha256", PlainJson()).is_string())
      return std::nullopt;
    files.push_back({entry["name"], entry["sha256"]});
  }
  return files;
}

/// The archive of a bundle; null where the file is none.
std::unique_ptr<ArchiveReader> bundleOf(const AuditPart& file) {
  try {
    auto archive = std::make_unique<ArchiveReader>(file.bytes);
    for (const ArchiveMember& member : archive->members())
      if (member.name == manifestName) return archive;
  } catch (const Error&) {  // told of by the audit of the archive
  }
  return nullptr;
}

bool hasMember(const ArchiveReader& archive, const std::string& name) {
  for (const ArchiveMember& member : archive.members())
    if (member.name == name) return true;
  return false;
}

void compare(AuditRun& run, const ArchiveReader& bundle, const std::string& name, const std::string& hash) {
  try {
    const Bytes content = bundle.read(name, std::numeric_limits<std::uint32_t>::max());
    if (sha256(content.view) != hash)
      run.add("manifest-mismatch", shownText(name), "its SHA-256 is not the manifest's");
  } catch (const Error& error) {
    run.add("manifest-mismatch", shownText(name), error.what());
  }
}

void auditMembers(AuditRun& run, const ArchiveReader& bundle, const std::vector<Listed>& files) {
  std::map<std::string, std::string> hashes;
  for (const Listed& file : files) hashes[file.name] = file.sha256;
  for (const ArchiveMember& member : bundle.members()) {
    if (member.name == manifestName || member.name == signatureName) continue;
    const auto listed = hashes.find(member.name);
    if (listed == hashes.end()) {
      run.add("manifest-missing", shownText(member.name), "the manifest does not list it");
    } else {
      compare(run, bundle, member.name, listed->second);
      hashes.erase(listed);
    }
  }
  for (const auto& [name, hash] : hashes)
    run.add("manifest-mismatch", shownText(name), "the manifest lists it, and it is not there");
}

void auditSingle(AuditRun& run, const AuditPart& file, const std::string& hash,
                 const std::vector<Listed>& files) {
  const Listed* named = files.size() == 1 ? &files.front() : nullptr;
  for (const Listed& entry : files)
    if (entry.name == file.name) named = &entry;
  if (named == nullptr)
    return run.add("manifest-missing", "", "the manifest does not list a file of this name");
  if (named->sha256 != hash) run.add("manifest-mismatch", "", "its SHA-256 is not the manifest's");
}

SignatureState verify(AuditRun& run, const Bytes& manifest, const std::optional<Bytes>& signature,
                      const std::string& keyPath) {
  const auto key = parseEd25519Key(mapFile(keyPath).view);
  if (!key)
    throw Error(
        ErrorKind::InvalidInput,
        keyPath +
            ": no public key of Ed25519 (PEM, DER, or 32 bytes raw, in hex or base64), or a weak one, under "
            "which anybody can sign");
  if (!signature) {
    run.add("signature-missing", "", "there is no signature of the manifest");
    return SignatureState::Missing;
  }
  const auto parsed = parseEd25519Signature(signature->view);
  if (parsed && isSignedBy(manifest.view, *parsed, *key)) return SignatureState::Valid;
  run.add("signature-invalid", "",
          parsed ? "the manifest is not what was signed with this key"
                 : "the signature is no signature of Ed25519");
  return SignatureState::Invalid;
}

}  // namespace

SignatureState auditManifest(AuditRun& run, const AuditPart& file, const std::string& hash,
                             const FileAuditRequest& request) {
  const auto bundle = bundleOf(file);
  const auto inside = [&](const char* name) -> std::optional<Bytes> {
    if (!bundle || !hasMember(*bundle, name)) return std::nullopt;
    try {
      return bundle->read(name, largestManifest);
    } catch (const Error& error) {
      run.add("manifest-mismatch", name, error.what());
      return std::nullopt;
    }
  };
  const auto given = [](const std::string& path) { return std::optional(mapFile(path)); };
  const auto own = inside(manifestName);
  const auto manifest = request.manifest.empty() ? own : given(request.manifest);
  const auto signature = request.signature.empty() ? inside(signatureName) : given(request.signature);
  if (!manifest) {
    if (request.key.empty()) return SignatureState::NotAsked;
    throw Error(ErrorKind::Usage,
                "a key verifies the signature of a manifest: give --manifest, or a bundle that holds one");
  }
  if (const auto files = filesOf(*manifest)) {
    if (own && std::ranges::equal(own->view, manifest->view))
      auditMembers(run, *bundle, *files);
    else
      auditSingle(run, file, hash, *files);
  } else if (!request.manifest.empty() || contentKind(file.view()) != ContentKind::Lapidary) {
    // A .lapidary file has a manifest of its own, with hashes that its reader checks.
    run.add("file-unreadable", manifestName, "the manifest has no list of files with their SHA-256");
  }
  return request.key.empty() ? SignatureState::NotAsked : verify(run, *manifest, signature, request.key);
}

}  // namespace lapidary::core
