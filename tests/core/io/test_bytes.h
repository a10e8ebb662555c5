// Bytes, files and errors for tests that feed readers by hand.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/model/tensor.h"
#include "core/support/error.h"

namespace lapidary::core::testing {

/// Shared bytes with the content of a string, on an allocation of their own so that sanitizers see overruns.
inline Bytes bytesOf(std::string_view text) {
  std::shared_ptr<std::byte[]> memory(new std::byte[text.size()]);
  if (!text.empty()) std::memcpy(memory.get(), text.data(), text.size());
  return {memory, {memory.get(), text.size()}};
}

inline std::string stringOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string unhex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    text += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return text;
}

/// The message of the Error that `body` throws; "no error" where it throws none.
template <class Body>
std::string errorOf(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// A folder that is removed when the test ends.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lapidary-test-XXXXXX").string();
    m_path = mkdtemp(pattern.data());
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
    return write(name, std::string_view(stringOf(content)));
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

/// Runs a Python program (as a judge); false if Python or one of its modules is not installed.
inline bool python(const TemporaryFolder& folder, const std::string& modules, const std::string& program,
                   int* status) {
  if (std::system(("/usr/bin/python3 -c 'import " + modules + "' 2>/dev/null").c_str()) != 0) return false;
  folder.write("judge.py", std::string_view("import " + modules + "\n" + program));
  *status = std::system(("cd '" + folder.path() + "' && /usr/bin/python3 judge.py").c_str());
  return true;
}

}  // namespace lapidary::core::testing
