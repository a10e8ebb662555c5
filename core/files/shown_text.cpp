// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/shown_text.h"

#include "core/files/utf8.h"

namespace lapidary::core {

std::string shownText(std::string_view content, std::size_t most) {
  const bool whole = isUtf8(content);
  std::string shown;
  std::size_t characters = 0;
  for (const char c : content) {
    const auto code = static_cast<unsigned char>(c);
    if ((code & 0xc0) != 0x80 && ++characters > most) return shown + "...";
    if (code < 32 || code == 127 || (code > 127 && !whole)) {
      constexpr std::string_view digits = "0123456789abcdef";
      shown += {'\\', 'x', digits[code >> 4], digits[code & 15]};
    } else {
      shown += c;
    }
  }
  return shown;
}

std::string quotedText(std::string_view text, std::size_t most) {
  return '\'' + shownText(text, most) + '\'';
}

}  // namespace lapidary::core
