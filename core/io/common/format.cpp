// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/format.h"

#include <algorithm>
#include <filesystem>

#include "core/files/mapped_file.h"
#include "core/files/path_ending.h"

namespace lapidary::core {
namespace {

std::string knownEndings() {
  std::string text;
  for (const std::string_view ending : modelEndings())
    text += (text.empty() ? "" : " ") + std::string(ending);
  return text;
}

const Format& formatToRead(const ReadSource& source) {
  if (const Format* format = formatOf(source.bytes.view, source.name)) return *format;
  throw Error(ErrorKind::InvalidInput, "not a model in a known format (" + knownEndings() + ")");
}

std::string folderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

const Format* formatForPath(const std::string& path) {
  const std::string ending = endingOf(path);
  for (const Format& format : modelFormats())
    if (std::ranges::find(format.extensions, ending) != format.extensions.end()) return &format;
  return nullptr;
}

const Format* formatOfContent(std::span<const std::byte> bytes) {
  for (const Format& format : modelFormats())
    if (format.matches(bytes)) return &format;
  return nullptr;
}

const Format* formatOf(std::span<const std::byte> bytes, const std::string& name) {
  const Format* format = formatOfContent(bytes);
  return format != nullptr ? format : formatForPath(name);
}

const Format& modelFormat(std::string_view name) {
  const auto found = std::ranges::find(modelFormats(), name, &Format::name);
  if (found == modelFormats().end())
    throw Error(ErrorKind::Usage, "there is no model format " + std::string(name));
  return *found;
}

std::string endingFor(std::string_view format) { return std::string(modelFormat(format).extensions.front()); }

std::vector<std::string_view> modelEndings() {
  std::vector<std::string_view> endings;
  for (const Format& format : modelFormats())
    endings.insert(endings.end(), format.extensions.begin(), format.extensions.end());
  return endings;
}

std::vector<std::string_view> graphEndings() {
  std::vector<std::string_view> endings;
  for (const Format& format : modelFormats())
    if (format.loses.empty())
      endings.insert(endings.end(), format.extensions.begin(), format.extensions.end());
  return endings;
}

bool namesFormat(const Format& format, const std::string& path) {
  const std::string ending = endingOf(path);
  return std::ranges::find(format.extensions, ending) != format.extensions.end() &&
         std::ranges::find(format.shared, ending) == format.shared.end();
}

std::string alternatives(std::span<const std::string_view> endings) {
  std::string text;
  for (std::size_t i = 0; i < endings.size(); ++i)
    text += (i == 0 ? "" : i + 1 == endings.size() ? " or " : ", ") + std::string(endings[i]);
  return text;
}

Model readModel(const ReadSource& source, const Progress& progress) {
  return withContext(source.name, [&] { return formatToRead(source).read(source, progress); });
}

Model readModel(const std::string& path, const Progress& progress) {
  Model model = readModel(ReadSource{mapFile(path), path, folderOf(path)}, progress);
  requireUnchangedFiles();
  model.source.path = path;
  return model;
}

void writeModel(const Model& model, const std::string& path, const Progress& progress) {
  const Format* format = formatForPath(path);
  if (format == nullptr)
    throw Error(ErrorKind::Usage,
                path + ": the ending names no model format, one of " + knownEndings() + " expected");
  if (format->write == nullptr)
    throw Error(ErrorKind::Unsupported, path + ": " + std::string(format->name) + " files are only read");
  // What the target's own writing reports names the path already.
  writeFileAtomically(path, [&](const Append& append) {
    try {
      format->write(model, append, progress);
    } catch (const Error& error) {
      throw error.kind() == ErrorKind::CannotWrite ? error : error.within(path);
    }
  });
}

}  // namespace lapidary::core
