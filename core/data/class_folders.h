// SPDX-License-Identifier: GPL-3.0-or-later
// Which folders are classes, which of their files are samples, and what is left out of them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/data_warning.h"
#include "core/io/common/data_format.h"

namespace lapidary::core {

struct SampleFile {
  std::string path;
  std::int64_t label = 0;
};

struct ClassFolders {
  std::vector<SampleFile> files;
  std::vector<std::string> names;  ///< by class
  std::vector<DataWarning> warnings;
};

/// The samples of one kind in the folders of a folder. A folder without samples is no class, nor is one that
/// systems make for themselves. The classes are the folders sorted by name; where all names are whole
/// numbers, the number is the class. Without files, but with warnings, where there are no such.
ClassFolders readClassFolders(const std::string& folder, DataKind kind);

/// The samples of one kind that lie in the folder itself, sorted, all of class 0 and without names.
ClassFolders readLooseFiles(const std::string& folder, DataKind kind);

/// Whether what a path leads to, links followed, stands within the folder. Both exist.
bool isWithin(const std::filesystem::path& path, const std::filesystem::path& canonicalFolder);

/// Nothing where the text is no whole number.
std::optional<std::int64_t> wholeNumber(const std::string& text);

}  // namespace lapidary::core
