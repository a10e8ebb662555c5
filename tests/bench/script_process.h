// SPDX-License-Identifier: GPL-3.0-or-later
// A script run by another language's interpreter, asked and answered line by line.
#pragma once

#include <string>
#include <vector>

namespace lapidary::bench {

class ScriptProcess {
 public:
  /// `script` stands in tests, `lacking` says what to install where nothing answers. Throws
  /// std::runtime_error where no pipe can be had.
  ScriptProcess(std::string interpreter, const std::string& script, std::vector<std::string> arguments,
                std::string lacking);
  ~ScriptProcess();
  ScriptProcess(const ScriptProcess&) = delete;
  ScriptProcess& operator=(const ScriptProcess&) = delete;

  /// Throws std::runtime_error where the interpreter or its libraries are missing, or the script ended.
  std::string ask(const std::string& line);

 private:
  std::string m_lacking;
  int m_process = -1;
  int m_toChild = -1;
  int m_fromChild = -1;
};

}  // namespace lapidary::bench
