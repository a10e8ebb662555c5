// SPDX-License-Identifier: GPL-3.0-or-later
// Model file formats: one row each in an explicit table, which alone knows their endings, and what uses it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/bytes.h"
#include "core/model/model.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// The input of a reader: the bytes, and the folder that relative references may stay within.
struct ReadSource {
  Bytes bytes;
  std::string name;    ///< shown in errors: a path, or the name of an embedded model
  std::string folder;  ///< for external data; empty: none may be read
  /// Where the file itself lies, if `folder` has but a link to it: a cache of downloads. Empty otherwise.
  std::string realFolder = {};
};

struct Format {
  std::string_view name;                         ///< "ONNX"
  std::span<const std::string_view> extensions;  ///< with the dot, lower case
  /// Whether the bytes of a whole file look like this format. A few of them must do: it is asked of every
  /// file.
  bool (*matches)(std::span<const std::byte> bytes);
  Model (*read)(const ReadSource& source, const Progress& progress);
  /// Null where the format is only read. Writes encodings as integers where the format can.
  void (*write)(const Model& model, const Append& append, const Progress& progress);
  /// Exact bytes that `write` would produce, computed without producing them; null like write.
  std::uint64_t (*sizeOf)(const Model& model);
  std::string_view loses;  ///< what does not survive writing: "graph"; empty: nothing
  /// Those of `extensions` that files of many other kinds have too: they tell nothing of a file by
  /// themselves.
  std::span<const std::string_view> shared = {};
};

std::span<const Format> modelFormats();
/// By the ending of a path; null if there is none.
const Format* formatForPath(const std::string& path);
/// By the content alone; null where it shows none. Whoever opens a file and whoever audits it ask here, so
/// that a file cannot be one thing to the one and another to the other.
const Format* formatOfContent(std::span<const std::byte> bytes);
/// What readModel takes a file for: content decides, then the ending of its name. Null: for nothing.
const Format* formatOf(std::span<const std::byte> bytes, const std::string& name);
/// By its name; it must be in the table.
const Format& modelFormat(std::string_view name);

/// The ending that files of the format of this name are written with.
std::string endingFor(std::string_view format);

/// The endings that files of models have, with the dot, in lower case: each that can be opened. Whoever shows
/// or compares endings asks here, or, of data, data_format.h.
std::vector<std::string_view> modelEndings();
/// Those of files with a graph, which are all written too.
std::vector<std::string_view> graphEndings();
/// Whether the name of a file says that it is of this format; endings that others share do not.
bool namesFormat(const Format& format, const std::string& path);
/// ".onnx, .npz or .pt".
std::string alternatives(std::span<const std::string_view> endings);

/// Content decides, then the ending. Throws Error(InvalidInput) with the path in front.
Model readModel(const std::string& path, const Progress& progress = {});
Model readModel(const ReadSource& source, const Progress& progress = {});

/// The ending picks the format. Throws Error(Usage) for an unknown ending, Error(CannotWrite), or
/// Error(Unsupported) where the model has no form in that format.
void writeModel(const Model& model, const std::string& path, const Progress& progress = {});

}  // namespace lapidary::core
