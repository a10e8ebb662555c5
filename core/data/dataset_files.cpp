// SPDX-License-Identifier: GPL-3.0-or-later
// Samples that are files of pictures or sounds: a folder of class folders, a folder of files, a CSV of
// file,label.
#include <filesystem>

#include "core/data/class_folders.h"
#include "core/data/dataset_sources.h"
#include "core/data/file_list.h"
#include "core/data/picture_survey.h"
#include "core/io/common/data_format.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

/// What there is to say of a source of files besides the files.
struct FilesForm {
  std::string kind;
  DataKind content;
  std::string path;
  fs::path root;  ///< that names of samples are relative to
  bool labelled;
  DataParts parts = {};
};

class FileSource final : public DataSource {
 public:
  FileSource(FilesForm form, std::vector<SampleFile> files, std::vector<std::string> classNames,
             std::vector<DataWarning> warnings)
      : m_form(std::move(form)),
        m_files(std::move(files)),
        m_classNames(std::move(classNames)),
        m_warnings(std::move(warnings)) {}

  std::size_t size() const override { return m_files.size(); }
  bool labelled() const override { return m_form.labelled; }
  std::int64_t label(std::size_t i) const override { return m_files.at(i).label; }
  const std::vector<std::string>& classNames() const override { return m_classNames; }
  std::string sampleName(std::size_t i) const override {
    return fs::path(m_files.at(i).path).lexically_relative(m_form.root).string();
  }
  bool pictorial() const override { return m_form.content == DataKind::Picture; }
  bool audible() const override { return m_form.content == DataKind::Sound; }
  std::vector<std::pair<std::string, Tensor>> arrays(std::size_t) const override { return {}; }
  std::string kind() const override { return m_form.kind; }
  std::string path() const override { return m_form.path; }
  DataParts parts() const override { return m_form.parts; }

  const std::vector<DataWarning>& warnings() const override { return m_warnings; }

  Picture picture(std::size_t i) const override {
    if (!pictorial()) throw invalidInput("the data hold sounds, not pictures");
    const std::string& file = m_files.at(i).path;
    return withContext("reading " + file, [&] { return decodePicture(mapFile(file)); });
  }
  Sound sound(std::size_t i) const override {
    if (!audible()) return DataSource::sound(i);
    const std::string& file = m_files.at(i).path;
    return withContext("reading " + file, [&] { return readSound(mapFile(file)); });
  }

 private:
  FilesForm m_form;
  std::vector<SampleFile> m_files;
  std::vector<std::string> m_classNames;
  std::vector<DataWarning> m_warnings;
};

/// Warns of what pictures lose, too.
SharedSource sourceOf(FilesForm form, std::vector<SampleFile> files, std::vector<std::string> names,
                      std::vector<DataWarning> warnings) {
  if (form.content == DataKind::Picture) {
    std::vector<std::string> paths;
    paths.reserve(files.size());
    for (const SampleFile& file : files) paths.push_back(file.path);
    const std::vector<DataWarning> lost = surveyPictures(paths);
    warnings.insert(warnings.end(), lost.begin(), lost.end());
  }
  return std::make_shared<FileSource>(std::move(form), std::move(files), std::move(names),
                                      std::move(warnings));
}

/// Null where the folder holds no files of the kind; `leftOut` then hears of what it holds.
SharedSource scanFor(DataKind kind, const std::string& folder, std::vector<DataWarning>& leftOut) {
  ClassFolders found = readClassFolders(folder, kind);
  const bool labels = !found.files.empty();
  if (!labels) {
    leftOut = std::move(found.warnings);
    found = readLooseFiles(folder, kind);
  }
  if (found.files.empty()) {
    leftOut.insert(leftOut.end(), found.warnings.begin(), found.warnings.end());
    return nullptr;
  }
  return sourceOf({"folder", kind, folder, fs::path(folder), labels}, std::move(found.files),
                  std::move(found.names), std::move(found.warnings));
}

std::string namedEndings(DataKind kind) {
  std::string text;
  for (const std::string_view ending : dataEndings(kind))
    text += (text.empty() ? "" : ", ") + std::string(ending);
  return text;
}

[[noreturn]] void refuseFolder(const std::vector<DataWarning>& leftOut) {
  std::string held;
  for (const DataWarning& warning : leftOut) {
    if (warning.kind == DataWarningKind::UnreadablePictures) throw readerMissing(warning.detail);
    if (warning.kind == DataWarningKind::OtherFiles) held += (held.empty() ? "" : ", ") + warning.detail;
  }
  throw invalidInput("the folder holds no pictures (" + namedEndings(DataKind::Picture) +
                     ") and no sounds (" + namedEndings(DataKind::Sound) +
                     "), neither in class folders nor directly" +
                     (held.empty() ? "" : "; it holds " + held + ": convert them"));
}

SharedSource readCsv(const std::string& path, std::optional<DataPart> part,
                     std::vector<DataWarning> warnings = {}) {
  FileList list = readFileList(path, part);
  const fs::path folder = fs::path(path).parent_path();
  warnings.insert(warnings.end(), list.warnings.begin(), list.warnings.end());
  return sourceOf({"csv", list.kind, pathOfPart(path, list.parts, part),
                   folder.empty() ? fs::path(".") : folder, list.labelled, list.parts},
                  std::move(list.files), std::move(list.names), std::move(warnings));
}

/// The table that data sets for Hugging Face keep among their files; where there are class folders, these
/// count.
SharedSource tableIn(const std::string& folder) {
  const fs::path table = fs::path(folder) / "metadata.csv";
  std::error_code error;
  if (!fs::is_regular_file(table, error)) return nullptr;
  if (readClassFolders(folder, DataKind::Picture).names.size() > 1 ||
      readClassFolders(folder, DataKind::Sound).names.size() > 1)
    return nullptr;
  return readCsv(table.string(), std::nullopt, {{DataWarningKind::TableInFolder, "'metadata.csv'", 1}});
}

SharedSource scanFolder(const std::string& folder) {
  if (SharedSource source = tableIn(folder)) return source;
  std::vector<DataWarning> leftOut, ofSounds;
  if (SharedSource source = scanFor(DataKind::Picture, folder, leftOut)) return source;
  if (SharedSource source = scanFor(DataKind::Sound, folder, ofSounds)) return source;
  refuseFolder(leftOut);
}

/// The system's refusals (a folder without permission) as errors a person can act on.
template <class Open>
SharedSource opened(const std::string& path, Open&& open) {
  return withContext("reading " + path, [&] {
    try {
      return open();
    } catch (const fs::filesystem_error& error) {
      throw invalidInput(error.path1().string() + ": " + error.code().message());
    }
  });
}

}  // namespace

SharedSource openFolder(const std::string& folder) {
  return opened(folder, [&] { return scanFolder(folder); });
}

SharedSource openCsv(const std::string& path, std::optional<DataPart> part) {
  return opened(path, [&] { return readCsv(path, part); });
}

}  // namespace lapidary::core
