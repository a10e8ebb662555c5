// SPDX-License-Identifier: GPL-3.0-or-later
// The manifest of a .lapidary file, read back without trusting it.
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/files/strict_json.h"
#include "core/io/lapidary/lapidary_layout.h"
#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::json;

constexpr int deepestManifest = 30;
constexpr std::size_t mostDimensions = 64;

const Json& valueOf(const Json& object, const char* key) {
  const auto it = object.find(key);
  if (it == object.end()) refuseInput("'" + std::string(key) + "' is missing");
  return *it;
}

std::string textOf(const Json& object, const char* key) {
  const Json& value = valueOf(object, key);
  if (!value.is_string()) refuseInput("'" + std::string(key) + "' is not text");
  return value.get<std::string>();
}

std::uint64_t checkedNumber(const Json& value, const std::string& what, std::uint64_t most) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most)
    refuseInput(what + " is not a whole number of at most " + std::to_string(most));
  return value.get<std::uint64_t>();
}

std::uint64_t numberOf(const Json& object, const char* key,
                       std::uint64_t most = std::numeric_limits<std::int64_t>::max()) {
  return checkedNumber(valueOf(object, key), "'" + std::string(key) + "'", most);
}

void refuseOthers(const Json& object, std::initializer_list<const char*> known) {
  for (const auto& [key, value] : object.items())
    if (std::ranges::find_if(known, [&, &name = key](const char* one) { return name == one; }) == known.end())
      refuseInput("unknown key '" + key + "'");
}

Shape shapeOf(const Json& object) {
  const Json& value = valueOf(object, "shape");
  if (!value.is_array() || value.size() > mostDimensions)
    refuseInput("'shape' is not a list of at most 64 numbers");
  Shape shape;
  for (const Json& size : value)
    shape.push_back(static_cast<std::int64_t>(
        checkedNumber(size, "a size in 'shape'", std::numeric_limits<std::int64_t>::max())));
  return shape;
}

TensorRecord tensorOf(const Json& json) {
  if (!json.is_object()) refuseInput("is no JSON object");
  refuseOthers(json, {"name", "dtype", "bits", "shape", "at", "member", "crc32", "block"});
  TensorRecord record;
  record.name = textOf(json, "name");
  textOf(json, "dtype");
  record.bits = static_cast<unsigned>(numberOf(json, "bits", 64));
  if (record.bits < 4 || !std::has_single_bit(record.bits))
    refuseInput("elements have " + std::to_string(record.bits) + " bits, 4, 8, 16, 32 or 64 expected");
  record.shape = shapeOf(json);
  record.at = numberOf(json, "at");
  record.member = numberOf(json, "member");
  record.crc = static_cast<std::uint32_t>(numberOf(json, "crc32", std::numeric_limits<std::uint32_t>::max()));
  record.block = jsonText(valueOf(json, "block"));
  if (elementCount(record.shape) > std::numeric_limits<std::int64_t>::max() / 64)
    refuseInput("shape " + toText(record.shape) + " holds more elements than can be counted");
  return record;
}

bool isHash(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Manifest manifestOf(const Json& json) {
  if (!json.is_object() || !json.contains("format") || json["format"] != "lapidary")
    refuseInput("does not say that its format is lapidary");
  if (const auto version = numberOf(json, "version"); version != 1)
    refuseInput("is of version " + std::to_string(version) + ", this program reads version 1");
  refuseOthers(json, {"format", "version", "payload", "bytes", "skeleton", "tensors", "sha256"});
  Manifest manifest;
  manifest.payload = textOf(json, "payload");
  if (manifest.payload != "onnx" && manifest.payload != "safetensors")
    refuseInput("'payload' is '" + manifest.payload + "', onnx or safetensors expected");
  manifest.bytes = numberOf(json, "bytes");
  manifest.sha256 = textOf(json, "sha256");
  if (!isHash(manifest.sha256)) refuseInput("'sha256' is not 64 hex digits");
  const Json& skeleton = valueOf(json, "skeleton");
  if (!skeleton.is_object()) refuseInput("'skeleton' is no JSON object");
  manifest.skeletonBytes = numberOf(skeleton, "bytes");
  manifest.skeleton = jsonText(valueOf(skeleton, "block"));
  const Json& tensors = valueOf(json, "tensors");
  if (!tensors.is_array()) refuseInput("'tensors' is no list");
  for (const Json& tensor : tensors)
    manifest.tensors.push_back(withContext("tensor " + std::to_string(manifest.tensors.size() + 1),
                                           [&] { return tensorOf(tensor); }));
  return manifest;
}

}  // namespace

Manifest parseManifest(std::string_view text) {
  const Json json = parseStrictJson(text, "the manifest", deepestManifest);
  return withContext(manifestMember, [&] { return manifestOf(json); });
}

}  // namespace lapidary::core
