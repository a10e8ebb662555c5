// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/format.h"

#include <algorithm>
#include <filesystem>

#include "core/files/inside_folder.h"
#include "core/files/mapped_file.h"
#include "core/files/path_ending.h"
#include "core/files/placeholder.h"
#include "core/io/common/shard_name.h"

namespace lapidary::core {
namespace {

std::string knownEndings() {
  std::string text;
  for (const std::string_view ending : modelEndings())
    text += (text.empty() ? "" : " ") + std::string(ending);
  return text;
}

std::string folderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

bool endsAs(const std::string& path, std::string_view ending) {
  const bool oneDot = ending.find('.', 1) == std::string_view::npos;
  return oneDot ? endingOf(path) == ending : hasEnding(path, ending);
}

bool hasEndingOf(std::span<const std::string_view> endings, const std::string& path) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return endsAs(path, ending); });
}

/// A file that is one of several says so by its name alone.
void tellOfShard(Model& model, const std::string& path) {
  const auto shard = shardNameOf(path);
  if (!shard || model.runnable()) return;
  const bool there = std::filesystem::exists(std::filesystem::path(folderOf(path)) / shard->index);
  model.warnings.push_back(
      {WarningKind::OneShard, std::to_string(shard->number) + " of " + std::to_string(shard->total) + "; " +
                                  shard->index + (there ? " beside it opens all" : " is not beside it")});
}

const Format& formatToRead(const ReadSource& source) {
  if (formatOfContent(source.bytes.view) == nullptr) requireRealFile(source.bytes.view);
  if (const Format* format = formatOf(source.bytes.view, source.name)) return *format;
  throw Error(ErrorKind::InvalidInput, "not a model in a known format (" + knownEndings() + ")");
}

}  // namespace

const Format* formatForPath(const std::string& path) {
  for (const Format& format : modelFormats())
    if (hasEndingOf(format.extensions, path)) return &format;
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
  return hasEndingOf(format.extensions, path) && !hasEndingOf(format.shared, path);
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
  Model model = readModel(ReadSource{mapFile(path), path, folderOf(path), realFolderOf(path)}, progress);
  requireUnchangedFiles();
  model.source.path = path;
  tellOfShard(model, path);
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
