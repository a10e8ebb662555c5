// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/proto_text.h"

#include <algorithm>
#include <optional>

namespace lapidary::core {
namespace {

constexpr std::size_t deepestMessage = 64;

bool isWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-' || c == '+' || c == '/';
}

class ProtoTextReader {
 public:
  ProtoTextReader(std::string_view text, const std::function<void(const ProtoTextField&)>& visit)
      : m_text(text), m_visit(visit) {}

  bool run() {
    while (true) {
      skip();
      if (m_at == m_text.size()) return m_field.path.empty();
      if (isClosing(m_text[m_at])) {
        if (!close()) return false;
      } else if (!field()) {
        return false;
      }
    }
  }

 private:
  static bool isClosing(char c) { return c == '}' || c == '>'; }

  /// Spaces, comments, and what may separate fields.
  void skip() {
    while (m_at < m_text.size()) {
      const char c = m_text[m_at];
      if (c == '#')
        m_at = std::min(m_text.find('\n', m_at), m_text.size());
      else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ';')
        ++m_at;
      else
        return;
    }
  }

  bool close() {
    ++m_at;
    if (m_field.path.empty()) return false;
    m_field.path.pop_back();
    return true;
  }

  /// "name: value", "name { ... }", and names of extensions in brackets.
  bool field() {
    const std::string name = m_text[m_at] == '[' ? bracketed() : word();
    if (name.empty()) return false;
    skip();
    const bool colon = m_at < m_text.size() && m_text[m_at] == ':';
    if (colon) ++m_at, skip();
    if (m_at == m_text.size()) return false;
    m_field.path.push_back(name);
    if (m_text[m_at] == '{' || m_text[m_at] == '<') return ++m_at, m_field.path.size() <= deepestMessage;
    const bool known = colon && values();
    m_field.path.pop_back();
    return known;
  }

  /// One value, or a list of them in brackets.
  bool values() {
    if (m_text[m_at] != '[') return value();
    for (++m_at;;) {
      skip();
      if (m_at == m_text.size()) return false;
      if (m_text[m_at] == ']') return ++m_at, true;
      if (!value()) return false;
    }
  }

  bool value() {
    m_field.offset = m_at;
    auto given = m_text[m_at] == '"' || m_text[m_at] == '\'' ? quoted() : std::optional(word());
    if (!given || (given->empty() && m_at == m_field.offset)) return false;
    m_field.value = std::move(*given);
    m_visit(m_field);
    return true;
  }

  std::string word() {
    const std::size_t from = m_at;
    while (m_at < m_text.size() && isWordCharacter(m_text[m_at])) ++m_at;
    return std::string(m_text.substr(from, m_at - from));
  }

  std::string bracketed() {
    const std::size_t end = m_text.find(']', m_at);
    if (end == std::string_view::npos) return {};
    const std::size_t from = m_at;
    m_at = end + 1;
    return std::string(m_text.substr(from, m_at - from));
  }

  /// Pieces that follow each other are one text.
  std::optional<std::string> quoted() {
    std::string whole;
    while (m_at < m_text.size() && (m_text[m_at] == '"' || m_text[m_at] == '\'')) {
      const char quote = m_text[m_at++];
      while (m_at < m_text.size() && m_text[m_at] != quote) {
        if (m_text[m_at] == '\n') return std::nullopt;
        whole += m_text[m_at] == '\\' ? escaped() : m_text[m_at++];
      }
      if (m_at == m_text.size()) return std::nullopt;
      ++m_at;
      skip();
    }
    return whole;
  }

  char escaped() {
    ++m_at;
    if (m_at == m_text.size()) return '\\';
    const char c = m_text[m_at];
    if (c == 'x' || c == 'X') return ++m_at, number(16, 2);
    if (c >= '0' && c <= '7') return number(8, 3);
    ++m_at;
    return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }

  char number(unsigned base, std::size_t most) {
    unsigned value = 0;
    for (std::size_t digits = 0; digits < most && m_at < m_text.size(); ++digits, ++m_at) {
      const char c = m_text[m_at];
      const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                             : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                             : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                                    : base;
      if (digit >= base) break;
      value = value * base + digit;
    }
    return static_cast<char>(value);
  }

  std::string_view m_text;
  const std::function<void(const ProtoTextField&)>& m_visit;
  ProtoTextField m_field;
  std::size_t m_at = 0;
};

bool hasField(std::string_view text, std::string_view message, std::string_view further,
              std::string_view field) {
  bool found = false;
  readProtoText(text, [&](const ProtoTextField& each) {
    found = found || (each.path.size() == 2 && (each.path[0] == message || each.path[0] == further) &&
                      each.path[1] == field);
  });
  return found;
}

}  // namespace

bool readProtoText(std::string_view text, const std::function<void(const ProtoTextField&)>& visit) {
  return ProtoTextReader(text, visit).run();
}

bool isCaffeText(std::string_view text) { return hasField(text, "layer", "layers", "type"); }
bool isTensorflowText(std::string_view text) { return hasField(text, "node", "node_def", "op"); }

}  // namespace lapidary::core
