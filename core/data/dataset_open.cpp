// SPDX-License-Identifier: GPL-3.0-or-later
// This file finds which kind of data a path leads to.
#include <filesystem>

#include "core/data/dataset_sources.h"
#include "core/files/bytes.h"
#include "core/io/common/data_format.h"
#include "core/io/numpy/idx.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// The colon whose left side exists; file names may hold colons themselves.
std::optional<std::pair<std::string, std::string>> splitPair(const std::string& where) {
  std::optional<std::pair<std::string, std::string>> half;
  for (std::size_t at = where.find(':'); at != std::string::npos; at = where.find(':', at + 1)) {
    const std::string left = where.substr(0, at), right = where.substr(at + 1);
    if (exists(left) && exists(right)) return std::pair(left, right);
    if (!half && exists(left)) half = std::pair(left, right);
  }
  return half;
}

SharedSource openFile(const std::string& path, std::optional<DataPart> part = std::nullopt) {
  const std::optional<DataKind> kind = dataKindForPath(path);
  if (kind == DataKind::List) return openCsv(path, part);
  const Bytes bytes = withContext("reading " + path, [&] { return mapFile(path); });
  const auto starts = [&](std::string_view text) {
    return std::string_view(reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size())
        .starts_with(text);
  };
  if (starts("PK") || kind == DataKind::Arrays) return openNpz(bytes, path, part);
  if (part)
    throw Error(ErrorKind::InvalidInput, "reading " + path + ": only an npz or a CSV holds parts of data");
  if (starts("\x93NUMPY"))
    return withContext("reading " + path, [&] {
      NpzContent content;
      content.arrays.emplace("x", readNpy(bytes));
      return openArrays(content, path);
    });
  if (looksLikeIdx(bytes.view)) return openIdxPair(path, "");
  throw Error(ErrorKind::InvalidInput,
              "reading " + path +
                  ": not data that can be read: an npz, IMAGES:LABELS (IDX), a folder of class " +
                  "folders of pictures or sounds, or a CSV of file,label expected");
}

}  // namespace

SharedSource openData(const std::string& where) {
  std::error_code error;
  if (fs::is_directory(where, error)) return openFolder(where);
  if (exists(where)) return openFile(where);
  if (const DataPlace place = dataPlace(where); place.part && exists(place.file))
    return openFile(place.file, place.part);
  const auto pair = splitPair(where);
  if (!pair) throw Error(ErrorKind::InvalidInput, "reading " + where + ": there is no such file or folder");
  if (!exists(pair->second))
    throw Error(ErrorKind::InvalidInput,
                "reading " + pair->second +
                    ": there is no such file; IMAGES:LABELS, or train, val or test of a file expected");
  return openIdxPair(pair->first, pair->second);
}

}  // namespace lapidary::core
