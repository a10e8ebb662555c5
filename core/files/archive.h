// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives through QuaZip: members by name, nothing is ever extracted to a path of the archive's choice.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/files/bytes.h"

namespace lapidary::core {

struct ArchiveMember {
  std::string name;
  std::uint64_t bytes = 0;  ///< uncompressed, as the archive says
  std::uint64_t compressed = 0;
};

/// Reads members of a zip in memory. Throws Error(InvalidInput) for damage; a member that unpacks to
/// more than it declares, or to more than `limitBytes`, is an error too (zip bombs).
class ArchiveReader {
 public:
  explicit ArchiveReader(Bytes bytes);
  ~ArchiveReader();
  const std::vector<ArchiveMember>& members() const;
  Bytes read(const std::string& name, std::uint64_t limitBytes) const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// Writes a zip to memory, or to a file that is there already or not, members in the order added, time stamps
/// fixed so that equal content gives equal bytes.
class ArchiveWriter {
 public:
  ArchiveWriter();
  /// Into a file, so that only the member in work is in memory. Throws Error(CannotWrite).
  explicit ArchiveWriter(const std::string& path);
  ~ArchiveWriter();
  void add(const std::string& name, std::span<const std::byte> bytes, bool deflate);
  /// The finished archive, where it is a file mapped; no more members may be added.
  Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace lapidary::core
