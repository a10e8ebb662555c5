// SPDX-License-Identifier: GPL-3.0-or-later
// Files that another file names relative to its own folder: nothing they name may lead out of it.
#pragma once

#include <string>
#include <system_error>

namespace lapidary::core {

struct NamedFile {
  std::string path;       ///< after links; empty where there is no such file
  std::error_code error;  ///< why there is none
};

/// Links are followed where they stay inside `folder`, or lead straight into `realFolder` (empty: none): the
/// folder that the naming file lies in itself where `folder` holds but a link to it. So caches of downloads
/// keep both files of a model. Throws Error(InvalidInput), `shown` in front, for what leads elsewhere or is
/// no regular file.
NamedFile fileInFolder(const std::string& folder, const std::string& realFolder, const std::string& location,
                       const std::string& shown);

/// The folder that a file lies in after links, where that is another one than the path says; empty where it
/// is not.
std::string realFolderOf(const std::string& path);

}  // namespace lapidary::core
