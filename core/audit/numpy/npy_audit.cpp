// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/numpy/npy_audit.h"

#include <algorithm>
#include <charconv>

#include "core/audit/parts/payload_audit.h"
#include "core/files/byte_order.h"
#include "core/support/bytes.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr int deepestRecord = 16;

[[noreturn]] void badHeader(const std::string& what) {
  throw Error(ErrorKind::InvalidInput, "npy header: " + what);
}

/// Bytes of an element, and whether any of it is an object.
struct ElementLayout {
  std::uint64_t bytes = 0;
  bool objects = false;
};

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) badHeader("an element or a shape is impossibly large");
  return result;
}

/// "<f4", "|S5", "<U10", "<M8[ns]", "|V16", "|O": a byte order, a letter, a number, a unit.
ElementLayout layoutOf(std::string_view descr) {
  if (!descr.empty() && std::string_view("<>|=").find(descr[0]) != std::string_view::npos)
    descr.remove_prefix(1);
  if (descr.empty()) badHeader("an element has no type");
  const char letter = descr[0];
  if (letter == 'O') return {0, true};
  if (std::string_view("biufcmMSaUVt?").find(letter) == std::string_view::npos)
    badHeader("the type '" + std::string(descr.substr(0, 20)) + "' is not NumPy's");
  std::uint64_t size = letter == '?' ? 1 : 0;
  const auto [end, error] = std::from_chars(descr.data() + 1, descr.data() + descr.size(), size);
  const std::string_view unit(end, static_cast<std::size_t>(descr.data() + descr.size() - end));
  if ((error != std::errc{} && letter != '?') ||
      (!unit.empty() && (unit.front() != '[' || unit.back() != ']')))
    badHeader("the type '" + std::string(descr.substr(0, 20)) + "' has no size");
  return {letter == 'U' ? product(size, 4) : size, false};
}

/// The literals of Python that numpy.lib.format writes: texts, True and False, whole numbers, tuples, lists.
class NpyLiterals {
 public:
  explicit NpyLiterals(std::string_view text) : m_text(text) {}

  bool take(char wanted) {
    while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n')) ++m_at;
    if (m_at >= m_text.size() || m_text[m_at] != wanted) return false;
    ++m_at;
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) badHeader(std::string("'") + wanted + "' is missing");
  }
  std::string text() {
    const char quote = take('\'') ? '\'' : '"';
    if (quote == '"') expect('"');
    std::string found;
    while (m_at < m_text.size() && m_text[m_at] != quote) {
      if (m_text[m_at] == '\\' && m_at + 1 < m_text.size()) ++m_at;
      found += m_text[m_at++];
    }
    expect(quote);
    return found;
  }
  void truth() {
    take(' ');
    for (const std::string_view word : {std::string_view("True"), std::string_view("False")})
      if (m_text.substr(m_at).starts_with(word)) return void(m_at += word.size());
    badHeader("fortran_order is neither True nor False");
  }
  /// The product of a tuple of numbers, or of one number.
  std::uint64_t count() {
    if (!take('(')) return whole();
    std::uint64_t all = 1;
    while (!take(')')) {
      all = product(all, whole());
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return all;
  }
  /// A text, or a list of fields, each (name, type) or (name, type, shape); a name may be (title, name).
  ElementLayout descr(int depth = 0) {
    if (depth > deepestRecord) badHeader("records are nested without end");
    if (take('(')) {  // a type and a shape
      const ElementLayout inner = descr(depth + 1);
      expect(',');
      const std::uint64_t times = count();
      expect(')');
      return {product(inner.bytes, times), inner.objects};
    }
    if (!take('[')) return layoutOf(text());
    ElementLayout all;
    while (!take(']')) {
      const ElementLayout field = oneField(depth);
      if (__builtin_add_overflow(all.bytes, field.bytes, &all.bytes))
        badHeader("a record is impossibly large");
      all.objects = all.objects || field.objects;
      if (!take(',')) {
        expect(']');
        break;
      }
    }
    return all;
  }

 private:
  ElementLayout oneField(int depth) {
    expect('(');
    if (take('(')) {
      text();
      expect(',');
      text();
      expect(')');
    } else {
      text();
    }
    expect(',');
    ElementLayout field = descr(depth + 1);
    if (take(')')) return field;
    expect(',');
    if (take(')')) return field;
    field.bytes = product(field.bytes, count());
    take(',');
    expect(')');
    return field;
  }
  std::uint64_t whole() {
    take(' ');
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(m_text.data() + m_at, m_text.data() + m_text.size(), value);
    if (error != std::errc{}) badHeader("a number is missing");
    m_at = static_cast<std::size_t>(end - m_text.data());
    if (m_at < m_text.size() && m_text[m_at] == 'L') ++m_at;
    return value;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
};

struct NpyLayout {
  ElementLayout element;
  std::uint64_t count = 0;
  std::size_t data = 0;
};

NpyLayout layoutOfFile(std::span<const std::byte> bytes) {
  if (bytes.size() < 12) badHeader("it ends within its first bytes");
  const auto major = std::to_integer<int>(bytes[6]);
  if (major < 1 || major > 3) badHeader("version " + std::to_string(major) + " is not known");
  const std::size_t start = major == 1 ? 10 : 12, length = littleEndian(bytes, 8, major == 1 ? 2 : 4);
  if (length > bytes.size() - start) badHeader("it is longer than the file");
  NpyLiterals literals(textOf(bytes).substr(start, length));
  NpyLayout layout;
  layout.data = start + length;
  unsigned seen = 0;
  literals.expect('{');
  while (!literals.take('}')) {
    const std::string key = literals.text();
    literals.expect(':');
    const unsigned bit = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 0;
    if (bit == 0 || (seen & bit) != 0) badHeader("the key '" + key.substr(0, 20) + "' does not belong there");
    seen |= bit;
    if (bit == 1) layout.element = literals.descr();
    if (bit == 2) literals.truth();
    if (bit == 4) layout.count = literals.count();
    if (!literals.take(',')) {
      literals.expect('}');
      break;
    }
  }
  if (seen != 7) badHeader("a key is missing");
  return layout;
}

/// The header's own words, where it cannot be read: an object array is one all the same.
bool mentionsObjects(std::span<const std::byte> bytes) {
  const std::string_view text = textOf(bytes).substr(0, 4096);
  const std::string_view header = text.substr(0, text.find('\n'));
  const std::size_t descr = header.find("'descr'");
  return descr != std::string_view::npos && (header.substr(descr).find("|O") != std::string_view::npos ||
                                             header.substr(descr).find("'O'") != std::string_view::npos);
}

std::size_t behindHeader(std::span<const std::byte> bytes) {
  return std::min(textOf(bytes).find('\n'), bytes.size() - 1) + 1;
}

}  // namespace

NpyAuditResult auditNpyLayout(AuditRun& run, const AuditPart& part) {
  const auto bytes = part.view();
  try {
    const NpyLayout layout = layoutOfFile(bytes);
    if (layout.element.objects) return {true, layout.data};
    const std::uint64_t wanted = product(layout.count, layout.element.bytes),
                        there = bytes.size() - layout.data;
    if (wanted != there)
      run.add("file-unreadable", part.place,
              "its elements take " + std::to_string(wanted) + " bytes, " + std::to_string(there) +
                  " stand there");
    auditPayload(run, part, layout.data, there, "the numbers");
    return {false, layout.data};
  } catch (const Error& error) {
    if (mentionsObjects(bytes)) return {true, behindHeader(bytes)};
    run.add("file-unreadable", part.place, error.what());
    auditPayload(run, part, 0, bytes.size(), "its bytes");
    return {};
  }
}

}  // namespace lapidary::core
