// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>

#include "core/audit/archives/archive_audit.h"
#include "core/audit/archives/member_names.h"
#include "core/audit/parts/content_kind.h"
#include "core/audit/parts/inflate.h"
#include "core/files/checksum.h"
#include "core/files/shown_text.h"
#include "core/files/zip_directory.h"

namespace lapidary::core {
namespace {

constexpr std::uint16_t flagEncrypted = 1, flagDescriptor = 8, methodStored = 0, methodDeflated = 8;
constexpr std::uint32_t unixTypeMask = 0170000, unixLink = 0120000;
constexpr std::uint64_t largestMember = std::uint64_t{2} << 30;
constexpr std::uint64_t suspiciousRatio = 200, harmlessSize = 16 << 20;

class ZipAudit {
 public:
  ZipAudit(AuditRun& run, const AuditPart& part, std::uint64_t begin)
      : m_run(run), m_part(part), m_begin(begin), m_directory(readZipHeaders(part.view())) {}

  void all() {
    auditNames();
    auditGaps();
    for (const ZipEntry& entry : m_directory.entries) {
      m_run.progress().check();
      auditHeaders(entry);
      if (!entry.isFolder()) auditContent(entry);
    }
  }

 private:
  void tell(std::string_view rule, const ZipEntry& entry, std::string what) {
    m_run.add(rule, memberPlace(m_part, entry.listed.name), std::move(what),
              m_part.rangeOf(entry.offset, 30));
  }

  void auditNames() {
    MemberNames names(m_run);
    for (const ZipEntry& entry : m_directory.entries) {
      const std::string& name = entry.listed.name;
      names.add(name, memberPlace(m_part, name), m_part.rangeOf(entry.offset, 30));
      if (entry.fromUnix && (entry.attributes >> 16 & unixTypeMask) == unixLink)
        tell("zip-link", entry, "is a symbolic link");
    }
  }

  /// Bytes before, between and behind what the directory lists.
  void auditGaps() {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> used;
    for (const ZipEntry& entry : m_directory.entries) {
      constexpr std::uint64_t longestDescriptor = 24;
      const std::uint64_t tail = entry.listed.flags & flagDescriptor ? longestDescriptor : 0;
      if (entry.local) used.emplace_back(entry.offset, entry.data + entry.listed.packed + tail);
    }
    std::ranges::sort(used);
    std::uint64_t at = m_begin;
    for (const auto& [begin, end] : used) {
      if (begin > at) gap(at, begin, at == 0 ? "before the archive" : "between its members");
      if (begin < at && end > begin && !overlapAllowed(begin, at))
        m_run.addAt("zip-overlap", m_part, begin, 1, "a member begins inside another one");
      at = std::max(at, end);
    }
    if (m_directory.offset > at) gap(at, m_directory.offset, "before the directory");
    if (m_part.view().size() > m_directory.end)
      gap(m_directory.end, m_part.view().size(), "behind the archive");
  }

  /// The room left for a data descriptor may be too large.
  static bool overlapAllowed(std::uint64_t begin, std::uint64_t at) { return at - begin <= 12; }

  void gap(std::uint64_t begin, std::uint64_t end, const std::string& where) {
    const auto bytes = m_part.view().subspan(begin, end - begin);
    if (std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; }) && end - begin < 4096)
      return;
    const ContentKind kind = contentKind(bytes);
    m_run.addAt("zip-gap", m_part, begin, end - begin,
                std::to_string(end - begin) + " bytes stand " + where +
                    (kind == ContentKind::Unknown ? "" : ": " + std::string(contentName(kind))));
    if (kind != ContentKind::Unknown && m_part.depth < deepestArchive) {
      AuditPart inner{
          {m_part.bytes.owner, bytes}, m_part.placeOf(begin), "", "", m_part.depth + 1, std::nullopt};
      if (m_part.base) inner.base = *m_part.base + begin;
      m_run.lookInto(inner);
    }
  }

  void auditHeaders(const ZipEntry& entry) {
    if (!entry.local)
      return tell("zip-headers-differ", entry, "has no header of its own where the directory says it stands");
    const ZipHeader &listed = entry.listed, &local = *entry.local;
    if (listed.name != local.name)
      tell("zip-names-differ", entry, "is called '" + shownText(local.name) + "' where it stands");
    if ((listed.flags & flagEncrypted) != (local.flags & flagEncrypted))
      tell("zip-headers-differ", entry, "is encrypted in one of its two headers only");
    else if (listed.flags & flagEncrypted)
      tell("zip-encrypted", entry, "is encrypted");
    if (listed.method != local.method)
      tell("zip-headers-differ", entry,
           "has two compression methods, " + std::to_string(listed.method) + " and " +
               std::to_string(local.method));
    const bool described = local.flags & flagDescriptor;
    const auto differs = [&](std::uint64_t a, std::uint64_t b) { return a != b && !(described && b == 0); };
    if (differs(listed.size, local.size) || differs(listed.packed, local.packed) ||
        differs(listed.crc, local.crc))
      tell("zip-headers-differ", entry, "has two sizes or checksums");
  }

  void auditContent(const ZipEntry& entry) {
    const ZipHeader& listed = entry.listed;
    if (listed.method != methodStored && listed.method != methodDeflated)
      return tell("zip-method", entry, "uses compression method " + std::to_string(listed.method));
    if (listed.size > harmlessSize && listed.size / suspiciousRatio > listed.packed)
      tell("zip-bomb", entry,
           std::to_string(listed.packed) + " bytes unpack to " + std::to_string(listed.size));
    if (listed.size > largestMember && listed.method == methodDeflated)
      return tell("zip-too-large", entry, "unpacks to " + std::to_string(listed.size) + " bytes");
    if (!entry.local) return;
    if (entry.data > m_part.view().size() || listed.packed > m_part.view().size() - entry.data)
      return tell("zip-headers-differ", entry, "reaches beyond the end of the archive");
    look(entry);
  }

  void look(const ZipEntry& entry) {
    const auto packed = packedBytes(m_part.view(), entry);
    AuditPart member{{m_part.bytes.owner, packed},
                     memberPlace(m_part, entry.listed.name),
                     entry.listed.name,
                     "",
                     m_part.depth + 1,
                     std::nullopt};
    if (entry.listed.method == methodDeflated) {
      if (!m_run.mayUnpack(entry.listed.size))
        return tell("zip-too-large", entry, "was not unpacked: the archive unpacks to too much in all");
      const auto content = inflated(packed, entry.listed.size);
      if (!content) return tell("zip-checksum", entry, "does not unpack to what it declares");
      member.bytes = *content;
    } else if (m_part.base) {
      member.base = *m_part.base + entry.data;
    }
    if (crc32Of(member.view(), m_run.progress()) != entry.listed.crc)
      tell("zip-checksum", entry, "has another checksum (CRC-32) than it declares");
    if (m_part.depth >= deepestArchive)
      return tell("archive-opaque", entry, "lies in too many archives to be looked into");
    m_run.lookInto(member);
  }

  AuditRun& m_run;
  const AuditPart& m_part;
  std::uint64_t m_begin;
  ZipDirectory m_directory;
};

}  // namespace

void auditZip(AuditRun& run, const AuditPart& part, std::uint64_t begin) {
  try {
    ZipAudit(run, part, begin).all();
  } catch (const Error& error) {
    run.add("archive-damaged", part.place, error.what());
  }
}

}  // namespace lapidary::core
