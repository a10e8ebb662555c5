// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/models/gguf_audit.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/audit/parts/payload_audit.h"
#include "core/audit/texts/text_audit.h"
#include "core/files/byte_order.h"
#include "core/files/shown_text.h"
#include "core/support/bytes.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::uint32_t stringKind = 8, arrayKind = 9;
constexpr int deepestArray = 4;
/// Bytes of a value by its kind: the integers, floats and booleans; 0 for texts and arrays.
constexpr std::array<std::uint8_t, 13> kindBytes{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

/// Elements and bytes of a block, by the kind of a tensor; 0: not known here.
struct TensorKind {
  std::uint32_t elements = 0, bytes = 0;
};
constexpr std::array<TensorKind, 40> tensorKinds{{
    {1, 4},    {1, 2},    {32, 18},  {32, 20},   {0, 0},     {0, 0},     {32, 22},   {32, 24},
    {32, 34},  {32, 36},  {256, 84}, {256, 110}, {256, 144}, {256, 176}, {256, 210}, {256, 292},
    {256, 66}, {256, 74}, {256, 98}, {256, 50},  {32, 18},   {256, 110}, {256, 82},  {256, 136},
    {1, 1},    {1, 2},    {1, 4},    {1, 8},     {1, 8},     {256, 56},  {1, 2},     {0, 0},
    {0, 0},    {0, 0},    {256, 54}, {256, 66},  {0, 0},     {0, 0},     {0, 0},     {32, 17},
}};

class GgufAudit {
 public:
  GgufAudit(AuditRun& run, const AuditPart& part) : m_run(run), m_part(part), m_bytes(part.view()) {}

  void all() {
    try {
      m_at = 4;
      m_version = static_cast<std::uint32_t>(number(4));
      if (m_version == 0 || m_version > 3)
        return unreadable("it is GGUF of a version that the audit does not know");
      const std::uint64_t tensors = count(), pairs = count();
      for (std::uint64_t i = 0; i < pairs; ++i) pair();
      for (std::uint64_t i = 0; i < tensors; ++i) tensor();
      data();
    } catch (const Error& error) {
      m_run.addAt("gguf-damaged", m_part, std::min(m_at, m_bytes.size()), 1, error.what());
      auditPayload(m_run, m_part, 0, m_bytes.size(), "its bytes");
    }
  }

 private:
  void unreadable(const std::string& what) {
    m_run.add("unknown-content", m_part.place, what);
    auditPayload(m_run, m_part, 0, m_bytes.size(), "its bytes");
  }

  void need(std::uint64_t bytes, const std::string& what) const {
    if (bytes > m_bytes.size() - m_at)
      throw Error(ErrorKind::InvalidInput, what + " takes " + std::to_string(bytes) + " bytes, " +
                                               std::to_string(m_bytes.size() - m_at) + " are left");
  }
  std::uint64_t number(std::size_t bytes) {
    need(bytes, "a number");
    const std::uint64_t value = littleEndian(m_bytes, m_at, bytes);
    m_at += bytes;
    return value;
  }
  /// Counts and lengths had 32 bits in version 1.
  std::uint64_t count() { return number(m_version == 1 ? 4 : 8); }

  std::string_view text(const std::string& what) {
    const std::uint64_t length = count();
    need(length, what);
    const std::string_view found = textOf(m_bytes.subspan(m_at, length));
    m_at += length;
    return found;
  }

  void pair() {
    m_run.progress().check();
    const std::size_t at = m_at;
    const std::string key(text("a key"));
    if (!m_keys.insert(key).second)
      m_run.addAt("gguf-damaged", m_part, at, 1, "the key " + quotedText(key) + " stands there twice");
    const std::size_t before = m_at + 4;
    const auto kind = static_cast<std::uint32_t>(number(4));
    if (key == "general.alignment" && kind == 4 && before + 4 <= m_bytes.size())
      m_alignment = littleEndian(m_bytes, before, 4);
    value(kind, key, 0);
  }

  void value(std::uint32_t kind, const std::string& key, int depth) {
    if (kind == stringKind) return string(key);
    if (kind == arrayKind) return array(key, depth);
    if (kind >= kindBytes.size())
      throw Error(ErrorKind::InvalidInput, "the value of " + quotedText(key) + " is of an unknown kind");
    number(kindBytes[kind]);
  }

  void string(const std::string& key) {
    const std::string_view found = text("the text of " + quotedText(key));
    const std::size_t begin = m_at - found.size();
    auditText(m_run, m_part, begin, found.size(), "the text of " + quotedText(key));
  }

  /// Vocabularies are long and their texts short: those are not looked into one by one.
  void array(const std::string& key, int depth) {
    if (depth >= deepestArray) throw Error(ErrorKind::InvalidInput, "arrays are nested without end");
    const auto kind = static_cast<std::uint32_t>(number(4));
    const std::uint64_t length = count();
    if (kind < kindBytes.size() && kindBytes[kind] > 0) {
      if (length > m_bytes.size() / kindBytes[kind]) need(~std::uint64_t{0}, "the array " + quotedText(key));
      need(length * kindBytes[kind], "the array " + quotedText(key));
      m_at += length * kindBytes[kind];
      return;
    }
    constexpr std::size_t shortText = 256;
    for (std::uint64_t i = 0; i < length; ++i) {
      if (i % 65536 == 0) m_run.progress().check();
      if (kind != stringKind) {
        value(kind, key, depth + 1);
      } else if (const std::string_view found = text("a text of " + quotedText(key));
                 found.size() > shortText) {
        auditText(m_run, m_part, m_at - found.size(), found.size(), "a text of " + quotedText(key));
      }
    }
  }

  struct Claim {
    std::uint64_t offset = 0, bytes = 0;
    std::string name;
  };

  void tensor() {
    m_run.progress().check();
    const std::size_t at = m_at;
    Claim claim;
    claim.name = std::string(text("a tensor's name"));
    if (!m_names.insert(claim.name).second)
      m_run.addAt("gguf-damaged", m_part, at, 1, "two tensors are called " + quotedText(claim.name));
    const std::uint64_t dimensions = number(4);
    if (dimensions > 8)
      throw Error(ErrorKind::InvalidInput,
                  "tensor " + quotedText(claim.name) + " has " + std::to_string(dimensions) + " dimensions");
    std::uint64_t elements = 1;
    bool absurd = false;
    for (std::uint64_t i = 0; i < dimensions; ++i)
      absurd = __builtin_mul_overflow(elements, count(), &elements) || absurd;
    const auto kind = static_cast<std::uint32_t>(number(4));
    claim.offset = number(8);
    const TensorKind block = kind < tensorKinds.size() ? tensorKinds[kind] : TensorKind{};
    if (block.elements > 0)
      absurd = __builtin_mul_overflow(elements / block.elements, std::uint64_t{block.bytes}, &claim.bytes) ||
               absurd;
    if (absurd)
      m_run.addAt("gguf-damaged", m_part, at, 1,
                  "tensor " + quotedText(claim.name) + " has an impossible shape");
    else
      m_claims.push_back(std::move(claim));
  }

  void data() {
    const std::uint64_t alignment = m_alignment == 0 || m_alignment > 65536 ? 32 : m_alignment;
    const std::uint64_t start = (m_at + alignment - 1) / alignment * alignment;
    for (const Claim& claim : m_claims)
      if (start > m_bytes.size() || claim.offset > m_bytes.size() - start ||
          claim.bytes > m_bytes.size() - start - claim.offset)
        m_run.add("gguf-damaged", m_part.place,
                  "tensor " + quotedText(claim.name) + " reaches beyond the end of the file");
    if (start < m_bytes.size()) auditPayload(m_run, m_part, start, m_bytes.size() - start, "the weights");
  }

  AuditRun& m_run;
  const AuditPart& m_part;
  std::span<const std::byte> m_bytes;
  std::size_t m_at = 0;
  std::uint32_t m_version = 3;
  std::uint64_t m_alignment = 32;
  std::set<std::string> m_keys, m_names;
  std::vector<Claim> m_claims;
};

}  // namespace

void auditGguf(AuditRun& run, const AuditPart& part) { GgufAudit(run, part).all(); }

}  // namespace lapidary::core
