// SPDX-License-Identifier: GPL-3.0-or-later
// What was noticed while data were read, and does not stop it: what is left out, and what was guessed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lapidary::core {

enum class DataWarningKind {
  NoClassFolders,   ///< folders beside the class folders that hold no samples
  LooseFiles,       ///< samples beside the class folders
  OtherFiles,       ///< files in class folders that are no samples of this kind
  OutsideLinks,     ///< links that lead out of the folder, or to a folder within a class folder
  NumberedFolders,  ///< class folders named by numbers that are not 0, 1, 2, ...
  PartFolders,      ///< class folders that are named as parts of a data set are
  GuessedSound      ///< keys of the preprocess that nobody gave
};

struct DataWarning {
  DataWarningKind kind;
  std::string detail;     ///< names or keys, for a sentence that the reader of it composes
  std::size_t count = 0;  ///< of what is named, of which the detail may list the first ones only

  bool operator==(const DataWarning&) const = default;
};

/// A word for scripts: "loose-files".
const char* idOf(DataWarningKind kind);

}  // namespace lapidary::core
