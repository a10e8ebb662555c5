// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is written beside its target, read back, and only then put in the target's place.
#pragma once

#include <string>

#include "core/files/bytes.h"

namespace lapidary::core {

/// Bears its final content until it has been checked; whatever is not put in place is removed.
class UnverifiedFile {
 public:
  explicit UnverifiedFile(const std::string& target);
  ~UnverifiedFile();
  UnverifiedFile(const UnverifiedFile&) = delete;
  UnverifiedFile& operator=(const UnverifiedFile&) = delete;

  /// Throws Error(CannotWrite) naming the target: nobody knows the file beside it.
  void write(const std::function<void(const Append&)>& content) const;
  /// Gives what the disk gives back.
  Bytes read() const;
  /// Throws Error(InvalidInput) where a file that the content comes from was changed meanwhile,
  /// Error(CannotWrite).
  void putInPlace() const;

 private:
  std::string m_target, m_path;
};

}  // namespace lapidary::core
