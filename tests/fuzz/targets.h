// SPDX-License-Identifier: GPL-3.0-or-later
// Every fuzz target by name, for the replay in the ordinary tests: there they are functions of one program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string_view>

namespace lapidary::fuzz {

struct Target {
  std::string_view name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};

inline void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

std::span<const Target> targets();

}  // namespace lapidary::fuzz
