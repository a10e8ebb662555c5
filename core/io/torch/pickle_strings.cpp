// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/pickle_strings.h"

#include <charconv>
#include <cstdint>

namespace lapidary::core {
namespace {

void appendUtf8(std::string& text, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) return put(0xc0 | code >> 6), put(0x80 | (code & 63));
  if (code < 0x10000) return put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  put(0xf0 | (code >> 18 & 7)), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)),
      put(0x80 | (code & 63));
}

}  // namespace

std::string unquotedPickleString(std::string_view line) {
  if (line.size() >= 2 && (line.front() == '\'' || line.front() == '"') && line.back() == line.front())
    line = line.substr(1, line.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      text += line[i];
      continue;
    }
    const char next = line[++i];
    unsigned code = 0;
    if (next == 'x' && i + 2 < line.size() &&
        std::from_chars(line.data() + i + 1, line.data() + i + 3, code, 16).ptr == line.data() + i + 3) {
      text += static_cast<char>(code);
      i += 2;
    } else if (next >= '0' && next <= '7') {
      std::size_t digits = 0;
      for (; digits < 3 && i + digits < line.size() && line[i + digits] >= '0' && line[i + digits] <= '7';
           ++digits)
        code = code * 8 + static_cast<unsigned>(line[i + digits] - '0');
      text += static_cast<char>(code);
      i += digits - 1;
    } else {
      text += next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next;
    }
  }
  return text;
}

std::string unescapedPickleText(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t digits = line[i] != '\\' || i + 1 >= line.size() ? 0u
                               : line[i + 1] == 'u'                    ? 4u
                               : line[i + 1] == 'U'                    ? 8u
                                                                       : 0u;
    std::uint32_t code = 0;
    if (digits > 0 && i + 2 + digits <= line.size() &&
        std::from_chars(line.data() + i + 2, line.data() + i + 2 + digits, code, 16).ptr ==
            line.data() + i + 2 + digits) {
      appendUtf8(text, code);
      i += 1 + digits;
    } else {
      text += line[i];
    }
  }
  return text;
}

}  // namespace lapidary::core
