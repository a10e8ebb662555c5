// SPDX-License-Identifier: GPL-3.0-or-later
// The opcodes of Python's pickle format, read one after another and never run (protocols 0 to 5,
// pickletools.py of CPython; PEP 307, 3154, 574). By hand: Python's reader runs what it reads, and
// libtorch's, many times the size of this program, refuses what the audit has to show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lapidary::core {

/// How the argument behind an opcode is written.
enum class PickleArgument : std::uint8_t {
  None,
  Unsigned1,
  Unsigned2,
  Unsigned4,
  Unsigned8,  ///< little-endian
  Signed4,
  Float8,  ///< big-endian double
  Line,
  TwoLines,  ///< up to a line feed, not counted in
  Bytes1,
  Bytes4,
  Bytes8,  ///< a length of so many bytes, then the bytes
};

struct PickleOpcode {
  char code;
  std::string_view name;  ///< as pickletools names it: "STACK_GLOBAL"
  PickleArgument argument;
  int protocol;  ///< that brought it
};

/// Null for a byte that is no opcode.
const PickleOpcode* pickleOpcode(std::byte code);

struct PickleStep {
  const PickleOpcode* opcode = nullptr;
  std::size_t offset = 0;         ///< of the opcode
  std::size_t end = 0;            ///< of its argument
  std::int64_t number = 0;        ///< of Unsigned and Signed arguments
  std::string_view text, second;  ///< of lines and bytes: views into the pickle

  bool is(std::string_view name) const { return opcode->name == name; }
};

/// Walks the opcodes from an offset on. Trusts no length.
class PickleScanner {
 public:
  PickleScanner(std::span<const std::byte> bytes, std::size_t offset) : m_bytes(bytes), m_at(offset) {}

  /// Nothing after the STOP. Throws Error(InvalidInput) with the offset where no opcode can be read.
  std::optional<PickleStep> next();
  std::size_t position() const { return m_at; }
  /// Goes on behind bytes that are no opcodes. Throws Error(InvalidInput) where there are not so many.
  void skip(std::uint64_t count) { take(count); }

 private:
  void readArgument(PickleStep& step);
  std::string_view take(std::uint64_t count);
  std::string_view line();

  std::span<const std::byte> m_bytes;
  std::size_t m_at;
  bool m_stopped = false;
};

}  // namespace lapidary::core
