// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/encoded_text.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "core/audit/parts/content_kind.h"
#include "core/audit/parts/unpacked_stream.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;
using View = std::span<const std::byte>;
using Content = std::vector<std::byte>;

constexpr std::size_t shortestCode = 32, longestCode = 1 << 22, mostUnpacked = 1 << 24;
constexpr std::size_t longestBase85 = 1 << 16;
constexpr int mostSteps = 6;
constexpr int deepestDecoded = 8;

View bytesOf(std::string_view text) { return std::as_bytes(std::span(text)); }

int base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Digits of so many bits, in order; others are passed over, as decoders do with line ends.
template <class Digit>
Content decoded(std::string_view text, unsigned bits, Digit&& digitOf) {
  Content bytes;
  std::uint32_t held = 0;
  unsigned count = 0;
  for (const char c : text) {
    const int digit = digitOf(c);
    if (digit < 0) continue;
    held = held << bits | static_cast<std::uint32_t>(digit);
    if ((count += bits) < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::byte>(held >> count & 255));
  }
  return bytes;
}

bool isBreak(char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; }

template <class Digit>
bool isAll(std::string_view text, Digit&& digitOf) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (digitOf(c) >= 0)
      ++digits;
    else if (!isBreak(c) && c != '=')
      return false;
  }
  return digits >= 16;
}

/// Python that reaches for what runs code; words alone would be found in any text about it.
bool isHostileSource(View bytes) {
  const std::string_view text = textOf(bytes);
  constexpr std::array calls{"__import__("sv,       "exec("sv,          "eval("sv,         "os.system("sv,
                             "os.popen("sv,         "subprocess."sv,    "import socket"sv, "import os"sv,
                             "import subprocess"sv, "marshal.loads("sv, "import pty"sv};
  if (text.size() < 8 || contentKind(bytes) != ContentKind::Text) return false;
  return std::ranges::any_of(
      calls, [&](std::string_view call) { return text.find(call) != std::string_view::npos; });
}

struct Decoding {
  std::string how;  ///< "base64, a zlib stream"
  Content content;
};

int base32Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/// As Python's base64.b85encode writes it: five digits make four bytes.
std::optional<Content> fromBase85(std::string_view text) {
  constexpr std::string_view digits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
  Content bytes;
  for (std::size_t at = 0; at < text.size(); at += 5) {
    std::uint64_t group = 0;
    for (std::size_t i = at; i < at + 5; ++i) {
      const std::size_t digit = i < text.size() ? digits.find(text[i]) : 84;
      if (digit == std::string_view::npos) return std::nullopt;
      group = group * 85 + digit;
    }
    const std::size_t count = std::min<std::size_t>(5, text.size() - at) - 1;
    for (std::size_t i = 0; i < count; ++i)
      bytes.push_back(static_cast<std::byte>(group >> (24 - 8 * i) & 255));
  }
  return bytes;
}

/// "\\x63\\x6f", as a text holds escapes that somebody undoes later.
std::optional<Content> fromEscapes(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  Content bytes;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const int high = hexDigit(text[at + 2]), low = hexDigit(text[at + 3]);
    if (text[at] != '\\' || text[at + 1] != 'x' || high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<std::byte>(high << 4 | low));
  }
  return bytes;
}

/// All that one step further may give.
std::vector<Decoding> undone(View bytes, ContentKind kind) {
  const std::string_view text = textOf(bytes);
  if (isPackedStream(kind)) {
    const UnpackedStream out = unpackedStream(bytes, kind, mostUnpacked);
    return {{std::string(contentName(kind)), Content(out.bytes.view.begin(), out.bytes.view.end())}};
  }
  std::vector<Decoding> ways;
  if (isAll(text, hexDigit)) ways.push_back({"hexadecimal digits", decoded(text, 4, hexDigit)});
  if (isAll(text, base64Digit)) ways.push_back({"base64", decoded(text, 6, base64Digit)});
  if (isAll(text, base32Digit)) ways.push_back({"base32", decoded(text, 5, base32Digit)});
  if (auto content = fromEscapes(text)) ways.push_back({"escapes", std::move(*content)});
  if (text.size() >= shortestCode && text.size() <= longestBase85)
    if (auto content = fromBase85(text)) ways.push_back({"base85", std::move(*content)});
  return ways;
}

bool isTelling(ContentKind kind, View bytes) {
  return (runsOrUnpacks(kind, bytes) && !isPackedStream(kind)) || isHostileSource(bytes);
}

/// Undoes step by step until something tells; nothing where nothing does. `tries` bounds all ways together.
std::optional<Decoding> tellingWithin(AuditRun& run, Content content, int steps, int& tries) {
  run.progress().check();
  const ContentKind kind = contentKind(content);
  if (isTelling(kind, content)) return Decoding{"", std::move(content)};
  if (steps == 0) return std::nullopt;
  for (Decoding& way : undone(content, kind)) {
    if (way.content.empty() || --tries < 0 || !run.mayUnpack(way.content.size())) continue;
    if (auto found = tellingWithin(run, std::move(way.content), steps - 1, tries)) {
      found->how = way.how + (found->how.empty() ? "" : ", ") + found->how;
      return found;
    }
  }
  return std::nullopt;
}

std::optional<Decoding> telling(AuditRun& run, Content content) {
  int tries = 32;
  return tellingWithin(run, std::move(content), mostSteps, tries);
}

void tell(AuditRun& run, const AuditPart& part, std::size_t at, std::size_t length, Decoding found,
          const std::string& what) {
  const ContentKind kind = contentKind(found.content);
  const std::string inside =
      kind == ContentKind::Text ? "Python that runs code" : std::string(contentName(kind));
  run.addAt("hidden-payload", part, at, length,
            what + " holds " + inside + (found.how.empty() ? "" : " in " + found.how));
  if (part.depth >= deepestDecoded || kind == ContentKind::Text) return;
  const auto content = std::make_shared<Content>(std::move(found.content));
  run.lookInto({Bytes{content, *content}, part.placeOf(at) + " / decoded", "", "", part.depth + 1, {}});
}

/// One run of digits, read forwards, or backwards where that tells nothing.
void auditCode(AuditRun& run, const AuditPart& part, std::size_t at, std::size_t length,
               std::string_view code, const std::string& what) {
  const auto asContent = [](auto begin, auto end) {
    Content content;
    std::transform(begin, end, std::back_inserter(content), [](char c) { return static_cast<std::byte>(c); });
    return content;
  };
  auto found = telling(run, asContent(code.begin(), code.end()));
  if (!found) {
    found = telling(run, asContent(code.rbegin(), code.rend()));
    if (found) found->how += " from the end to the beginning";
  }
  if (found) tell(run, part, at, length, std::move(*found), what);
}

/// Digits that base64 does not have: base85, or escapes.
bool hasOtherDigits(std::string_view value) {
  return std::ranges::any_of(value, [](char c) { return base64Digit(c) < 0 && c != '='; });
}

/// A line end written as an escape, and a slash as JSON may write it, do not end a run.
std::size_t escapeLength(std::string_view rest) {
  return rest.size() > 1 && rest[0] == '\\' && (rest[1] == 'n' || rest[1] == 'r' || rest[1] == '/') ? 2 : 0;
}

}  // namespace

void auditEncoded(AuditRun& run, const AuditPart& part, std::size_t offset, std::string_view text,
                  const std::string& what) {
  for (std::size_t at = 0; at < text.size();) {
    std::string code;
    std::size_t end = at;
    while (end < text.size()) {
      if (const std::size_t escape = escapeLength(text.substr(end))) {
        if (text[end + 1] == '/') code += '/';
        end += escape;
      } else if (base64Digit(text[end]) >= 0) {
        code += text[end++];
      } else if (text[end] == '\n' || text[end] == '\r') {
        ++end;
      } else {
        break;
      }
    }
    if (code.size() > longestCode) code.resize(longestCode);
    if (code.size() >= shortestCode) auditCode(run, part, offset + at, end - at, code, what);
    at = end + 1;
  }
}

void auditEncodedValue(AuditRun& run, const AuditPart& part, std::size_t at, std::string_view value,
                       const std::string& what) {
  constexpr std::size_t shortestPacked = 12;
  const ContentKind kind = value.size() < shortestPacked ? ContentKind::Unknown : contentKind(bytesOf(value));
  if (runsOrUnpacks(kind, bytesOf(value)) && kind != ContentKind::Pickle) {
    Content content(bytesOf(value).begin(), bytesOf(value).end());
    if (!isPackedStream(kind)) return tell(run, part, at, 1, {"", std::move(content)}, what);
    if (auto found = telling(run, std::move(content))) return tell(run, part, at, 1, std::move(*found), what);
  }
  if (value.size() < shortestCode || value.size() > longestCode) return;
  if (value.find_first_of(" \n") == std::string_view::npos && hasOtherDigits(value))
    auditCode(run, part, at, 1, value, what);
  // A code may stand in the middle of a text that decodes it; its place is that of the value.
  std::size_t begin = 0;
  while (begin < value.size()) {
    std::size_t end = begin;
    while (end < value.size() && (base64Digit(value[end]) >= 0 || value[end] == '\n')) ++end;
    if (end - begin >= shortestCode) auditCode(run, part, at, 1, value.substr(begin, end - begin), what);
    begin = end + 1;
  }
}

}  // namespace lapidary::core
