// SPDX-License-Identifier: GPL-3.0-or-later
// Tar archives (POSIX.1-2017, pax; and GNU's long names): headers of 512 bytes, each before its member's
// content.
#include <algorithm>
#include <charconv>
#include <utility>

#include "core/audit/archives/archive_audit.h"
#include "core/audit/archives/member_names.h"
#include "core/audit/parts/content_kind.h"
#include "core/audit/parts/payload_audit.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using View = std::span<const std::byte>;

constexpr std::size_t blockSize = 512;
constexpr std::uint64_t longestName = 1 << 16;

bool isZero(View bytes) {
  return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

std::string fieldOf(View header, std::size_t at, std::size_t length) {
  const std::string_view field = textOf(header.subspan(at, length));
  return std::string(field.substr(0, field.find('\0')));
}

/// Octal digits between spaces, or, with the highest bit set, the bytes of a number (GNU).
std::optional<std::uint64_t> numberOf(View field) {
  std::uint64_t value = 0;
  if ((field[0] & std::byte{0x80}) != std::byte{0}) {
    for (std::size_t i = 0; i < field.size(); ++i) {
      if (value >> 55 != 0) return std::nullopt;
      value = value << 8 | std::to_integer<std::uint64_t>(i == 0 ? field[0] & std::byte{0x7f} : field[i]);
    }
    return value;
  }
  std::string_view text = textOf(field);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  text = text.substr(0, text.find_first_of(std::string_view(" \0", 2)));
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  if (!text.empty() && (error != std::errc() || end != text.data() + text.size())) return std::nullopt;
  return value;
}

/// The sum of the header's bytes with the field of the sum as spaces.
bool sumIsRight(View header) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < blockSize; ++i)
    sum += i >= 148 && i < 156 ? std::uint64_t{' '} : std::to_integer<std::uint64_t>(header[i]);
  return numberOf(header.subspan(148, 8)) == sum;
}

/// The header that goes before a member and holds for it alone.
struct Overrides {
  std::optional<std::string> name;
  std::optional<std::uint64_t> size;
};

/// Records "LENGTH KEY=VALUE\n"; false where one is damaged.
bool readPax(std::string_view records, Overrides& found) {
  while (!records.empty() && records.front() != '\0') {
    std::size_t length = 0;
    const auto [space, error] = std::from_chars(records.data(), records.data() + records.size(), length);
    const auto digits = static_cast<std::size_t>(space - records.data());
    if (error != std::errc() || length > records.size() || length < digits + 3 || *space != ' ') return false;
    const std::string_view record = records.substr(digits + 1, length - digits - 2);
    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view key = record.substr(0, equals), value = record.substr(equals + 1);
    if (key == "path") found.name = std::string(value);
    if (key == "size") {
      std::uint64_t size = 0;
      const auto read = std::from_chars(value.data(), value.data() + value.size(), size);
      if (read.ec != std::errc() || read.ptr != value.data() + value.size()) return false;
      found.size = size;
    }
    records.remove_prefix(length);
  }
  return true;
}

class TarAudit {
 public:
  TarAudit(AuditRun& run, const AuditPart& part) : m_run(run), m_part(part), m_names(run) {}

  void all() {
    while (m_at + blockSize <= m_part.view().size()) {
      m_run.progress().check();
      const View header = m_part.view().subspan(m_at, blockSize);
      if (isZero(header)) return behind();
      if (!member(header)) return;
    }
    damaged("ends without the blocks of zeros that end an archive");
  }

 private:
  /// What follows is no longer told apart: it is searched as it is.
  void damaged(const std::string& what) {
    m_run.addAt("archive-damaged", m_part, m_at, blockSize, what);
    const std::size_t at = std::min(m_at, m_part.view().size());
    auditPayload(m_run, m_part, at, m_part.view().size() - at, "the rest");
  }

  /// False where what follows cannot be found.
  bool member(View header) {
    const std::optional<std::uint64_t> size = numberOf(header.subspan(124, 12));
    if (!sumIsRight(header) || !size) return damaged("holds a header whose sum is wrong"), false;
    const std::uint64_t taken = m_overrides.size.value_or(*size),
                        left = m_part.view().size() - m_at - blockSize;
    if (taken > left)
      return damaged("holds a member of " + std::to_string(taken) + " bytes, more than are left"), false;
    const View content = m_part.view().subspan(m_at + blockSize, taken);
    const char type = textOf(header)[156];
    const bool whole = type == 'x' || type == 'g' || type == 'L' || type == 'K'
                           ? extension(type, content)
                           : file(header, type, content, *size);
    m_at += blockSize + (static_cast<std::size_t>(taken) + blockSize - 1) / blockSize * blockSize;
    return whole;
  }

  bool extension(char type, View content) {
    if (type == 'K' || type == 'g') return true;
    if (content.size() > longestName)
      return damaged("holds a name of " + std::to_string(content.size()) + " bytes"), false;
    if (type == 'L') {
      m_overrides.name = std::string(textOf(content).substr(0, textOf(content).find('\0')));
      return true;
    }
    if (!readPax(textOf(content), m_overrides)) return damaged("holds records of pax that are none"), false;
    return true;
  }

  bool file(View header, char type, View content, std::uint64_t declared) {
    const Overrides overrides = std::exchange(m_overrides, {});
    const std::string prefix =
        textOf(header).substr(257, 6) == std::string_view("ustar\0", 6) ? fieldOf(header, 345, 155) : "";
    const std::string name =
        overrides.name.value_or((prefix.empty() ? "" : prefix + "/") + fieldOf(header, 0, 100));
    const std::string place = memberPlace(m_part, name);
    const auto range = m_part.rangeOf(m_at, blockSize);
    m_names.add(name, place, range);
    if (overrides.size && declared != 0 && *overrides.size != declared)
      m_run.add("zip-headers-differ", place, "has two sizes", range);
    if (type == '1' || type == '2')
      m_run.add("zip-link", place, "is a link to '" + fieldOf(header, 157, 100) + "'", range);
    // Links, devices and folders have no content: some readers take the next header from right behind this
    // one.
    if (type >= '1' && type <= '6' && !content.empty())
      m_run.add("zip-headers-differ", place, "declares content that its kind does not have", range);
    if (!content.empty()) look(name, place, m_at + blockSize, content);
    return true;
  }

  void look(const std::string& name, const std::string& place, std::size_t at, View content) {
    if (m_part.depth >= deepestArchive)
      return m_run.add("archive-opaque", place, "lies in too many archives to be looked into");
    AuditPart inner{{m_part.bytes.owner, content}, place, name, "", m_part.depth + 1, std::nullopt};
    if (m_part.base) inner.base = *m_part.base + at;
    m_run.lookInto(inner);
  }

  /// Readers stop at the zeros.
  void behind() {
    const View rest = m_part.view().subspan(m_at);
    const auto first = std::ranges::find_if(rest, [](std::byte b) { return b != std::byte{0}; });
    if (first == rest.end()) return;
    const std::size_t begin = m_at + static_cast<std::size_t>(first - rest.begin()) / blockSize * blockSize;
    const View hidden = m_part.view().subspan(begin);
    const ContentKind kind = contentKind(hidden);
    m_run.addAt("zip-gap", m_part, begin, hidden.size(),
                std::to_string(hidden.size()) + " bytes stand behind the archive" +
                    (kind == ContentKind::Unknown ? "" : ": " + std::string(contentName(kind))));
    if (kind != ContentKind::Unknown) look("", m_part.placeOf(begin), begin, hidden);
  }

  AuditRun& m_run;
  const AuditPart& m_part;
  MemberNames m_names;
  Overrides m_overrides;
  std::size_t m_at = 0;
};

}  // namespace

void auditTar(AuditRun& run, const AuditPart& part) { TarAudit(run, part).all(); }

}  // namespace lapidary::core
