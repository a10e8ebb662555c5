// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/class_folders.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

/// Names that are listed of many.
constexpr std::size_t mostNamed = 5;
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

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(mostNamed, names.size()); ++i)
    text += (i == 0 ? "'" : ", '") + names[i] + "'";
  return names.size() > mostNamed ? text + ", ..." : text;
}

std::string lowerCase(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// What was seen on the way through the folders.
struct Seen {
  std::vector<std::string> outside, empty;
  std::map<std::string, std::size_t> others;  ///< files that are no samples, by ending
};

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
    if (isHidden(entry.path()) || isOneOf(systemFiles, nameOf(entry.path()))) return false;
    if (entry.is_symlink() && !isWithin(entry.path(), m_root)) {
      m_seen.outside.push_back(nameOf(entry.path()));
      return false;
    }
    if (dataKindForPath(entry.path().string()) == m_kind && entry.is_regular_file()) return true;
    ++m_seen.others[lowerCase(entry.path().extension().string())];
    return false;
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
  found.warnings.push_back({DataWarningKind::NumberedFolders, listed(names), names.size()});
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
  found.warnings.push_back({DataWarningKind::PartFolders, listed(found.names), found.names.size()});
}

void warnOf(const std::vector<std::string>& names, DataWarningKind kind, ClassFolders& found) {
  if (!names.empty()) found.warnings.push_back({kind, listed(names), names.size()});
}

void warnOfOthers(const Seen& seen, ClassFolders& found) {
  std::string text;
  std::size_t count = 0;
  for (const auto& [ending, files] : seen.others) {
    text += (text.empty() ? "" : ", ") + std::to_string(files) + " " + (ending.empty() ? "?" : ending);
    count += files;
  }
  if (count > 0) found.warnings.push_back({DataWarningKind::OtherFiles, text, count});
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

std::vector<std::string> looseSamples(const fs::path& folder, DataKind kind) {
  const fs::path root = fs::canonical(folder);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (!isHidden(entry.path()) && dataKindForPath(entry.path().string()) == kind &&
        entry.is_regular_file() && (!entry.is_symlink() || isWithin(entry.path(), root)))
      files.push_back(entry.path().string());
  std::ranges::sort(files);
  return files;
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
  if (classes.empty()) return found;
  if (auto numbers = numbersOf(classes))
    numberClasses(classes, std::move(*numbers), found);
  else
    nameClasses(classes, found);
  std::ranges::sort(seen.empty);
  std::ranges::sort(seen.outside);
  warnOf(seen.empty, DataWarningKind::NoClassFolders, found);
  std::vector<std::string> loose = looseSamples(folder, kind);
  for (std::string& file : loose) file = nameOf(file);
  warnOf(loose, DataWarningKind::LooseFiles, found);
  warnOfOthers(seen, found);
  warnOf(seen.outside, DataWarningKind::OutsideLinks, found);
  return found;
}

const char* idOf(DataWarningKind kind) {
  switch (kind) {
    case DataWarningKind::NoClassFolders:
      return "folders-no-classes";
    case DataWarningKind::LooseFiles:
      return "loose-files";
    case DataWarningKind::OtherFiles:
      return "other-files";
    case DataWarningKind::OutsideLinks:
      return "links-outside";
    case DataWarningKind::NumberedFolders:
      return "numbered-folders";
    case DataWarningKind::PartFolders:
      return "part-folders";
    case DataWarningKind::GuessedSound:
      return "guessed-audio";
  }
  return "";
}

}  // namespace lapidary::core
