// SPDX-License-Identifier: GPL-3.0-or-later
// The rooms of the tree and what they may include, as their CMake targets say it, and what they do include.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace lapidary::architecture {

/// By room ("core/ops/conv"): the rooms that it may include, itself aside.
using Rules = std::map<std::string, std::set<std::string>>;

/// Reads what CMake wrote of every room: "core/model: core/support" a line. Throws where the file cannot be
/// read.
Rules readRules(const std::filesystem::path& file);

struct Include {
  std::string target;  ///< as written
  bool quoted = false;
};

/// All sources below some folders of a tree, by path relative to its root, with what they include.
class SourceTree {
 public:
  SourceTree(std::filesystem::path root, const std::vector<std::string>& folders);

  const std::map<std::string, std::vector<Include>>& files() const { return m_files; }
  /// The file of the tree that a quoted include means; empty where there is none.
  std::string resolve(const std::string& file, const Include& include) const;
  /// Every file of the tree that `file` reaches, however far, each with the one that includes it.
  std::map<std::string, std::string> reached(const std::string& file) const;

 private:
  std::filesystem::path m_root;
  std::map<std::string, std::vector<Include>> m_files;
};

/// "core/ops/conv/conv.cpp" -> "core/ops/conv".
std::string roomOf(const std::string& file);

/// Includes of rooms that the rules do not allow, and includes of nothing: a sentence each.
std::vector<std::string> violations(const SourceTree& tree, const Rules& rules);

/// Files below `from` that reach, over any number of headers, a file below `hidden`: a sentence each, with
/// the way there.
std::vector<std::string> leaks(const SourceTree& tree, const std::string& from, const std::string& hidden);

/// Rooms that use each other in a circle, as the rules have it.
std::vector<std::string> circles(const Rules& rules);

}  // namespace lapidary::architecture
