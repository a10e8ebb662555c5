// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the files of packaging/ as text, and finds what expressions match.
#pragma once

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace lapidary::test {

inline std::string textOf(const std::string& file) {
  std::ifstream in(std::filesystem::path(LAPIDARY_SOURCE_DIR) / file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The first group of every match, in order.
inline std::vector<std::string> allOf(const std::string& text, const std::string& expression) {
  const std::regex regex(expression);
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match)
    found.push_back(match->str(1));
  return found;
}

}  // namespace lapidary::test
