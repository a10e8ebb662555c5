// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/texts/template_escape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/files/shown_text.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

struct Token {
  enum class Kind { Name, Text, Other };
  Kind kind = Kind::Other;
  std::string text;  ///< of Text: without quotes, escapes undone
};

bool isNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The character that "\x5f", "\u005f", "\137" or "\n" stands for; `at` stands behind the backslash and is
/// moved.
std::string unescaped(std::string_view text, std::size_t& at) {
  const char kind = text[at++];
  const std::size_t digits = kind == 'x'                  ? 2
                             : kind == 'u'                ? 4
                             : kind == 'U'                ? 8
                             : kind >= '0' && kind <= '7' ? 3
                                                          : 0;
  if (digits == 0) return std::string(1, kind == 'n' ? '\n' : kind == 't' ? '\t' : kind);
  const unsigned base = digits == 3 ? 8 : 16;
  if (digits == 3) --at;
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < digits && at < text.size(); ++i, ++at) {
    const char c = text[at];
    const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                           : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10
                           : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A') + 10
                                                  : 99;
    if (digit >= base) break;
    code = code * base + digit;
  }
  return code < 128 ? std::string(1, static_cast<char>(code)) : "?";
}

std::string quoted(std::string_view text, std::size_t& at) {
  const char quote = text[at++];
  std::string inside;
  while (at < text.size() && text[at] != quote) {
    if (text[at] == '\\' && at + 1 < text.size())
      inside += unescaped(text, ++at);
    else
      inside += text[at++];
  }
  ++at;
  return inside;
}

std::vector<Token> tokensOf(std::string_view code) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < code.size();) {
    const char c = code[at];
    if (c == '\'' || c == '"') {
      tokens.push_back({Token::Kind::Text, quoted(code, at)});
    } else if (isNameChar(c)) {
      std::size_t end = at;
      while (end < code.size() && isNameChar(code[end])) ++end;
      tokens.push_back({Token::Kind::Name, std::string(code.substr(at, end - at))});
      at = end;
    } else {
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
        tokens.push_back({Token::Kind::Other, std::string(1, c)});
      ++at;
    }
  }
  return tokens;
}

constexpr std::array reaching{
    "class"sv,        "mro"sv,     "base"sv,    "bases"sv,    "subclasses"sv, "globals"sv,  "init"sv,
    "builtins"sv,     "import"sv,  "dict"sv,    "code"sv,     "closure"sv,    "self"sv,     "func"sv,
    "module"sv,       "loader"sv,  "spec"sv,    "reduce"sv,   "reduce_ex"sv,  "call"sv,     "getitem"sv,
    "getattribute"sv, "getattr"sv, "setattr"sv, "new"sv,      "wrapped"sv,    "defaults"sv, "kwdefaults"sv,
    "annotations"sv,  "doc"sv,     "name"sv,    "qualname"sv, "file"sv,       "dir"sv,      "enter"sv};

/// "__globals__" anywhere, in the middle of a word, too.
bool holdsHidden(std::string_view text) {
  return std::ranges::any_of(reaching, [&](std::string_view word) {
    return text.find("__" + std::string(word) + "__") != std::string_view::npos;
  });
}

/// "__globals__", alone or in the middle of a path: "a.__globals__".
bool namesHidden(std::string_view text) {
  for (const std::string_view word : reaching) {
    const std::string whole = "__" + std::string(word) + "__";
    const std::size_t at = text.find(whole);
    if (at == std::string_view::npos) continue;
    const bool begins = at == 0 || !isNameChar(text[at - 1]);
    const bool ends = at + whole.size() == text.size() || !isNameChar(text[at + whole.size()]);
    if (begins && ends) return true;
  }
  constexpr std::array others{"func_globals"sv,
                              "func_code"sv,
                              "gi_frame"sv,
                              "gi_code"sv,
                              "cr_frame"sv,
                              "f_globals"sv,
                              "f_builtins"sv,
                              "f_back"sv,
                              "tb_frame"sv,
                              "im_func"sv,
                              "_TemplateReference__context"sv,
                              "_module"sv,
                              "popen"sv};
  return std::ranges::any_of(others, [&](std::string_view name) { return text == name; });
}

/// Functions of Jinja and of programs around it through which attacks go, and no chat template.
bool isGateway(std::string_view name) {
  constexpr std::array names{"cycler"sv, "joiner"sv,  "lipsum"sv, "get_flashed_messages"sv, "url_for"sv,
                             "self"sv,   "request"sv, "config"sv, "import_module"sv};
  return std::ranges::find(names, name) != names.end();
}

/// "__cl" or "ass__": what is no word by itself.
bool isHalf(std::string_view text) {
  return text.size() > 2 && std::ranges::all_of(text, isNameChar) &&
         (text.starts_with("__") != text.ends_with("__"));
}

bool isUnderscores(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c == '_'; });
}

class TemplateCode {
 public:
  explicit TemplateCode(std::string_view code) : m_tokens(tokensOf(code)) {}

  std::optional<std::string> escape() {
    for (m_at = 0; m_at < m_tokens.size(); ++m_at) {
      const Token& token = m_tokens[m_at];
      if (token.kind == Token::Kind::Name)
        if (auto found = name(token.text)) return found;
      if (token.kind == Token::Kind::Text)
        if (auto found = text()) return found;
    }
    return joined();
  }

  /// A statement, "{% %}", and no expression.
  bool isStatement = false;

 private:
  bool isOther(std::size_t at, char c) const {
    return at < m_tokens.size() && m_tokens[at].kind == Token::Kind::Other && m_tokens[at].text[0] == c;
  }
  /// Whether a bracket behind it takes an element, and does not begin a list.
  static bool endsValue(const Token& token) {
    if (token.kind == Token::Kind::Other) return token.text == ")" || token.text == "]";
    return token.text != "in" && token.text != "not" && token.text != "and" && token.text != "or" &&
           token.text != "if" && token.text != "else" && token.text != "is";
  }
  bool follows(char c) const { return m_at > 0 && isOther(m_at - 1, c); }

  /// Texts that filters put together: ['__cla', 'ss__']|join.
  std::optional<std::string> joined() const {
    std::string all;
    bool joins = false;
    for (const Token& token : m_tokens) {
      if (token.kind == Token::Kind::Text) all += token.text;
      joins = joins || (token.kind == Token::Kind::Name &&
                        (token.text == "join" || token.text == "reverse" || token.text == "format"));
    }
    const std::string backwards(all.rbegin(), all.rend());
    if (!joins || (!holdsHidden(all) && !holdsHidden(backwards))) return std::nullopt;
    return "puts together " + shownText(holdsHidden(all) ? all : backwards);
  }

  std::optional<std::string> name(const std::string& word) const {
    if (follows('.')) {
      if (word.starts_with("_") || namesHidden(word) || word == "mro")
        return "reaches the attribute " + shownText(word);
      return std::nullopt;
    }
    if (follows('|') && word == "attr") return "takes an attribute by its name (|attr)";
    if (namesHidden(word) || word.starts_with("__")) return "names " + shownText(word);
    // A gateway is one where something of it is reached; as a plain value, or a key, it is a word.
    if (isGateway(word) && (isOther(m_at + 1, '.') || isOther(m_at + 1, '[') || isOther(m_at + 1, '|') ||
                            isOther(m_at + 1, '(')))
      return "reaches through " + shownText(word);
    const bool statement = m_at == 0 || (m_at == 1 && (follows('-') || follows('+')));
    if (isStatement && statement &&
        (word == "include" || word == "import" || word == "extends" || word == "from"))
      return "loads another template (" + word + ")";
    return std::nullopt;
  }

  /// A text, with those that are joined to it by ~ or + or stand right behind it.
  std::optional<std::string> text() {
    std::string joined = m_tokens[m_at].text;
    bool underscores = isUnderscores(joined);
    std::size_t next = m_at + 1;
    const bool multiplied = isOther(next, '*') || follows('*');
    while (next < m_tokens.size()) {
      const std::size_t at = isOther(next, '~') || isOther(next, '+') ? next + 1 : next;
      if (at >= m_tokens.size() || m_tokens[at].kind != Token::Kind::Text) break;
      joined += m_tokens[at].text;
      underscores = underscores || isUnderscores(m_tokens[at].text);
      next = at + 1;
    }
    const bool kept = isStatement && follows('=') && isUnderscores(joined);
    const bool glued = underscores && (kept || multiplied || isOther(m_at + 1, '~') ||
                                       isOther(m_at + 1, '+') || follows('~') || follows('+'));
    const std::string backwards(joined.rbegin(), joined.rend());
    const std::string whole = m_tokens[m_at].text;
    const bool isSubscript = follows('[') && m_at > 1 && endsValue(m_tokens[m_at - 2]);
    m_at = next - 1;
    if (namesHidden(joined) || (whole != joined && namesHidden(whole))) return "names " + shownText(joined);
    if (namesHidden(backwards)) return "names " + shownText(backwards) + " from its end";
    if (holdsHidden(joined) && (isOther(next, '[') || isOther(next, '|')))
      return "names " + shownText(joined) + " and more";
    if (isStatement && follows('=') && isHalf(joined)) return "keeps a part of a name, " + shownText(joined);
    if (glued) return "puts a name together from underscores";
    if (joined.find("%c") != std::string::npos && (isOther(next, '%') || isOther(next, '|')))
      return "puts a name together from characters (%c)";
    if (isSubscript && joined.starts_with("__") && joined.ends_with("__") && joined.size() > 4)
      return "names " + shownText(joined);
    return std::nullopt;
  }

  std::vector<Token> m_tokens;
  std::size_t m_at = 0;
};

/// Where the code that begins at `from` ends: at its closing mark, texts in quotes passed over.
std::size_t endOfCode(std::string_view text, std::size_t from, std::string_view mark) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '\'' || text[at] == '"') {
      const char quote = text[at];
      std::size_t end = at + 1;
      while (end < text.size() && text[end] != quote) end += text[end] == '\\' ? 2 : 1;
      if (end < text.size()) at = end;
    } else if (text.substr(at).starts_with(mark)) {
      return at;
    }
  }
  return text.size();
}

bool startsStatement(std::string_view code, std::string_view word) {
  const std::size_t at = code.find_first_not_of(" -+\n\r\t");
  return at != std::string_view::npos && code.substr(at).starts_with(word) &&
         (code.size() == at + word.size() || !isNameChar(code[at + word.size()]));
}

}  // namespace

bool holdsTemplate(std::string_view text) {
  return text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos;
}

std::optional<std::string> templateEscape(std::string_view text) {
  bool raw = false;
  for (std::size_t at = text.find('{'); at != std::string_view::npos && at + 1 < text.size();
       at = text.find('{', at)) {
    const char kind = text[at + 1];
    if (kind == '#') {
      at = std::min(text.find("#}", at + 2), text.size());
      continue;
    }
    if (kind != '{' && kind != '%') {
      ++at;
      continue;
    }
    const std::size_t end = endOfCode(text, at + 2, kind == '{' ? "}}" : "%}");
    const std::string_view code = text.substr(at + 2, end - at - 2);
    at = std::min(end + 2, text.size());
    if (kind == '%' && startsStatement(code, "raw")) raw = true;
    if (kind == '%' && startsStatement(code, "endraw")) raw = false;
    if (raw) continue;
    TemplateCode inside(code);
    inside.isStatement = kind == '%';
    if (auto found = inside.escape()) return found;
  }
  return std::nullopt;
}

}  // namespace lapidary::core
