// SPDX-License-Identifier: GPL-3.0-or-later
// The members of a bundle that was written.
#pragma once

#include "core/files/archive.h"
#include "core/files/bytes.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {

inline std::vector<std::string> membersOf(const std::string& bundle) {
  std::vector<std::string> names;
  const ArchiveReader reader(mapFile(bundle));
  for (const ArchiveMember& member : reader.members()) names.push_back(member.name);
  return names;
}

inline std::string memberOf(const std::string& bundle, const std::string& name) {
  return testing::stringOf(ArchiveReader(mapFile(bundle)).read(name, 1 << 24).view);
}

}  // namespace lapidary::core
