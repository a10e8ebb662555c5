// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/csv.h"

#include "core/support/error.h"

namespace lapidary::core {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : m_text(text) {
    if (m_text.starts_with("\xef\xbb\xbf")) m_at = 3;
  }

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> all;
    while (m_at < m_text.size()) {
      CsvRow read = row();
      if (read.fields.size() > 1 || !read.fields[0].empty()) all.push_back(std::move(read));
    }
    return all;
  }

 private:
  CsvRow row() {
    CsvRow read{m_line, {}};
    do {
      read.fields.push_back(m_at < m_text.size() && m_text[m_at] == '"' ? quoted() : plain());
    } while (takeComma());
    endLine();
    return read;
  }

  std::string plain() {
    const std::size_t end = std::min(m_text.find_first_of(",\r\n", m_at), m_text.size());
    const std::string_view field = m_text.substr(m_at, end - m_at);
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

  bool takeComma() {
    if (m_at >= m_text.size() || m_text[m_at] != ',') return false;
    ++m_at;
    return true;
  }

  void endLine() {
    if (m_at < m_text.size() && m_text[m_at] == '\r') ++m_at;
    if (m_at < m_text.size() && m_text[m_at] == '\n')
      ++m_at;
    else if (m_at < m_text.size() && m_text[m_at - 1] != '\r')
      refuse("text stands behind a quoted field, a comma expected");
    ++m_line;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::InvalidInput, "line " + std::to_string(m_line) + ": " + what);
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  std::size_t m_line = 1;
};

}  // namespace

std::vector<CsvRow> parseCsv(std::string_view text) { return Parser(text).rows(); }

}  // namespace lapidary::core
