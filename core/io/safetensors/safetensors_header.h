// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON header of a safetensors file: what stands where, checked against the file's size. By hand: the
// format's own library is written in Rust.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

struct SafetensorsEntry {
  std::string name;
  DType dtype = DType::Float32;
  Shape shape;
  std::uint64_t begin = 0, end = 0;  ///< bytes from the start of the data
  std::string otherType = {};        ///< the file's word for a type without a DType; empty for one with
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  ///< in the order of their data
  std::map<std::string, std::string> metadata;
  std::uint64_t dataStart = 0;
};

/// Throws Error(InvalidInput) naming the tensor and what is wrong. Element types that are not known are taken
/// at their word, of whatever size their data have.
SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file);

/// "F32"; empty for types that the format lacks.
std::string_view safetensorsName(DType type);

/// Whether a type may go by this word: capital letters, digits and underscores.
bool isSafetensorsWord(std::string_view word);

/// Length and JSON, padded so that the data start at a multiple of 8 bytes.
std::string safetensorsHeader(const std::vector<SafetensorsEntry>& entries,
                              const std::map<std::string, std::string>& metadata);

}  // namespace lapidary::core
