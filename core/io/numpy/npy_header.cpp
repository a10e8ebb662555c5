// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/numpy/npy_header.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t longestHeader = 1u << 20;
constexpr std::size_t mostDimensions = 64;  // NumPy 2's own limit

Error bad(const std::string& what) { return Error(ErrorKind::InvalidInput, "npy header: " + what); }

struct DTypeCode {
  std::string_view code;
  DType dtype;
};
constexpr DTypeCode codes[] = {
    {"f2", DType::Float16}, {"f4", DType::Float32}, {"f8", DType::Float64}, {"i1", DType::Int8},
    {"i2", DType::Int16},   {"i4", DType::Int32},   {"i8", DType::Int64},   {"u1", DType::UInt8},
    {"u2", DType::UInt16},  {"u4", DType::UInt32},  {"u8", DType::UInt64},  {"b1", DType::Bool},
};

/// Reads the literals that numpy writes: quoted text, True and False, a tuple of whole numbers.
class Literals {
 public:
  explicit Literals(std::string_view text) : m_text(text) {}

  bool take(char wanted) {
    skipSpace();
    if (m_at >= m_text.size() || m_text[m_at] != wanted) return false;
    ++m_at;
    return true;
  }

  void expect(char wanted) {
    if (!take(wanted)) throw bad(here() + " stands there, '" + wanted + "' expected");
  }

  std::string text() {
    skipSpace();
    const char quote = m_at < m_text.size() ? m_text[m_at] : '\0';
    if (quote != '\'' && quote != '"') throw bad(here() + " stands there, quoted text expected");
    const std::size_t end = m_text.find(quote, m_at + 1);
    if (end == std::string_view::npos) throw bad("quoted text has no end");
    const std::string_view inside = m_text.substr(m_at + 1, end - m_at - 1);
    if (inside.find('\\') != std::string_view::npos) throw bad("quoted text holds a backslash");
    m_at = end + 1;
    return std::string(inside);
  }

  /// Up to the end of a list that has begun.
  void skipList() {
    for (int depth = 1; depth > 0; ++m_at) {
      if (m_at >= m_text.size()) throw bad("a list has no end");
      const char c = m_text[m_at];
      if (c == '[') ++depth;
      if (c == ']') --depth;
      if (c == '\'' || c == '"') m_at = std::min(m_text.find(c, m_at + 1), m_text.size() - 1);
    }
  }

  bool truth() {
    skipSpace();
    if (takeWord("True")) return true;
    if (takeWord("False")) return false;
    throw bad("fortran_order: " + here() + " stands there, True or False expected");
  }

  Shape tuple() {
    expect('(');
    Shape shape;
    while (!take(')')) {
      if (shape.size() == mostDimensions) throw bad("shape has more than 64 dimensions");
      shape.push_back(wholeNumber());
      if (take(',')) continue;
      expect(')');
      break;
    }
    return shape;
  }

  void end() {
    skipSpace();
    if (m_at != m_text.size()) throw bad(here() + " stands after the dictionary");
  }

 private:
  void skipSpace() {
    while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n')) ++m_at;
  }

  bool takeWord(std::string_view word) {
    if (!m_text.substr(m_at).starts_with(word)) return false;
    m_at += word.size();
    return true;
  }

  std::int64_t wholeNumber() {
    skipSpace();
    std::int64_t value = 0;
    const char* const first = m_text.data() + m_at;
    const auto [last, error] = std::from_chars(first, m_text.data() + m_text.size(), value);
    if (error != std::errc{} || value < 0)
      throw bad("shape: " + here() + " stands there, a dimension expected");
    m_at += static_cast<std::size_t>(last - first);
    takeWord("L");  // as Python 2 wrote long integers
    return value;
  }

  std::string here() const {
    if (m_at >= m_text.size()) return "the end";
    std::string shown;
    for (const char c : m_text.substr(m_at, 12)) shown += c >= ' ' && c < 127 ? c : '?';
    return "'" + shown + "'";
  }

  std::string_view m_text;
  std::size_t m_at = 0;
};

/// Of a type that is no DType.
[[noreturn]] void refuseType(const NpyHeader& header) {
  if (header.records)
    throw Error(ErrorKind::Unsupported,
                "npy header: records of named fields cannot be read, plain numbers expected");
  if (header.objects)
    throw bad(
        "an object array (Python pickle) is never read, as reading one can run code; save plain numbers");
  throw Error(ErrorKind::Unsupported, "npy header: dtype '" + header.descr +
                                          "' cannot be read, f2 f4 f8 i1 to i8 u1 to u8 or b1 expected");
}

/// Bytes of an element of "c8", "U5", "S3", "V16", "M8[ns]"; 0 for what is no such type.
std::size_t bytesOfCode(std::string_view code) {
  constexpr std::string_view kinds = "cUSVaMmf";
  constexpr std::size_t most = 1u << 24;
  if (code.size() < 2 || kinds.find(code[0]) == std::string_view::npos) return 0;
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(code.data() + 1, code.data() + code.size(), count);
  if (error != std::errc{} || count > most) return 0;
  if (end != code.data() + code.size() && *end != '[') return 0;
  return code[0] == 'U' ? 4 * count : count;
}

void readDescr(Literals& literals, NpyHeader& header) {
  header.known = false;
  header.records = literals.take('[');
  if (header.records) return literals.skipList();
  header.descr = literals.text();
  const std::string& descr = header.descr;
  header.objects = descr.find('O') != std::string::npos;
  const char order = descr.empty() ? '\0' : descr[0];
  if (header.objects) return;
  if (order != '<' && order != '>' && order != '|' && order != '=') refuseType(header);
  header.bigEndian = order == '>';
  header.elementBytes = bytesOfCode(std::string_view(descr).substr(1));
  for (const DTypeCode& row : codes) {
    if (row.code != descr.substr(1)) continue;
    header.dtype = row.dtype;
    header.known = true;
    header.elementBytes = bitsOf(row.dtype) / 8;
  }
  if (header.elementBytes == 0) refuseType(header);
}

void readDictionary(std::string_view text, NpyHeader& header) {
  Literals literals(text);
  bool descr = false, order = false, shape = false;
  literals.expect('{');
  while (!literals.take('}')) {
    const std::string key = literals.text();
    bool& seen = key == "descr" ? descr : key == "fortran_order" ? order : shape;
    if (key != "descr" && key != "fortran_order" && key != "shape") throw bad("unknown key '" + key + "'");
    if (seen) throw bad("'" + key + "' stands there twice");
    seen = true;
    literals.expect(':');
    if (key == "descr") readDescr(literals, header);
    if (key == "fortran_order") header.fortranOrder = literals.truth();
    if (key == "shape") header.shape = literals.tuple();
    if (literals.take(',')) continue;
    literals.expect('}');
    break;
  }
  literals.end();
  if (!descr || !order || !shape)
    throw bad(std::string("'") + (!descr ? "descr" : !order ? "fortran_order" : "shape") + "' is missing");
}

}  // namespace

NpyHeader parseNpyHeader(std::span<const std::byte> bytes) {
  NpyHeader header = parseAnyNpyHeader(bytes);
  if (!header.known) refuseType(header);
  return header;
}

NpyHeader parseAnyNpyHeader(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(magic))
    throw Error(ErrorKind::InvalidInput, "not an npy array: its first bytes are not \\x93NUMPY");
  const auto at = [&](std::size_t i) {
    return i < bytes.size() ? std::to_integer<std::size_t>(bytes[i]) : 0;
  };
  const std::size_t major = at(6);
  if (bytes.size() < 10) throw bad("ends after " + std::to_string(bytes.size()) + " bytes");
  if (major < 1 || major > 3)
    throw bad("version " + std::to_string(major) + " stands there, 1 to 3 expected");
  const std::size_t start = major == 1 ? 10 : 12;
  const std::size_t length = at(8) | at(9) << 8 | (major == 1 ? 0 : at(10) << 16 | at(11) << 24);
  if (start > bytes.size() || length > bytes.size() - start)
    throw bad("declares " + std::to_string(length) + " bytes, " +
              std::to_string(bytes.size() - std::min(start, bytes.size())) + " stand there");
  if (length > longestHeader)
    throw bad("declares " + std::to_string(length) + " bytes, at most 1048576 are allowed");
  NpyHeader header;
  readDictionary(text.substr(start, length), header);
  header.dataOffset = start + length;
  return header;
}

bool isNumpyDescr(std::string_view descr) {
  constexpr std::string_view orders = "<>|=";
  return descr.size() > 2 && orders.find(descr[0]) != std::string_view::npos &&
         bytesOfCode(descr.substr(1)) > 0 && descr.find_first_of("'\\") == std::string_view::npos;
}

std::string npyHeader(DType dtype, const Shape& shape) {
  std::string_view code;
  for (const DTypeCode& row : codes)
    if (row.dtype == dtype) code = row.code;
  if (code.empty()) throw Error(ErrorKind::Unsupported, "NumPy has no dtype for " + std::string(name(dtype)));
  return npyHeader((bitsOf(dtype) == 8 ? '|' : '<') + std::string(code), shape);
}

std::string npyHeader(const std::string& descr, const Shape& shape) {
  std::string dictionary = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < shape.size(); ++i) dictionary += (i ? ", " : "") + std::to_string(shape[i]);
  dictionary += shape.size() == 1 ? ",), }" : "), }";
  constexpr std::size_t prefix = 10;
  dictionary.append((64 - (prefix + dictionary.size() + 1) % 64) % 64, ' ');
  dictionary += '\n';
  std::string header(magic);
  header +=
      {'\x01', '\x00', static_cast<char>(dictionary.size() & 255), static_cast<char>(dictionary.size() >> 8)};
  return header + dictionary;
}

}  // namespace lapidary::core
