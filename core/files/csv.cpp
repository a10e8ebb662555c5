// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/csv.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t linesLookedAt = 20;

/// Of each of the first lines with content: how often the separator stands there outside of quotes.
std::vector<std::size_t> separatorsByLine(std::string_view text, char separator) {
  std::vector<std::size_t> counts;
  std::size_t count = 0;
  bool quoted = false, content = false;
  for (const char c : text) {
    if (counts.size() == linesLookedAt) return counts;
    if (c == '"') quoted = !quoted;
    if (!quoted && c == separator) ++count;
    if (quoted || (c != '\n' && c != '\r')) {
      content = true;
    } else if (std::exchange(content, false)) {
      counts.push_back(std::exchange(count, 0));
    }
  }
  if (content) counts.push_back(count);
  return counts;
}

/// Excel says so in a first line that is no row: "sep=;".
std::optional<char> declaredSeparator(std::string_view text) {
  if (!text.starts_with("sep=") || text.size() < 6 || (text[5] != '\n' && text[5] != '\r'))
    return std::nullopt;
  return text[4];
}

std::string_view withoutMark(std::string_view text) {
  return text.starts_with(byteOrderMark) ? text.substr(byteOrderMark.size()) : text;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : m_text(withoutMark(text)), m_separator(csvSeparator(text)) {
    if (m_text.starts_with("\xff\xfe") || m_text.starts_with("\xfe\xff"))
      refuse("the text is UTF-16; save it as UTF-8");
    if (!declaredSeparator(m_text)) return;
    m_at = 5;
    endLine();
  }

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> all;
    while (m_at < m_text.size()) {
      CsvRow read = row();
      if (!std::ranges::all_of(read.fields, &std::string::empty)) all.push_back(std::move(read));
    }
    return all;
  }

 private:
  CsvRow row() {
    CsvRow read{m_line, {}};
    do {
      skipBlanks();
      read.fields.push_back(m_at < m_text.size() && m_text[m_at] == '"' ? quoted() : plain());
      skipBlanks();
    } while (takeSeparator());
    endLine();
    return read;
  }

  std::string plain() {
    const std::string ends{m_separator, '\r', '\n'};
    const std::size_t end = std::min(m_text.find_first_of(ends, m_at), m_text.size());
    std::string_view field = m_text.substr(m_at, end - m_at);
    while (!field.empty() && isBlank(field.back())) field.remove_suffix(1);
    if (field.find('"') != std::string_view::npos) refuse("a quote stands inside an unquoted field");
    m_at = end;
    return std::string(field);
  }

  std::string quoted() {
    const std::size_t firstLine = m_line;
    std::string field;
    for (++m_at; m_at < m_text.size(); ++m_at) {
      const char c = m_text[m_at];
      if (c == '\n') ++m_line;
      if (c == '"' && (m_at + 1 == m_text.size() || m_text[m_at + 1] != '"')) {
        ++m_at;
        return field;
      }
      if (c == '"') ++m_at;  // a doubled quote is one
      field += c;
    }
    m_line = firstLine;
    refuse("a quoted field has no end");
  }

  bool isBlank(char c) const { return c == ' ' || (c == '\t' && m_separator != '\t'); }

  void skipBlanks() {
    while (m_at < m_text.size() && isBlank(m_text[m_at])) ++m_at;
  }

  bool takeSeparator() {
    if (m_at >= m_text.size() || m_text[m_at] != m_separator) return false;
    ++m_at;
    return true;
  }

  void endLine() {
    if (m_at < m_text.size() && m_text[m_at] == '\r') ++m_at;
    if (m_at < m_text.size() && m_text[m_at] == '\n')
      ++m_at;
    else if (m_at < m_text.size() && m_text[m_at - 1] != '\r')
      refuse(std::string("text stands behind a quoted field, ") +
             (m_separator == ','   ? "a comma"
              : m_separator == ';' ? "a semicolon"
                                   : "a separator") +
             " expected");
    ++m_line;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::InvalidInput, "line " + std::to_string(m_line) + ": " + what);
  }

  std::string_view m_text;
  char m_separator;
  std::size_t m_at = 0;
  std::size_t m_line = 1;
};

}  // namespace

char csvSeparator(std::string_view text) {
  text = withoutMark(text);
  if (const auto declared = declaredSeparator(text)) return *declared;
  char best = ',';
  std::size_t bestCount = 0;
  bool bestAlike = false;
  for (const char separator : {',', ';', '\t'}) {
    const std::vector<std::size_t> counts = separatorsByLine(text, separator);
    if (counts.empty() || counts.front() == 0) continue;
    const bool alike =
        std::ranges::all_of(counts, [&](std::size_t count) { return count == counts.front(); });
    if (std::pair(alike, counts.front()) <= std::pair(bestAlike, bestCount)) continue;
    best = separator, bestCount = counts.front(), bestAlike = alike;
  }
  return best;
}

std::vector<CsvRow> parseCsv(std::string_view text) { return Parser(text).rows(); }

}  // namespace lapidary::core
