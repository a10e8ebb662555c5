// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/path_escape.h"

#include <algorithm>

namespace lapidary::core {

bool leadsOut(std::string_view path) {
  constexpr std::string_view slashes = "/\\";
  if (path.find('\0') != std::string_view::npos) return true;
  if (!path.empty() && slashes.find(path.front()) != std::string_view::npos) return true;
  if (path.size() > 1 && path[1] == ':') return true;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find_first_of(slashes), path.size());
    if (path.substr(0, end) == "..") return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

}  // namespace lapidary::core
