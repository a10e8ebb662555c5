// SPDX-License-Identifier: GPL-3.0-or-later
// The reference that the command line itself gives of its commands and options, for tests of what is written
// about them.
#pragma once

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/app/command.h"

namespace lapidary::test {

/// Commands in the order of --help.
inline std::vector<std::string> commandNames() {
  const std::string help = lapidary("--help").out;
  const std::string list = help.substr(help.find("Subcommands:"));
  static const std::regex line(R"(\n  ([a-z]+) )");
  std::vector<std::string> names;
  for (auto it = std::sregex_iterator(list.begin(), list.end(), line); it != std::sregex_iterator(); ++it)
    names.push_back((*it)[1]);
  return names;
}

/// "--data", "-o": the names that begin a line of a command's help.
inline std::set<std::string> optionsInHelp(const std::string& help) {
  static const std::regex line(R"(\n  (-[A-Za-z]|--[a-z-]+)(?:,(--[a-z-]+))?[ \n])");
  std::set<std::string> names;
  for (auto it = std::sregex_iterator(help.begin(), help.end(), line); it != std::sregex_iterator(); ++it)
    for (std::size_t group = 1; group < it->size(); ++group)
      if ((*it)[group].matched) names.insert((*it)[group]);
  return names;
}

inline std::set<std::string> optionsOf(const std::string& command) {
  return optionsInHelp(lapidary(command + " --help").out);
}

}  // namespace lapidary::test
