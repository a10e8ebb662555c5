// SPDX-License-Identifier: GPL-3.0-or-later
// Files of data: one row for each kind in an explicit table, which alone knows their endings.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary::core {

/// The kind of samples that a file of data holds.
enum class DataKind {
  Arrays,   ///< all samples, and their labels
  List,     ///< names of files of pictures or sounds, and their labels
  Packed,   ///< an IDX file, compressed; plain IDX files have no ending
  Picture,  ///< one sample
  Sound     ///< one sample
};

struct DataFormat {
  DataKind kind;
  std::span<const std::string_view> endings;  ///< with the dot, lower case
};

std::span<const DataFormat> dataFormats();
/// By the ending of a path; nothing where it tells of no data.
std::optional<DataKind> dataKindForPath(const std::string& path);
std::span<const std::string_view> dataEndings(DataKind kind);
/// Of files that are data by themselves and are told by their endings: arrays and lists.
std::vector<std::string_view> dataEndings();

}  // namespace lapidary::core
