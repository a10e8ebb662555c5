// A folder for the files that go between a test and the judge.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace lapidary::tests {

class TemporaryFolder {
 public:
  TemporaryFolder() : m_path((std::filesystem::temp_directory_path() / "lapidary-interop-XXXXXX").string()) {
    if (!mkdtemp(m_path.data())) throw std::runtime_error("no temporary folder");
  }
  ~TemporaryFolder() { std::filesystem::remove_all(m_path); }
  const std::string& path() const { return m_path; }

 private:
  std::string m_path;
};

}  // namespace lapidary::tests
