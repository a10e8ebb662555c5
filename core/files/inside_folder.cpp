// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/inside_folder.h"

#include <algorithm>
#include <filesystem>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

void requireRelative(const fs::path& relative, const std::string& shown) {
  if (relative.string().find('\0') != std::string::npos) refuseInput(shown + ": the name holds a zero byte");
  if (relative.is_absolute()) refuseInput(shown + ": an absolute path is not followed");
  for (const fs::path& part : relative)
    if (part == "..") refuseInput(shown + ": a path out of the model's folder is not followed");
}

bool isInside(const fs::path& root, const fs::path& target) {
  return std::mismatch(root.begin(), root.end(), target.begin(), target.end()).first == root.end();
}

}  // namespace

NamedFile fileInFolder(const std::string& folder, const std::string& realFolder, const std::string& location,
                       const std::string& shown) {
  const fs::path relative(location);
  requireRelative(relative, shown);
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error) refuseInput(shown + ": the model's folder: " + error.message());
  const fs::path target = fs::canonical(root / relative, error);
  if (error) return {{}, error};
  if (!isInside(root, target) && (realFolder.empty() || target.parent_path() != fs::path(realFolder)))
    refuseInput(shown + ": a link out of the model's folder is not followed");
  if (!fs::is_regular_file(target, error)) refuseInput(shown + ": is not a regular file");
  return {target.string(), {}};
}

std::string realFolderOf(const std::string& path) {
  std::error_code error;
  const fs::path target = fs::canonical(path, error).parent_path();
  if (error) return {};
  const fs::path parent = fs::path(path).parent_path();
  const fs::path folder = fs::canonical(parent.empty() ? "." : parent, error);
  return error || folder == target ? std::string() : target.string();
}

}  // namespace lapidary::core
