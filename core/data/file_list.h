// SPDX-License-Identifier: GPL-3.0-or-later
// A table of files and their labels, as people keep it: a CSV with or without a line that names its columns.
#pragma once

#include <optional>

#include "core/data/class_folders.h"
#include "core/data/data_part.h"
#include "core/support/error.h"

namespace lapidary::core {

struct FileList {
  std::vector<SampleFile> files;
  std::vector<std::string> names;  ///< by class, sorted, where labels are words
  bool labelled = false;
  DataKind kind = DataKind::Picture;
  std::vector<DataWarning> warnings;
  DataParts parts;
};

/// Columns are found by their names, else the first holds files and the second labels. Where a column says
/// which part of the data a row belongs to, the rows of `part`, or of the first that is there, are taken;
/// classes are numbered over all rows. Throws Error(InvalidInput) naming the line.
FileList readFileList(const std::string& path, std::optional<DataPart> part);

/// Says how pictures of these kinds ("3 TIFF") can be read.
Error readerMissing(const std::string& kinds);

}  // namespace lapidary::core
