#include "core/io/common/format.h"

#include <algorithm>
#include <filesystem>

#include "core/files/mapped_file.h"

namespace lapidary::core {
namespace {

/// Beyond this no format needs to look to be recognised.
constexpr std::size_t leadingBytes = 4096;

std::string endingOf(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return ending;
}

std::string knownEndings() {
  std::string text;
  for (const Format& format : modelFormats())
    for (const std::string_view ending : format.extensions)
      text += (text.empty() ? "" : " ") + std::string(ending);
  return text;
}

const Format& formatOf(const ReadSource& source) {
  const auto leading = source.bytes.view.first(std::min(leadingBytes, source.bytes.view.size()));
  for (const Format& format : modelFormats())
    if (format.matches(leading)) return format;
  if (const Format* format = formatForPath(source.name)) return *format;
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

Model readModel(const ReadSource& source, const Progress& progress) {
  return withContext(source.name, [&] { return formatOf(source).read(source, progress); });
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
