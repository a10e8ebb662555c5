// SPDX-License-Identifier: GPL-3.0-or-later
// A folder for the files of one test, and what stands in files.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace lapidary::core::testing {

/// Removed with all that is in it when the test ends.
class TemporaryFolder {
 public:
  TemporaryFolder() : m_path((std::filesystem::temp_directory_path() / "lapidary-test-XXXXXX").string()) {
    if (!mkdtemp(m_path.data())) throw std::runtime_error("no temporary folder");
  }
  ~TemporaryFolder() { std::filesystem::remove_all(m_path); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name = "") const { return name.empty() ? m_path : m_path + "/" + name; }

  /// Writes a file, its folders too, and gives its path.
  std::string write(const std::string& name, std::string_view content) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }
  std::string write(const std::string& name, std::span<const std::byte> content) const {
    return write(name, std::string_view(reinterpret_cast<const char*>(content.data()), content.size()));
  }

  /// The path of the folder replaced by DIR, for messages that hold it.
  std::string withoutPath(std::string message) const {
    for (std::size_t at = message.find(m_path); at != std::string::npos; at = message.find(m_path))
      message.replace(at, m_path.size(), "DIR");
    return message;
  }

 private:
  std::string m_path;
};

/// Gives what a file holds; nothing where there is none.
inline std::string contentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace lapidary::core::testing
