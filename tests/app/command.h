// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the real command line and keeps what it printed.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/temporary_folder.h"

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

struct Folder : core::testing::TemporaryFolder {
  std::string operator/(const std::string& name) const { return path(name); }
};

using core::testing::contentOf;

/// `arguments` as a shell reads them.
inline Finished lapidary(const std::string& arguments) {
  const Folder folder;
  const std::string command =
      std::string(LAPIDARY_CLI) + " " + arguments + " >" + (folder / "out") + " 2>" + (folder / "err");
  const int result = std::system(command.c_str());
  return {WIFEXITED(result) ? WEXITSTATUS(result) : -1, contentOf(folder / "out"), contentOf(folder / "err")};
}

}  // namespace lapidary::test
