// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/path_ending.h"

#include <algorithm>
#include <filesystem>

namespace lapidary::core {
namespace {

/// Endings are ASCII: no locale has a say.
char lowerCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string endingOf(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::ranges::transform(ending, ending.begin(), lowerCase);
  return ending;
}

bool hasEnding(std::string_view name, std::string_view ending) {
  return name.size() >= ending.size() &&
         std::ranges::equal(name.substr(name.size() - ending.size()), ending, {}, lowerCase);
}

}  // namespace lapidary::core
