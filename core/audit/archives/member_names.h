// SPDX-License-Identifier: GPL-3.0-or-later
// The names of an archive's members, one after another.
#pragma once

#include <map>

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// Archives in archives are looked into down to here.
inline constexpr int deepestArchive = 4;

class MemberNames {
 public:
  explicit MemberNames(AuditRun& run) : m_run(run) {}
  /// Tells of a name that leads out of a folder, that readers cut off differently, or that was there before.
  void add(const std::string& name, const std::string& place, std::optional<ByteRange> bytes);

 private:
  AuditRun& m_run;
  std::map<std::string, std::string> m_seen;  ///< by the name in lower case
};

/// "inside.zip / member", as it can be shown.
std::string memberPlace(const AuditPart& archive, const std::string& name);

}  // namespace lapidary::core
