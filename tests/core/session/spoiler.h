// SPDX-License-Identifier: GPL-3.0-or-later
// Changes a file between its writing and its reading back, as a failing disk would.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>

#include "core/support/progress.h"

namespace lapidary::core::testing {

/// Looks, at every step that is told, for a file in the folder that has not been verified yet, and changes it
/// once.
class Spoiler {
 public:
  using Change = std::function<void(const std::string& path)>;

  Spoiler(std::filesystem::path folder, Change change)
      : m_folder(std::move(folder)), m_change(std::move(change)) {}

  Progress progress() {
    return {{}, [this](std::size_t, std::size_t) { look(); }};
  }
  bool done() const { return m_done; }

 private:
  void look() {
    if (m_done) return;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder)) {
      if (entry.path().extension() != ".unverified") continue;
      m_done = true;
      return m_change(entry.path().string());
    }
  }

  std::filesystem::path m_folder;
  Change m_change;
  bool m_done = false;
};

/// One bit of the last quarter: content, and no header.
inline void flippedByte(const std::string& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto at = static_cast<std::streamoff>(std::filesystem::file_size(path) * 3 / 4);
  file.seekg(at);
  const char old = static_cast<char>(file.get());
  file.seekp(at);
  file.put(static_cast<char>(old ^ 1));
}

}  // namespace lapidary::core::testing
