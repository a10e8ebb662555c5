// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/pickle_opcodes.h"

#include <algorithm>
#include <array>

#include "core/files/byte_order.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using enum PickleArgument;

constexpr PickleOpcode opcodes[]{
    {'(', "MARK", None, 0},
    {'.', "STOP", None, 0},
    {'0', "POP", None, 0},
    {'1', "POP_MARK", None, 1},
    {'2', "DUP", None, 0},
    {'F', "FLOAT", Line, 0},
    {'I', "INT", Line, 0},
    {'J', "BININT", Signed4, 1},
    {'K', "BININT1", Unsigned1, 1},
    {'L', "LONG", Line, 0},
    {'M', "BININT2", Unsigned2, 1},
    {'N', "NONE", None, 0},
    {'P', "PERSID", Line, 0},
    {'Q', "BINPERSID", None, 1},
    {'R', "REDUCE", None, 0},
    {'S', "STRING", Line, 0},
    {'T', "BINSTRING", Bytes4, 1},
    {'U', "SHORT_BINSTRING", Bytes1, 1},
    {'V', "UNICODE", Line, 0},
    {'X', "BINUNICODE", Bytes4, 1},
    {'a', "APPEND", None, 0},
    {'b', "BUILD", None, 0},
    {'c', "GLOBAL", TwoLines, 0},
    {'d', "DICT", None, 0},
    {'}', "EMPTY_DICT", None, 1},
    {'e', "APPENDS", None, 1},
    {'g', "GET", Line, 0},
    {'h', "BINGET", Unsigned1, 1},
    {'i', "INST", TwoLines, 0},
    {'j', "LONG_BINGET", Unsigned4, 1},
    {'l', "LIST", None, 0},
    {']', "EMPTY_LIST", None, 1},
    {'o', "OBJ", None, 1},
    {'p', "PUT", Line, 0},
    {'q', "BINPUT", Unsigned1, 1},
    {'r', "LONG_BINPUT", Unsigned4, 1},
    {'s', "SETITEM", None, 0},
    {'t', "TUPLE", None, 0},
    {')', "EMPTY_TUPLE", None, 1},
    {'u', "SETITEMS", None, 1},
    {'G', "BINFLOAT", Float8, 1},
    {'\x80', "PROTO", Unsigned1, 2},
    {'\x81', "NEWOBJ", None, 2},
    {'\x82', "EXT1", Unsigned1, 2},
    {'\x83', "EXT2", Unsigned2, 2},
    {'\x84', "EXT4", Signed4, 2},
    {'\x85', "TUPLE1", None, 2},
    {'\x86', "TUPLE2", None, 2},
    {'\x87', "TUPLE3", None, 2},
    {'\x88', "NEWTRUE", None, 2},
    {'\x89', "NEWFALSE", None, 2},
    {'\x8a', "LONG1", Bytes1, 2},
    {'\x8b', "LONG4", Bytes4, 2},
    {'B', "BINBYTES", Bytes4, 3},
    {'C', "SHORT_BINBYTES", Bytes1, 3},
    {'\x8c', "SHORT_BINUNICODE", Bytes1, 4},
    {'\x8d', "BINUNICODE8", Bytes8, 4},
    {'\x8e', "BINBYTES8", Bytes8, 4},
    {'\x8f', "EMPTY_SET", None, 4},
    {'\x90', "ADDITEMS", None, 4},
    {'\x91', "FROZENSET", None, 4},
    {'\x92', "NEWOBJ_EX", None, 4},
    {'\x93', "STACK_GLOBAL", None, 4},
    {'\x94', "MEMOIZE", None, 4},
    {'\x95', "FRAME", Unsigned8, 4},
    {'\x96', "BYTEARRAY8", Bytes8, 5},
    {'\x97', "NEXT_BUFFER", None, 5},
    {'\x98', "READONLY_BUFFER", None, 5},
};

using Table = std::array<const PickleOpcode*, 256>;

const Table& byCode() {
  static const Table table = [] {
    Table made{};
    for (const PickleOpcode& opcode : opcodes) made[static_cast<unsigned char>(opcode.code)] = &opcode;
    return made;
  }();
  return table;
}

[[noreturn]] void refuse(std::size_t offset, const std::string& what) {
  throw Error(ErrorKind::InvalidInput,
              "the pickle is damaged at byte " + std::to_string(offset) + ": " + what);
}

std::size_t lengthBytes(PickleArgument argument) {
  switch (argument) {
    case Unsigned1:
    case Bytes1:
      return 1;
    case Unsigned2:
      return 2;
    case Unsigned4:
    case Signed4:
    case Bytes4:
      return 4;
    case Unsigned8:
    case Bytes8:
    case Float8:
      return 8;
    default:
      return 0;
  }
}

}  // namespace

const PickleOpcode* pickleOpcode(std::byte code) { return byCode()[std::to_integer<std::size_t>(code)]; }

std::string_view PickleScanner::take(std::uint64_t count) {
  if (count > m_bytes.size() - m_at)
    refuse(m_at, std::to_string(count) + " bytes are declared, " + std::to_string(m_bytes.size() - m_at) +
                     " are left");
  const std::string_view text(reinterpret_cast<const char*>(m_bytes.data()) + m_at, count);
  m_at += count;
  return text;
}

std::string_view PickleScanner::line() {
  const std::string_view rest(reinterpret_cast<const char*>(m_bytes.data()) + m_at, m_bytes.size() - m_at);
  const std::size_t length = rest.find('\n');
  if (length == std::string_view::npos) refuse(m_at, "a line has no end");
  m_at += length + 1;
  return rest.substr(0, length);
}

void PickleScanner::readArgument(PickleStep& step) {
  const PickleArgument kind = step.opcode->argument;
  if (kind == Line || kind == TwoLines) {
    step.text = line();
    if (kind == TwoLines) step.second = line();
    return;
  }
  const std::size_t width = lengthBytes(kind), at = m_at;
  step.text = take(width);
  if (width == 0 || kind == Float8) return;
  const std::uint64_t number = littleEndian(m_bytes, at, width);
  step.number = kind == Signed4 ? static_cast<std::int32_t>(number) : static_cast<std::int64_t>(number);
  if (kind == Bytes1 || kind == Bytes4 || kind == Bytes8) step.text = take(number);
}

std::optional<PickleStep> PickleScanner::next() {
  if (m_stopped) return std::nullopt;
  if (m_at >= m_bytes.size()) refuse(m_at, "it ends without a STOP");
  PickleStep step{pickleOpcode(m_bytes[m_at]), m_at, m_at, 0, {}, {}};
  if (step.opcode == nullptr)
    refuse(m_at, "byte " + std::to_string(std::to_integer<int>(m_bytes[m_at])) + " is no opcode");
  ++m_at;
  readArgument(step);
  step.end = m_at;
  m_stopped = step.opcode->code == '.';
  return step;
}

}  // namespace lapidary::core
