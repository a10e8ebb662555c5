// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/wide_text.h"

#include "core/files/byte_order.h"

namespace lapidary::core {
namespace {

using View = std::span<const std::byte>;

struct WideForm {
  std::size_t unit = 2;  ///< bytes of a character
  bool big = false;      ///< the most significant byte first
  std::size_t mark = 0;  ///< bytes of the mark of byte order
};

std::uint32_t unitAt(View bytes, std::size_t at, const WideForm& form) {
  const auto value = form.big ? bigEndian(bytes, at, form.unit) : littleEndian(bytes, at, form.unit);
  return static_cast<std::uint32_t>(value);
}

/// Whether half and more of the first characters are of ASCII, and no control characters.
bool holdsLetters(View bytes, const WideForm& form) {
  std::size_t letters = 0, units = 0;
  for (std::size_t at = form.mark; at + form.unit <= bytes.size() && units < 64; at += form.unit, ++units) {
    const std::uint32_t code = unitAt(bytes, at, form);
    if ((code >= 32 && code < 127) || code == '\n' || code == '\r' || code == '\t') ++letters;
  }
  return units >= 2 && 2 * letters >= units && (form.mark > 0 || 8 * letters >= 7 * units);
}

std::optional<WideForm> formOf(View bytes) {
  if (bytes.size() < 4) return std::nullopt;
  const auto first = bigEndian(bytes, 0, 4);
  std::optional<WideForm> form;
  if (first == 0xfffe0000)
    form = WideForm{4, false, 4};
  else if (first == 0x0000feff)
    form = WideForm{4, true, 4};
  else if (first >> 16 == 0xfffe)
    form = WideForm{2, false, 2};
  else if (first >> 16 == 0xfeff)
    form = WideForm{2, true, 2};
  else if ((first & 0xffffff00) == 0)
    form = WideForm{4, true, 0};
  else if ((first & 0x00ffffff) == 0)
    form = WideForm{4, false, 0};
  else if ((first & 0xff00ff00) == 0)
    form = WideForm{2, true, 0};
  else if ((first & 0x00ff00ff) == 0)
    form = WideForm{2, false, 0};
  return form && bytes.size() % form->unit == 0 && holdsLetters(bytes, *form) ? form : std::nullopt;
}

void append(std::string& text, std::uint32_t code) {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = '?';
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 63));
    text += static_cast<char>(0x80 | (code & 63));
  } else {
    text += static_cast<char>(0xf0 | code >> 18);
    for (unsigned shift : {12u, 6u, 0u}) text += static_cast<char>(0x80 | (code >> shift & 63));
  }
}

}  // namespace

bool isWideText(View bytes) { return formOf(bytes).has_value(); }

std::optional<std::string> fromWideText(View bytes) {
  const auto form = formOf(bytes);
  if (!form) return std::nullopt;
  std::string text;
  for (std::size_t at = form->mark; at + form->unit <= bytes.size(); at += form->unit) {
    std::uint32_t code = unitAt(bytes, at, *form);
    if (form->unit == 2 && code >= 0xd800 && code < 0xdc00 && at + 4 <= bytes.size()) {
      const std::uint32_t low = unitAt(bytes, at + 2, *form);
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 2;
      }
    }
    append(text, code);
  }
  return text;
}

}  // namespace lapidary::core
