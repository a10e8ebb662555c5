// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/file_list.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "core/data/column_words.h"
#include "core/files/csv.h"
#include "core/files/image.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view wantedHeader = "name the columns in the first line, such as file_name,label";

std::string lineText(const CsvRow& row) { return "line " + std::to_string(row.line) + ": "; }

/// The folder of the table, in which all of its files lie.
class Folder {
 public:
  explicit Folder(const std::string& table)
      : m_folder(fs::path(table).parent_path().empty() ? fs::path(".") : fs::path(table).parent_path()),
        m_root(fs::canonical(m_folder)) {}

  /// Names that were written on Windows have other slashes.
  bool holds(const std::string& name) const { return !name.empty() && find(name, false).has_value(); }

  /// In a column that is called as files are, names may lack their endings: ids often do. Elsewhere a number
  /// would be taken for a picture.
  std::string fileOf(const CsvRow& row, std::size_t column, bool mayLackEnding) const {
    const std::string& name = row.fields[column];
    const std::string place = lineText(row) + "'" + name + "' ";
    if (leadsOut(name))
      throw invalidInput(place + "leads out of the CSV's folder; put the file into that folder");
    const auto path = find(name, mayLackEnding);
    if (!path) throw invalidInput(place + "is not a file in the CSV's folder");
    if (!isWithin(*path, m_root))
      throw invalidInput(place + "leads out of the CSV's folder; put the file into that folder");
    return path->string();
  }

 private:
  static bool leadsOut(const std::string& name) {
    const fs::path relative(name), normal = relative.lexically_normal();
    return relative.is_absolute() || (!normal.empty() && *normal.begin() == "..");
  }

  std::optional<fs::path> find(const std::string& name, bool mayLackEnding) const {
    std::string slashes = name;
    std::ranges::replace(slashes, '\\', '/');
    for (const std::string& form : {name, slashes})
      if (const auto path = fileAt(form)) return path;
    if (!mayLackEnding || name.empty() || !fs::path(slashes).extension().empty()) return std::nullopt;
    for (const DataKind kind : {DataKind::Picture, DataKind::Sound})
      for (const std::string_view ending : dataEndings(kind))
        if (const auto path = fileAt(slashes + std::string(ending))) return path;
    return std::nullopt;
  }

  std::optional<fs::path> fileAt(const std::string& name) const {
    const fs::path path = m_folder / fs::path(name).lexically_normal();
    std::error_code error;
    return !leadsOut(name) && fs::is_regular_file(path, error) ? std::optional(path) : std::nullopt;
  }

  fs::path m_folder, m_root;
};

struct Columns {
  bool header = false;
  std::size_t file = 0;
  std::optional<std::size_t> label, part;
};

/// The column whose name ranks first.
template <class Rank>
std::optional<std::size_t> bestColumn(const CsvRow& header, Rank&& rank) {
  std::optional<std::size_t> best, bestRank;
  for (std::size_t c = 0; c < header.fields.size(); ++c)
    if (const auto found = rank(header.fields[c]); found && (!bestRank || *found < *bestRank))
      best = c, bestRank = found;
  return best;
}

std::optional<std::size_t> columnOfFiles(const CsvRow& row, const Folder& folder) {
  for (std::size_t c = 0; c < row.fields.size(); ++c)
    if (folder.holds(row.fields[c])) return c;
  return std::nullopt;
}

/// A second column without a known name holds labels where its values come back.
bool repeats(const std::vector<CsvRow>& rows, std::size_t column) {
  std::set<std::string> values;
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (column < rows[i].fields.size()) values.insert(rows[i].fields[column]);
  return values.size() <= std::max<std::size_t>(2, (rows.size() - 1) / 2);
}

Columns namedColumns(const std::vector<CsvRow>& rows, std::size_t file) {
  const CsvRow& header = rows.front();
  Columns columns{true, file, bestColumn(header, labelWordRank), {}};
  for (std::size_t c = 0; c < header.fields.size(); ++c)
    if (c != file && c != columns.label && isPartColumnWord(header.fields[c])) columns.part = c;
  const std::size_t other = 1 - std::min<std::size_t>(file, 1);
  if (!columns.label && !columns.part && header.fields.size() == 2 && repeats(rows, other))
    columns.label = other;
  return columns;
}

Columns unnamedColumns(const CsvRow& first) {
  const std::size_t fields = first.fields.size();
  if (fields > 2)
    throw invalidInput(lineText(first) + std::to_string(fields) +
                       " fields stand there, file,label expected; " + std::string(wantedHeader));
  return {false, 0, fields == 2 ? std::optional<std::size_t>(1) : std::nullopt, {}};
}

/// The first line names columns where one of its words is known, or where it holds no file and the next does.
Columns columnsOf(const std::vector<CsvRow>& rows, const Folder& folder) {
  const CsvRow& first = rows.front();
  if (columnOfFiles(first, folder)) return unnamedColumns(first);
  if (const auto file = bestColumn(first, fileWordRank)) return namedColumns(rows, *file);
  if (rows.size() > 1)
    if (const auto file = columnOfFiles(rows[1], folder); file && *file < first.fields.size())
      return namedColumns(rows, *file);
  if (bestColumn(first, labelWordRank))
    throw invalidInput(lineText(first) + "no column is called as files are; " + std::string(wantedHeader));
  return unnamedColumns(first);
}

/// "path label" on every line, as lists of ImageNet have it.
void splitAtBlanks(std::vector<CsvRow>& rows, const Folder& folder) {
  const auto isPair = [](const CsvRow& row) {
    return row.fields.size() == 1 && row.fields[0].find_first_of(" \t") != std::string::npos;
  };
  if (rows.empty() || !std::ranges::all_of(rows, isPair) || folder.holds(rows.back().fields[0])) return;
  for (CsvRow& row : rows) {
    const std::string whole = row.fields[0];
    const std::size_t blank = whole.find_last_of(" \t");
    const std::size_t end = whole.find_last_not_of(" \t", blank);
    if (end == std::string::npos) return;
    row.fields = {whole.substr(0, end + 1), whole.substr(blank + 1)};
  }
}

void requireFields(const std::vector<CsvRow>& rows) {
  const std::size_t fields = rows.front().fields.size();
  for (const CsvRow& row : rows)
    if (row.fields.size() != fields)
      throw invalidInput(lineText(row) + std::to_string(row.fields.size()) + " fields stand there, " +
                         std::to_string(fields) + " as in the first row expected");
}

/// "3" and, from tables that went through floats, "3.0".
std::optional<double> numberIn(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

struct Labels {
  std::vector<std::int64_t> numbers;  ///< by row
  std::vector<std::string> names;
};

/// Class indices where every label is a number; otherwise the sorted words are the classes. A row that is not
/// taken may lack one.
Labels labelsOf(std::span<const CsvRow> rows, std::size_t column,
                const std::function<bool(std::size_t)>& isTaken) {
  constexpr double largest = 1e15;
  bool numbers = true;
  std::set<std::string> words;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string& text = rows[i].fields[column];
    if (text.empty() && isTaken(i)) throw invalidInput(lineText(rows[i]) + "the label is empty");
    if (text.empty()) continue;
    numbers = numbers && numberIn(text);
    words.insert(text);
  }
  Labels labels;
  for (const CsvRow& row : rows) {
    const std::string& text = row.fields[column];
    if (text.empty()) {
      labels.numbers.push_back(0);
      continue;
    }
    if (!numbers) {
      labels.numbers.push_back(std::distance(words.begin(), words.find(text)));
      continue;
    }
    const double value = *numberIn(text);
    if (value < 0)
      throw invalidInput(lineText(row) + "label " + text +
                         " is negative, a class index from 0 or a name expected");
    if (value != std::floor(value) || value > largest)
      throw invalidInput(lineText(row) + "label " + text +
                         " is no class: a whole number from 0 or a name expected");
    labels.numbers.push_back(static_cast<std::int64_t>(value));
  }
  if (!numbers) labels.names.assign(words.begin(), words.end());
  return labels;
}

/// One table, column by column.
class Reader {
 public:
  Reader(std::vector<CsvRow> rows, const Folder& folder, std::optional<DataPart> wanted)
      : m_folder(folder), m_columns(columnsOf(rows, folder)), m_wanted(wanted), m_first(rows.front()) {
    requireFields(rows);
    if (m_columns.header) rows.erase(rows.begin());
    if (rows.empty()) throw invalidInput("the CSV names no files: rows of file,label expected");
    m_rows = std::move(rows);
  }

  FileList read() {
    choosePart();
    Labels labels;
    if (m_columns.label)
      labels = labelsOf(m_rows, *m_columns.label, [this](std::size_t row) { return isTaken(row); });
    for (std::size_t i = 0; i < m_rows.size(); ++i)
      if (isTaken(i)) take(i, m_columns.label ? labels.numbers[i] : 0);
    m_list.labelled = m_columns.label.has_value();
    m_list.names = std::move(labels.names);
    if (!m_list.names.empty()) m_list.warnings.push_back(sortedClasses(m_list.names));
    warnOfColumns();
    warnOfUnreadable();
    return std::move(m_list);
  }

 private:
  std::optional<DataPart> partOf(std::size_t row) const {
    return partNamed(m_rows[row].fields[*m_columns.part]);
  }
  bool isTaken(std::size_t row) const { return !m_part || partOf(row) == m_part; }

  void choosePart() {
    std::map<DataPart, std::size_t> parts;
    if (m_columns.part)
      for (std::size_t i = 0; i < m_rows.size(); ++i)
        if (const auto part = partOf(i)) ++parts[*part];
    if (parts.empty()) {
      if (m_wanted)
        throw invalidInput("no column says which rows are of part '" + std::string(wordOf(*m_wanted)) +
                           "': a column 'split' with train, val and test expected");
      return;
    }
    m_part = chosenPart(parts, m_wanted);
    if (const auto warning = partWarning(parts, *m_part, m_wanted)) m_list.warnings.push_back(*warning);
    m_list.parts = {parts, m_part};
  }

  void take(std::size_t i, std::int64_t label) {
    const std::string path = m_folder.fileOf(m_rows[i], m_columns.file, m_columns.header);
    const bool sound = dataKindForPath(path) == DataKind::Sound;
    const DataKind kind = sound ? DataKind::Sound : DataKind::Picture;
    if (std::exchange(m_begun, true) && kind != m_list.kind)
      throw invalidInput(lineText(m_rows[i]) + "pictures and sounds stand in one list; make a list of each");
    m_list.kind = kind;
    if (const std::string_view lacking = unreadableKind(path); !lacking.empty())
      ++m_unreadable[std::string(lacking)];
    else
      m_list.files.push_back({path, label});
  }

  void warnOfColumns() {
    if (!m_columns.header) return;
    std::vector<std::string> others;
    for (std::size_t c = 0; c < m_first.fields.size(); ++c)
      if (c != m_columns.file && c != m_columns.label && (c != m_columns.part || !m_part))
        if (!m_first.fields[c].empty() || holdsAnything(c))
          others.push_back(m_first.fields[c].empty() ? "column " + std::to_string(c + 1) : m_first.fields[c]);
    if (others.empty()) return;
    m_list.warnings.push_back(
        {m_columns.label ? DataWarningKind::OtherColumns : DataWarningKind::NoLabelColumn,
         listedNames(others), others.size()});
  }

  /// Separators at the ends of lines make columns without names that hold nothing.
  bool holdsAnything(std::size_t column) const {
    return std::ranges::any_of(m_rows, [column](const CsvRow& row) { return !row.fields[column].empty(); });
  }

  void warnOfUnreadable() {
    std::string text;
    std::size_t count = 0;
    for (const auto& [kind, files] : m_unreadable) {
      text += (text.empty() ? "" : ", ") + std::to_string(files) + " " + kind;
      count += files;
    }
    if (m_list.files.empty()) throw readerMissing(text);
    if (count > 0) m_list.warnings.push_back({DataWarningKind::UnreadablePictures, text, count});
  }

  const Folder& m_folder;
  Columns m_columns;
  std::optional<DataPart> m_wanted, m_part;
  CsvRow m_first;
  std::vector<CsvRow> m_rows;
  FileList m_list;
  bool m_begun = false;
  std::map<std::string, std::size_t> m_unreadable;
};

}  // namespace

Error readerMissing(const std::string& kinds) {
  return {ErrorKind::Unsupported,
          "its pictures are of kinds that no reader is installed for (" + kinds +
              "): install Debian's qt6-image-formats-plugins, or convert them to PNG"};
}

FileList readFileList(const std::string& path, std::optional<DataPart> part) {
  const Bytes bytes = mapFile(path);
  std::vector<CsvRow> rows = parseCsv(textOf(bytes.view));
  const Folder folder(path);
  splitAtBlanks(rows, folder);
  if (rows.empty()) throw invalidInput("the CSV names no files: rows of file,label expected");
  return Reader(std::move(rows), folder, part).read();
}

}  // namespace lapidary::core
