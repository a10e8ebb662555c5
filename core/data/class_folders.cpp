// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/class_folders.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "core/data/column_words.h"
#include "core/files/image.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

/// A larger number in a folder's name is a date or a key, and no class.
constexpr std::int64_t largestClass = 999'999;

/// Folders that systems put beside and into those of people; some hold small copies of the pictures.
constexpr std::array<std::string_view, 6> systemFolders{
    "__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found", "__pycache__"};
constexpr std::array<std::string_view, 2> systemFiles{"Thumbs.db", "desktop.ini"};
constexpr std::array<std::string_view, 8> partNames{"train",      "training", "val",     "valid",
                                                    "validation", "test",     "testing", "dev"};

std::string nameOf(const fs::path& path) { return path.filename().string(); }
bool isHidden(const fs::path& path) { return nameOf(path).starts_with('.'); }

template <std::size_t count>
bool isOneOf(const std::array<std::string_view, count>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool isOfSystem(const fs::path& path) { return isHidden(path) || isOneOf(systemFolders, nameOf(path)); }

/// What was seen on the way through the folders.
struct Seen {
  std::vector<std::string> outside, empty;
  std::map<std::string, std::size_t> others;      ///< files that are no samples, by ending
  std::map<std::string, std::size_t> unreadable;  ///< pictures that no reader is installed for, by kind
};

/// A file that is no link out of the folder. Counts it where it is no sample of the kind.
bool isSampleFile(const fs::directory_entry& entry, DataKind kind, Seen& seen) {
  if (isHidden(entry.path()) || isOneOf(systemFiles, nameOf(entry.path()))) return false;
  const std::string path = entry.path().string();
  if (dataKindForPath(path) != kind || !entry.is_regular_file()) {
    ++seen.others[lowerCase(entry.path().extension().string())];
    return false;
  }
  const std::string_view lacking = kind == DataKind::Picture ? unreadableKind(path) : std::string_view();
  if (lacking.empty()) return true;
  ++seen.unreadable[std::string(lacking)];
  return false;
}

/// Walks one class folder and those within it; linked folders never.
class FolderWalk {
 public:
  FolderWalk(DataKind kind, const fs::path& root, Seen& seen) : m_kind(kind), m_root(root), m_seen(seen) {}

  std::vector<std::string> filesOf(const fs::path& folder) {
    std::vector<std::string> files;
    for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator();
         ++entry) {
      if (entry->is_directory()) {
        if (isOfSystem(entry->path()))
          entry.disable_recursion_pending();
        else if (entry->is_symlink())
          m_seen.outside.push_back(nameOf(entry->path()));
      } else if (isSample(*entry)) {
        files.push_back(entry->path().string());
      }
    }
    std::ranges::sort(files);
    return files;
  }

 private:
  bool isSample(const fs::directory_entry& entry) {
    if (!isHidden(entry.path()) && entry.is_symlink() && !isWithin(entry.path(), m_root)) {
      m_seen.outside.push_back(nameOf(entry.path()));
      return false;
    }
    return isSampleFile(entry, m_kind, m_seen);
  }

  DataKind m_kind;
  const fs::path& m_root;
  Seen& m_seen;
};

std::vector<fs::path> foldersIn(const fs::path& folder, const fs::path& root, Seen& seen) {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_directory() || isHidden(entry.path())) continue;
    if (entry.is_symlink() && !isWithin(entry.path(), root))
      seen.outside.push_back(nameOf(entry.path()));
    else if (isOneOf(systemFolders, nameOf(entry.path())))
      seen.empty.push_back(nameOf(entry.path()));
    else
      folders.push_back(entry.path());
  }
  std::ranges::sort(folders);
  return folders;
}

struct FoundClass {
  std::string name;
  std::vector<std::string> files;
};

/// The class that each folder's name is; nothing where one is none.
std::optional<std::vector<std::int64_t>> numbersOf(const std::vector<FoundClass>& classes) {
  std::vector<std::int64_t> numbers;
  for (const FoundClass& one : classes) {
    const auto number = wholeNumber(one.name);
    if (!number || *number < 0 || *number > largestClass) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

/// In the order of the numbers, each with its own.
void numberClasses(const std::vector<FoundClass>& classes, std::vector<std::int64_t> numbers,
                   ClassFolders& found) {
  std::vector<std::size_t> order(classes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return numbers[i]; });
  for (const std::size_t i : order)
    for (const std::string& file : classes[i].files) found.files.push_back({file, numbers[i]});
  std::ranges::sort(numbers);
  for (std::int64_t i = 0; i <= numbers.back(); ++i) found.names.push_back(std::to_string(i));
  if (numbers.back() == static_cast<std::int64_t>(numbers.size()) - 1) return;
  std::vector<std::string> names;
  for (const std::int64_t number : numbers) names.push_back(std::to_string(number));
  found.warnings.push_back({DataWarningKind::NumberedFolders, listedNames(names), names.size()});
}

void nameClasses(const std::vector<FoundClass>& classes, ClassFolders& found) {
  for (const FoundClass& one : classes) {
    for (const std::string& file : one.files)
      found.files.push_back({file, static_cast<std::int64_t>(found.names.size())});
    found.names.push_back(one.name);
  }
  if (!std::ranges::all_of(found.names,
                           [](const std::string& name) { return isOneOf(partNames, lowerCase(name)); }))
    return;
  found.warnings.push_back({DataWarningKind::PartFolders, listedNames(found.names), found.names.size()});
}

void warnOf(const std::vector<std::string>& names, DataWarningKind kind, ClassFolders& found) {
  if (!names.empty()) found.warnings.push_back({kind, listedNames(names), names.size()});
}

/// "3 .heic, 1 .txt"
void warnOfCounts(const std::map<std::string, std::size_t>& counts, DataWarningKind kind,
                  ClassFolders& found) {
  std::string text;
  std::size_t count = 0;
  for (const auto& [name, files] : counts) {
    text += (text.empty() ? "" : ", ") + std::to_string(files) + " " + (name.empty() ? "?" : name);
    count += files;
  }
  if (count > 0) found.warnings.push_back({kind, text, count});
}

void warnOfFiles(const Seen& seen, ClassFolders& found) {
  warnOfCounts(seen.others, DataWarningKind::OtherFiles, found);
  warnOfCounts(seen.unreadable, DataWarningKind::UnreadablePictures, found);
  warnOf(seen.outside, DataWarningKind::OutsideLinks, found);
}

}  // namespace

bool isWithin(const fs::path& path, const fs::path& canonicalFolder) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return false;
  const fs::path relative = real.lexically_relative(canonicalFolder);
  return !relative.empty() && *relative.begin() != "..";
}

std::optional<std::int64_t> wholeNumber(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

namespace {

std::vector<std::string> looseSamples(const fs::path& folder, DataKind kind, Seen& seen) {
  const fs::path root = fs::canonical(folder);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) continue;
    if (!isHidden(entry.path()) && entry.is_symlink() && !isWithin(entry.path(), root))
      seen.outside.push_back(nameOf(entry.path()));
    else if (isSampleFile(entry, kind, seen))
      files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  std::ranges::sort(seen.outside);
  return files;
}

}  // namespace

ClassFolders readLooseFiles(const std::string& folder, DataKind kind) {
  ClassFolders found;
  Seen seen;
  for (std::string& file : looseSamples(folder, kind, seen)) found.files.push_back({std::move(file), 0});
  warnOfFiles(seen, found);
  return found;
}

ClassFolders readClassFolders(const std::string& folder, DataKind kind) {
  const fs::path root = fs::canonical(folder);
  Seen seen;
  FolderWalk walk(kind, root, seen);
  std::vector<FoundClass> classes;
  for (const fs::path& one : foldersIn(folder, root, seen)) {
    std::vector<std::string> files = walk.filesOf(one);
    if (files.empty())
      seen.empty.push_back(nameOf(one));
    else
      classes.push_back({nameOf(one), std::move(files)});
  }
  ClassFolders found;
  if (classes.empty()) {
    warnOfFiles(seen, found);
    return found;
  }
  if (auto numbers = numbersOf(classes))
    numberClasses(classes, std::move(*numbers), found);
  else
    nameClasses(classes, found);
  std::ranges::sort(seen.empty);
  std::ranges::sort(seen.outside);
  warnOf(seen.empty, DataWarningKind::NoClassFolders, found);
  Seen beside;
  std::vector<std::string> loose = looseSamples(folder, kind, beside);
  for (std::string& file : loose) file = nameOf(file);
  warnOf(loose, DataWarningKind::LooseFiles, found);
  warnOfFiles(seen, found);
  return found;
}

}  // namespace lapidary::core
