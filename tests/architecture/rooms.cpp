// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/architecture/rooms.h"

#include <fstream>
#include <functional>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace lapidary::architecture {
namespace {

namespace fs = std::filesystem;

std::vector<Include> includesOf(const fs::path& path) {
  static const std::regex line(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> found;
  std::ifstream in(path);
  std::smatch match;
  for (std::string text; std::getline(in, text);)
    if (std::regex_search(text, match, line)) found.push_back({match[2], match[1] == "\""});
  return found;
}

bool isBelow(const std::string& file, const std::string& folder) { return file.starts_with(folder + "/"); }

std::string wayTo(const std::string& target, const std::map<std::string, std::string>& reached) {
  std::string way = target;
  for (auto it = reached.find(target); it != reached.end(); it = reached.find(it->second))
    way = it->second + " -> " + way;
  return way;
}

}  // namespace

Rules readRules(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  Rules rules;
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    std::set<std::string>& uses = rules[line.substr(0, colon)];
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) uses.insert(word);
  }
  return rules;
}

SourceTree::SourceTree(fs::path root, const std::vector<std::string>& folders) : m_root(std::move(root)) {
  for (const std::string& folder : folders)
    for (const auto& entry : fs::recursive_directory_iterator(m_root / folder)) {
      const fs::path extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".cpp" && extension != ".h")) continue;
      m_files[fs::relative(entry.path(), m_root).generic_string()] = includesOf(entry.path());
    }
}

std::string SourceTree::resolve(const std::string& file, const Include& include) const {
  if (!include.quoted) return {};
  const std::string beside =
      (fs::path(file).parent_path() / include.target).lexically_normal().generic_string();
  if (m_files.contains(beside)) return beside;
  return m_files.contains(include.target) ? include.target : std::string();
}

std::map<std::string, std::string> SourceTree::reached(const std::string& file) const {
  std::map<std::string, std::string> found;
  std::vector<std::string> open{file};
  while (!open.empty()) {
    const std::string at = std::move(open.back());
    open.pop_back();
    for (const Include& include : m_files.at(at)) {
      const std::string target = resolve(at, include);
      if (!target.empty() && target != file && found.emplace(target, at).second) open.push_back(target);
    }
  }
  return found;
}

std::string roomOf(const std::string& file) { return fs::path(file).parent_path().generic_string(); }

std::vector<std::string> violations(const SourceTree& tree, const Rules& rules) {
  std::vector<std::string> found;
  for (const auto& [file, includes] : tree.files()) {
    const std::string from = roomOf(file);
    if (!rules.contains(from)) {
      found.push_back(file + " is in a folder without a rule");
      continue;
    }
    for (const Include& include : includes) {
      if (!include.quoted) continue;
      const std::string target = tree.resolve(file, include);
      if (target.empty())
        found.push_back(file + " includes " + include.target + ", which is not there");
      else if (const std::string to = roomOf(target); to != from && !rules.at(from).contains(to))
        found.push_back(file + " must not include " + target);
    }
  }
  return found;
}

std::vector<std::string> leaks(const SourceTree& tree, const std::string& from, const std::string& hidden) {
  std::vector<std::string> found;
  for (const auto& [file, includes] : tree.files()) {
    if (!isBelow(file, from)) continue;
    const auto reached = tree.reached(file);
    for (const auto& [target, by] : reached)
      if (isBelow(target, hidden) && !isBelow(by, hidden)) found.push_back(wayTo(target, reached));
  }
  return found;
}

std::vector<std::string> circles(const Rules& rules) {
  std::vector<std::string> found;
  std::set<std::string> done, open;
  const std::function<void(const std::string&)> visit = [&](const std::string& room) {
    open.insert(room);
    const auto it = rules.find(room);
    if (it != rules.end())
      for (const std::string& used : it->second) {
        if (open.contains(used))
          found.push_back(room + " uses " + used + ", which uses it");
        else if (!done.contains(used))
          visit(used);
      }
    open.erase(room);
    done.insert(room);
  };
  for (const auto& [room, uses] : rules)
    if (!done.contains(room)) visit(room);
  return found;
}

}  // namespace lapidary::architecture
