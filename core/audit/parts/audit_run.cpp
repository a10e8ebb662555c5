// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/audit_run.h"

#include <memory>

namespace lapidary::core {
namespace {

constexpr std::size_t casesOfOneRule = 20;
constexpr std::uint64_t unpackedInAll = std::uint64_t{4} << 30;

}  // namespace

std::string AuditPart::placeOf(std::size_t offset) const {
  const std::string byte = "byte " + std::to_string(offset);
  return place.empty() ? byte : place + ", " + byte;
}

std::optional<ByteRange> AuditPart::rangeOf(std::size_t offset, std::size_t length) const {
  if (!base) return std::nullopt;
  return ByteRange{*base + offset, length};
}

void AuditRun::add(std::string_view rule, std::string place, std::string what,
                   std::optional<ByteRange> bytes) {
  if (++m_counts[std::string(rule)] > casesOfOneRule) return;
  m_findings.push_back(findingOf(rule, std::move(place), std::move(what), bytes));
}

void AuditRun::addAt(std::string_view rule, const AuditPart& part, std::size_t offset, std::size_t length,
                     std::string what) {
  add(rule, part.placeOf(offset), std::move(what), part.rangeOf(offset, length));
}

bool AuditRun::mayUnpack(std::uint64_t bytes) {
  if (bytes > unpackedInAll - m_unpacked) return false;
  m_unpacked += bytes;
  return true;
}

void AuditRun::keepPickle(const AuditPart& part, std::size_t offset) {
  constexpr std::size_t kept = 256;
  if (m_pickles.size() >= kept) return;
  Bytes bytes = part.bytes;
  if (!bytes.owner) {
    const auto copy = std::make_shared<std::vector<std::byte>>(bytes.view.begin(), bytes.view.end());
    bytes = {copy, *copy};
  }
  m_pickles.push_back({part.place, std::move(bytes), offset});
}

std::vector<Finding> AuditRun::finish() {
  for (const auto& [rule, count] : m_counts)
    if (count > casesOfOneRule)
      m_findings.push_back(
          findingOf(rule, "", "and " + std::to_string(count - casesOfOneRule) + " more of this kind"));
  sortBySeverity(m_findings);
  return std::move(m_findings);
}

}  // namespace lapidary::core
