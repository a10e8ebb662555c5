// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/safetensors/safetensors_header.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/files/strict_json.h"
#include "core/io/common/kept_types.h"
#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t lengthBytes = 8;
constexpr std::uint64_t largestHeader = 100'000'000;  // the format's own limit

struct TypeRow {
  std::string_view name;
  DType type;
};

constexpr std::array<TypeRow, 19> types{{{"F32", DType::Float32},
                                         {"F16", DType::Float16},
                                         {"BF16", DType::BFloat16},
                                         {"F64", DType::Float64},
                                         {"I8", DType::Int8},
                                         {"U8", DType::UInt8},
                                         {"I16", DType::Int16},
                                         {"U16", DType::UInt16},
                                         {"I32", DType::Int32},
                                         {"U32", DType::UInt32},
                                         {"I64", DType::Int64},
                                         {"U64", DType::UInt64},
                                         {"BOOL", DType::Bool},
                                         {"F8_E4M3", DType::Float8E4M3},
                                         {"F8_E4M3FNUZ", DType::Float8E4M3Fnuz},
                                         {"F8_E5M2", DType::Float8E5M2},
                                         {"F8_E5M2FNUZ", DType::Float8E5M2Fnuz},
                                         {"F8_E8M0", DType::Float8E8M0},
                                         {"F4", DType::Float4E2M1}}};

std::uint64_t readLength(std::span<const std::byte> file) {
  if (file.size() < lengthBytes)
    refuseInput("the file has " + std::to_string(file.size()) +
                " bytes, at least 8 expected for the header's length");
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < lengthBytes; ++i) length |= std::to_integer<std::uint64_t>(file[i]) << (8 * i);
  if (length > file.size() - lengthBytes)
    refuseInput("the header is said to take " + std::to_string(length) + " bytes, " +
                std::to_string(file.size() - lengthBytes) + " are left in the file");
  if (length > largestHeader)
    refuseInput("the header is said to take " + std::to_string(length) +
                " bytes, at most 100000000 are allowed");
  return length;
}

std::optional<DType> typeNamed(std::string_view word) {
  for (const TypeRow& row : types)
    if (row.name == word) return row.type;
  return std::nullopt;
}

void readType(const Json& json, SafetensorsEntry& entry) {
  const auto it = json.find("dtype");
  if (it == json.end() || !it->is_string()) refuseInput("has no dtype");
  const auto& word = it->get_ref<const std::string&>();
  if (const auto type = typeNamed(word))
    entry.dtype = *type;
  else if (isSafetensorsWord(word))
    entry.otherType = word;
  else
    refuseInput("its dtype is no word of capital letters and digits");
}

/// A list of non-negative whole numbers that fit 63 bits.
std::optional<std::vector<std::int64_t>> counts(const Json& entry, const char* key) {
  const auto it = entry.find(key);
  if (it == entry.end() || !it->is_array()) return std::nullopt;
  std::vector<std::int64_t> values;
  for (const Json& item : *it) {
    if (!item.is_number_unsigned() ||
        item.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return std::nullopt;
    values.push_back(item.get<std::int64_t>());
  }
  return values;
}

std::string wordOf(const SafetensorsEntry& entry) {
  return entry.otherType.empty() ? std::string(safetensorsName(entry.dtype)) : entry.otherType;
}

/// Nothing for types of a size that is not known.
std::optional<std::uint64_t> expectedBytes(const SafetensorsEntry& entry, std::int64_t count) {
  if (entry.otherType.empty()) return byteCount(entry.dtype, count);
  const KeptType* type = keptTypeOfSafetensors(entry.otherType);
  if (type == nullptr || count > std::numeric_limits<std::int64_t>::max() / type->bits) return std::nullopt;
  return (static_cast<std::uint64_t>(count) * type->bits + 7) / 8;
}

SafetensorsEntry entryOf(const std::string& name, const Json& json, std::uint64_t dataBytes) {
  SafetensorsEntry entry;
  entry.name = name;
  if (!json.is_object()) refuseInput("is no JSON object");
  readType(json, entry);
  const auto shape = counts(json, "shape");
  if (!shape) refuseInput("its shape is not a list of whole numbers");
  entry.shape = *shape;
  const auto offsets = counts(json, "data_offsets");
  if (!offsets || offsets->size() != 2 || (*offsets)[0] > (*offsets)[1])
    refuseInput("its data_offsets are not two rising whole numbers");
  entry.begin = static_cast<std::uint64_t>((*offsets)[0]);
  entry.end = static_cast<std::uint64_t>((*offsets)[1]);
  if (entry.end > dataBytes)
    refuseInput("its data end at byte " + std::to_string(entry.end) + ", the file holds " +
                std::to_string(dataBytes));
  const std::int64_t count = elementCount(entry.shape);
  const auto expected = expectedBytes(entry, count);
  if (expected && entry.end - entry.begin != *expected)
    refuseInput("its data take " + std::to_string(entry.end - entry.begin) + " bytes, " +
                std::to_string(*expected) + " expected for " + wordOf(entry) + " " + toText(entry.shape));
  return entry;
}

void readMetadata(const Json& json, std::map<std::string, std::string>& metadata) {
  if (!json.is_object()) refuseInput("__metadata__ is no JSON object");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) refuseInput("__metadata__ '" + key + "' is not text");
    metadata[key] = value.get<std::string>();
  }
}

void refuseOverlaps(const std::vector<SafetensorsEntry>& entries) {
  const SafetensorsEntry* before = nullptr;
  for (const SafetensorsEntry& entry : entries) {
    if (entry.begin == entry.end) continue;
    if (before && entry.begin < before->end)
      refuseInput("the data of '" + before->name + "' and '" + entry.name + "' overlap");
    before = &entry;
  }
}

}  // namespace

SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file) {
  const std::uint64_t length = readLength(file);
  constexpr int deepest = 4;  // header, tensor, shape; room for one more
  const Json json = parseStrictJson({reinterpret_cast<const char*>(file.data()) + lengthBytes, length},
                                    "the header", deepest);
  if (!json.is_object()) refuseInput("the header is no JSON object");
  SafetensorsHeader header;
  header.dataStart = lengthBytes + length;
  for (const auto& [name, value] : json.items()) {
    if (name == "__metadata__")
      readMetadata(value, header.metadata);
    else
      header.entries.push_back(withContext("tensor '" + name + "'", [&, &key = name, &entry = value] {
        return entryOf(key, entry, file.size() - header.dataStart);
      }));
  }
  std::ranges::stable_sort(header.entries, {}, &SafetensorsEntry::begin);
  refuseOverlaps(header.entries);
  return header;
}

std::string_view safetensorsName(DType type) {
  for (const TypeRow& row : types)
    if (row.type == type) return row.name;
  return {};
}

bool isSafetensorsWord(std::string_view word) {
  constexpr std::size_t longest = 32;
  return !word.empty() && word.size() <= longest && std::ranges::all_of(word, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string safetensorsHeader(const std::vector<SafetensorsEntry>& entries,
                              const std::map<std::string, std::string>& metadata) {
  Json json = Json::object();
  if (!metadata.empty()) json["__metadata__"] = metadata;
  for (const SafetensorsEntry& entry : entries)
    json[entry.name] = {
        {"dtype", wordOf(entry)}, {"shape", entry.shape}, {"data_offsets", {entry.begin, entry.end}}};
  std::string text = jsonText(json);
  text.append((lengthBytes - text.size() % lengthBytes) % lengthBytes, ' ');
  std::string header;
  for (std::size_t i = 0; i < lengthBytes; ++i) header += static_cast<char>(text.size() >> (8 * i));
  return header + text;
}

}  // namespace lapidary::core
