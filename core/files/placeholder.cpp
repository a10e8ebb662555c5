// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/placeholder.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/files/utf8.h"
#include "core/support/bytes.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::size_t largestPlaceholder = 4096;

/// The number behind "size " on a line of its own; empty where there is none.
std::string_view declaredSize(std::string_view text) {
  constexpr std::string_view key = "\nsize ";
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + key.size());
  return rest.substr(0, rest.find_first_not_of("0123456789"));
}

bool isPointer(std::string_view text) {
  return text.starts_with("version ") && text.find("\noid sha256:") != std::string_view::npos &&
         !declaredSize(text).empty();
}

/// One line that is a relative path and nothing else.
bool isLinkText(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.starts_with("../") && !text.starts_with("./") && text.find("/blobs/") == std::string_view::npos)
    return false;
  return isUtf8(std::string(text)) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < ' ' || c == '{' || c == '<' || c == '"';
         });
}

}  // namespace

void requireRealFile(std::span<const std::byte> bytes) {
  if (bytes.size() > largestPlaceholder) return;
  const std::string_view text = textOf(bytes);
  if (isPointer(text))
    refuseInput("it is a pointer of Git LFS, not the file itself, which has " +
                std::string(declaredSize(text)) +
                " bytes: get that with 'git lfs pull' in its folder, or download the file alone");
  if (isLinkText(text))
    refuseInput(
        "it holds nothing but the text of a link, '" + std::string(text.substr(0, text.find('\n'))) +
        "': a copy turned the link into text. Copy again so that links are followed (cp -L), or open the "
        "file that it names");
}

}  // namespace lapidary::core
