// SPDX-License-Identifier: GPL-3.0-or-later
// Samples that are files of pictures or sounds: a folder of class folders, a folder of files, a CSV of
// file,label.
#include <algorithm>
#include <filesystem>
#include <set>

#include "core/data/class_folders.h"
#include "core/data/dataset_sources.h"
#include "core/files/csv.h"
#include "core/io/common/data_format.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

class FileSource final : public DataSource {
 public:
  FileSource(std::string kind, DataKind content, std::string path, fs::path root,
             std::vector<SampleFile> files, std::vector<std::string> classNames, bool labels)
      : m_kind(std::move(kind)),
        m_content(content),
        m_path(std::move(path)),
        m_root(std::move(root)),
        m_files(std::move(files)),
        m_classNames(std::move(classNames)),
        m_labels(labels) {}

  std::size_t size() const override { return m_files.size(); }
  bool labelled() const override { return m_labels; }
  std::int64_t label(std::size_t i) const override { return m_files.at(i).label; }
  const std::vector<std::string>& classNames() const override { return m_classNames; }
  std::string sampleName(std::size_t i) const override {
    return fs::path(m_files.at(i).path).lexically_relative(m_root).string();
  }
  bool pictorial() const override { return m_content == DataKind::Picture; }
  bool audible() const override { return m_content == DataKind::Sound; }
  std::vector<std::pair<std::string, Tensor>> arrays(std::size_t) const override { return {}; }
  std::string kind() const override { return m_kind; }
  std::string path() const override { return m_path; }

  const std::vector<DataWarning>& warnings() const override { return m_warnings; }
  void warnOf(std::vector<DataWarning> warnings) { m_warnings = std::move(warnings); }

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
  std::string m_kind;
  DataKind m_content;
  std::string m_path;
  fs::path m_root;
  std::vector<SampleFile> m_files;
  std::vector<std::string> m_classNames;
  bool m_labels;
  std::vector<DataWarning> m_warnings;
};

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Null where the folder holds no files of the kind.
SharedSource scanFor(DataKind kind, const std::string& folder) {
  ClassFolders found = readClassFolders(folder, kind);
  const bool labels = !found.files.empty();
  if (!labels)
    for (std::string& file : looseSamples(folder, kind)) found.files.push_back({std::move(file), 0});
  if (found.files.empty()) return nullptr;
  auto source = std::make_shared<FileSource>("folder", kind, folder, fs::path(folder), std::move(found.files),
                                             std::move(found.names), labels);
  source->warnOf(std::move(found.warnings));
  return source;
}

std::string namedEndings(DataKind kind) {
  std::string text;
  for (const std::string_view ending : dataEndings(kind))
    text += (text.empty() ? "" : ", ") + std::string(ending);
  return text;
}

SharedSource scanFolder(const std::string& folder) {
  for (const DataKind kind : {DataKind::Picture, DataKind::Sound})
    if (SharedSource source = scanFor(kind, folder)) return source;
  throw invalidInput("the folder holds no pictures (" + namedEndings(DataKind::Picture) +
                     ") and no sounds (" + namedEndings(DataKind::Sound) +
                     "), neither in class folders nor directly");
}

bool isHeader(const CsvRow& row) {
  const std::string first = lower(row.fields[0]);
  return first == "file" || first == "filename" || first == "path" || first == "image" ||
         first == "picture" || first == "sound" || first == "audio";
}

std::string fileOf(const CsvRow& row, const fs::path& folder, const fs::path& root) {
  const fs::path relative(row.fields[0]);
  const std::string place = "line " + std::to_string(row.line) + ": '" + row.fields[0] + "' ";
  const fs::path normal = relative.lexically_normal();
  if (relative.is_absolute() || (!normal.empty() && *normal.begin() == ".."))
    throw invalidInput(place + "leads out of the CSV's folder; put the file into that folder");
  const fs::path path = folder / normal;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) throw invalidInput(place + "is not a file in the CSV's folder");
  if (!isWithin(path, root))
    throw invalidInput(place + "leads out of the CSV's folder; put the file into that folder");
  return path.string();
}

bool isSound(const SampleFile& file) { return dataKindForPath(file.path) == DataKind::Sound; }

/// Class indices where every label is a whole number; otherwise the sorted names are the classes.
std::vector<std::string> setLabels(const std::vector<CsvRow>& rows, std::vector<SampleFile>& files) {
  const bool numbers = std::all_of(rows.begin(), rows.end(),
                                   [](const CsvRow& row) { return wholeNumber(row.fields[1]).has_value(); });
  std::set<std::string> names;
  for (const CsvRow& row : rows) {
    if (row.fields[1].empty())
      throw invalidInput("line " + std::to_string(row.line) + ": the label is empty");
    if (numbers && *wholeNumber(row.fields[1]) < 0)
      throw invalidInput("line " + std::to_string(row.line) + ": label " + row.fields[1] +
                         " is negative, a class index from 0 or a name expected");
    names.insert(row.fields[1]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    files[i].label = numbers ? *wholeNumber(rows[i].fields[1])
                             : std::distance(names.begin(), names.find(rows[i].fields[1]));
  return numbers ? std::vector<std::string>() : std::vector<std::string>(names.begin(), names.end());
}

SharedSource readCsv(const std::string& path) {
  const Bytes bytes = mapFile(path);
  std::vector<CsvRow> rows = parseCsv({reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size()});
  if (!rows.empty() && isHeader(rows.front())) rows.erase(rows.begin());
  if (rows.empty()) throw invalidInput("the CSV names no files: rows of file,label expected");
  const fs::path folder = fs::path(path).parent_path().empty() ? fs::path(".") : fs::path(path).parent_path();
  const fs::path root = fs::canonical(folder);
  const std::size_t fields = rows.front().fields.size();
  std::vector<SampleFile> files;
  for (const CsvRow& row : rows) {
    if (row.fields.size() != fields || fields > 2)
      throw invalidInput("line " + std::to_string(row.line) + ": " + std::to_string(row.fields.size()) +
                         " fields stand there, " +
                         (fields > 2    ? "file,label"
                          : fields == 2 ? "2 as in the first row"
                                        : "1 as in the first row") +
                         " expected");
    files.push_back({fileOf(row, folder, root), 0});
  }
  const DataKind kind = isSound(files.front()) ? DataKind::Sound : DataKind::Picture;
  for (std::size_t i = 0; i < files.size(); ++i)
    if (isSound(files[i]) != (kind == DataKind::Sound))
      throw invalidInput("line " + std::to_string(rows[i].line) +
                         ": pictures and sounds stand in one list; make a list of each");
  std::vector<std::string> names;
  if (fields == 2) names = setLabels(rows, files);
  return std::make_shared<FileSource>("csv", kind, path, folder, std::move(files), std::move(names),
                                      fields == 2);
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

SharedSource openCsv(const std::string& path) {
  return opened(path, [&] { return readCsv(path); });
}

}  // namespace lapidary::core
