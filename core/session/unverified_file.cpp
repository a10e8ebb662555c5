// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/unverified_file.h"

#include <filesystem>

#include "core/files/mapped_file.h"
#include "core/files/scratch_file.h"
#include "core/support/error.h"

namespace lapidary::core {

UnverifiedFile::UnverifiedFile(const std::string& target)
    : m_target(target), m_path(scratchPath(target, "unverified")) {}

UnverifiedFile::~UnverifiedFile() {
  std::error_code ignored;
  std::filesystem::remove(m_path, ignored);
}

void UnverifiedFile::write(const std::function<void(const Append&)>& content) const {
  try {
    writeFileAtomically(m_path, content);
  } catch (const Error& error) {
    std::string message = error.what();
    if (message.starts_with(m_path)) message.replace(0, m_path.size(), m_target);
    throw Error(error.kind(), message);
  }
}

Bytes UnverifiedFile::read() const { return mapFile(m_path); }

void UnverifiedFile::putInPlace() const {
  requireUnchangedFiles();
  core::putInPlace(m_path, m_target);
}

}  // namespace lapidary::core
