// SPDX-License-Identifier: GPL-3.0-or-later
// The values that a pickle would build, followed symbolically: nothing is imported, called or built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/support/progress.h"

namespace lapidary::core {

/// The index of a value in PickleTrace::values.
using PickleId = std::uint32_t;

struct PickleValue {
  enum class Kind : std::uint8_t {
    Unknown,  ///< what a damaged or exotic pickle took from nowhere
    None,
    Bool,
    Integer,
    Float,
    Text,
    ByteString,
    Tuple,
    List,
    Dict,
    Set,
    Global,      ///< `module` and `text` name it
    Call,        ///< items[0] called with items[1]: REDUCE, INST, OBJ, NEWOBJ
    Persistent,  ///< items[0] is its id
  };
  Kind kind = Kind::Unknown;
  std::size_t offset = 0;         ///< of the opcode that made it
  std::int64_t number = 0;        ///< of Bool and Integer; integers beyond 64 bits are Unknown
  double real = 0;                ///< of Float
  std::string module, text;       ///< text: of Text, ByteString and Global
  std::vector<PickleId> items;    ///< of Tuple, List, Set; of Dict key, value, key, value, ...; see Call
  std::vector<PickleId> added;    ///< put into a Call's result later: elements, or keys and values
  std::optional<PickleId> state;  ///< of the last BUILD
};

struct PickleTrace {
  /// A name looked up: GLOBAL, INST, STACK_GLOBAL, or an entry of the extension registry.
  struct Lookup {
    std::size_t offset = 0;
    PickleId value = 0;
    bool known = true;  ///< false: the name is computed, or stands in the reader's registry
  };
  /// Something called while loading.
  struct Invocation {
    std::size_t offset = 0;
    std::string_view opcode;  ///< "REDUCE", "NEWOBJ", ...
    PickleId value = 0;       ///< the Call
  };
  /// The steps that no pickle of Python's own writes: stack underflow, a memo read before it is written,
  /// BUILD on a module's own things.
  struct Oddity {
    std::size_t offset = 0;
    std::string what;
    bool onGlobal = false;  ///< changes something that was looked up, not made
  };

  std::vector<PickleValue> values;
  std::optional<PickleId> root;  ///< none where it ends early
  std::vector<Lookup> lookups;
  std::vector<Invocation> calls;
  std::vector<Oddity> oddities;
  std::string fault;  ///< why it cannot be followed further; empty for a whole pickle
  std::size_t start = 0, end = 0;
  std::size_t steps = 0;  ///< opcodes
  int protocol = 0;

  /// Bytes that are no opcodes: joblib writes an array's numbers, or a pickle of its objects, right behind
  /// what describes it.
  struct Stretch {
    std::size_t offset = 0, length = 0;
    bool pickled = false;
  };
  std::vector<Stretch> arrays;

  const PickleValue& at(PickleId id) const { return values[id]; }
};

/// Follows the pickle at `offset` up to its STOP, or as far as it can be followed; damage ends up in
/// `fault`, with all that was seen until then. Memory stays within a million values.
PickleTrace tracePickle(std::span<const std::byte> bytes, std::size_t offset, const Progress& progress = {});

}  // namespace lapidary::core
