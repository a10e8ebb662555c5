// Runs the real command line and keeps what it printed.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace lapidary::test {

/// The embedded demo's files, as they lie in the tree.
inline const std::string demo = std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/";
inline const std::string lenet = demo + "lenet5.onnx", lenet300 = demo + "lenet300.onnx";
inline const std::string digits = demo + "digits_test.npz", trainingDigits = demo + "digits_train.npz";

struct Finished {
  int status = -1;
  std::string out, err;
  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

/// A folder of its own that goes with the object.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lapidary_cli_XXXXXX").string();
    m_path = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(m_path); }
  std::string operator/(const std::string& name) const { return m_path + "/" + name; }

 private:
  std::string m_path;
};

inline std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// `arguments` as a shell reads them.
inline Finished lapidary(const std::string& arguments) {
  const Folder folder;
  const std::string command =
      std::string(LAPIDARY_CLI) + " " + arguments + " >" + (folder / "out") + " 2>" + (folder / "err");
  const int result = std::system(command.c_str());
  return {WIFEXITED(result) ? WEXITSTATUS(result) : -1, contentOf(folder / "out"), contentOf(folder / "err")};
}

}  // namespace lapidary::test
