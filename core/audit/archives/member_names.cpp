// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/archives/member_names.h"

#include <algorithm>

#include "core/audit/parts/path_escape.h"
#include "core/files/shown_text.h"

namespace lapidary::core {
namespace {

std::string lowered(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

void MemberNames::add(const std::string& name, const std::string& place, std::optional<ByteRange> bytes) {
  if (leadsOut(name))
    m_run.add("zip-path-escape", place, "would be unpacked outside of the folder that is chosen", bytes);
  if (name.find('\0') != std::string::npos)
    m_run.add("zip-names-differ", place,
              "has a name with a zero byte: readers that stop there see another one", bytes);
  const auto [other, fresh] = m_seen.emplace(lowered(name), name);
  if (!fresh)
    m_run.add("zip-duplicate-name", place,
              other->second == name ? "stands there more than once"
                                    : "differs from '" + shownText(other->second) + "' by case alone",
              bytes);
}

std::string memberPlace(const AuditPart& archive, const std::string& name) {
  return archive.place.empty() ? shownText(name) : archive.place + " / " + shownText(name);
}

}  // namespace lapidary::core
