// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/onnx/onnx_external_audit.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "core/audit/parts/path_escape.h"
#include "core/files/inside_folder.h"
#include "core/files/shown_text.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> number(const std::string& text, std::uint64_t absent) {
  if (text.empty()) return absent;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class ExternalAudit {
 public:
  ExternalAudit(AuditRun& run, const AuditPart& part) : m_run(run), m_part(part) {}

  void one(const std::string& location, std::vector<const ExternalClaim*> claims) {
    const ExternalClaim& first = *claims.front();
    if (leadsOut(location)) return tell("onnx-external-escape", first, "reads " + quotedText(location));
    if (m_part.folder.empty())
      return tell("onnx-external-missing", first,
                  "wants the file " + quotedText(location) + ", but has no folder");
    const auto path = placed(location, first);
    if (!path) return;
    std::error_code error;
    if (path->empty())
      return tell("onnx-external-missing", first,
                  "wants the file " + quotedText(location) + ", which is not there");
    const std::uint64_t size = fs::file_size(*path, error);
    ranges(claims, location, size);
  }

 private:
  void tell(std::string_view rule, const ExternalClaim& claim, const std::string& what) const {
    m_run.addAt(rule, m_part, claim.at, 1, "tensor " + quotedText(claim.tensor) + ' ' + what);
  }

  /// Where the opener finds it; empty: nowhere. Nothing where it is not followed there, which is told.
  std::optional<std::string> placed(const std::string& location, const ExternalClaim& claim) const {
    const fs::path path = fs::path(m_part.folder) / location;
    std::error_code error;
    try {
      const NamedFile file =
          fileInFolder(m_part.folder, realFolderOf((fs::path(m_part.folder) / m_part.name).string()),
                       location, "reads " + quotedText(location));
      if (!file.path.empty() || !fs::is_symlink(path, error)) return file.path;
      tell("onnx-external-escape", claim, "reads " + quotedText(location) + ", a link that leads nowhere");
    } catch (const Error& fault) {
      tell("onnx-external-escape", claim, fault.what());
    }
    return std::nullopt;
  }

  void ranges(std::vector<const ExternalClaim*>& claims, const std::string& location, std::uint64_t size) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> used;
    for (const ExternalClaim* claim : claims) {
      const auto offset = number(claim->offset, 0), length = number(claim->length, size);
      if (!offset || !length) {
        tell("onnx-external-range", *claim, "gives an offset or length that is no number of bytes");
      } else if (*offset > size || (!claim->length.empty() && *length > size - *offset)) {
        tell("onnx-external-range", *claim,
             "reads beyond the end of " + quotedText(location) + " at " + std::to_string(size));
      } else if (!claim->length.empty()) {
        used.emplace_back(*offset, *offset + *length);
      }
    }
    std::ranges::sort(used);
    for (std::size_t i = 1; i < used.size(); ++i)
      if (used[i].first < used[i - 1].second && used[i] != used[i - 1]) {
        tell("onnx-external-overlap", *claims.front(), "and others share bytes of " + quotedText(location));
        break;
      }
    unclaimed(used, *claims.front(), location, size);
  }

  /// Alignment leaves gaps of up to a page (64 KiB on Windows).
  void unclaimed(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& used, const ExternalClaim& claim,
                 const std::string& location, std::uint64_t size) {
    constexpr std::uint64_t alignment = 65536;
    std::uint64_t at = 0, lost = 0;
    for (const auto& [begin, end] : used) {
      if (begin > at && begin - at >= alignment) lost += begin - at;
      at = std::max(at, end);
    }
    if (!used.empty() && size > at && size - at >= alignment) lost += size - at;
    if (lost > 0)
      tell("onnx-external-unclaimed", claim,
           "lies in " + quotedText(location) + ", of which no tensor reads " + std::to_string(lost) +
               " bytes");
  }

  AuditRun& m_run;
  const AuditPart& m_part;
};

}  // namespace

void auditExternal(AuditRun& run, const AuditPart& part, const std::vector<ExternalClaim>& claims) {
  std::map<std::string, std::vector<const ExternalClaim*>> byLocation;
  for (const ExternalClaim& claim : claims) byLocation[claim.location].push_back(&claim);
  ExternalAudit audit(run, part);
  for (auto& [location, group] : byLocation) audit.one(location, group);
}

}  // namespace lapidary::core
