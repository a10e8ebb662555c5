// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/data_format.h"

#include <algorithm>

#include "core/files/path_ending.h"

namespace lapidary::core {

std::optional<DataKind> dataKindForPath(const std::string& path) {
  const std::string ending = endingOf(path);
  for (const DataFormat& format : dataFormats())
    if (std::ranges::find(format.endings, ending) != format.endings.end()) return format.kind;
  return std::nullopt;
}

std::span<const std::string_view> dataEndings(DataKind kind) {
  return std::ranges::find(dataFormats(), kind, &DataFormat::kind)->endings;
}

std::vector<std::string_view> dataEndings() {
  std::vector<std::string_view> endings;
  for (const DataKind kind : {DataKind::Arrays, DataKind::List}) {
    const auto more = dataEndings(kind);
    endings.insert(endings.end(), more.begin(), more.end());
  }
  return endings;
}

}  // namespace lapidary::core
