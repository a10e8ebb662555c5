// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/safetensors/safetensors.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/io/common/file_parts.h"
#include "core/io/common/stored_arrays.h"
#include "core/io/common/tensor_view.h"
#include "core/io/safetensors/safetensors_header.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::json;

constexpr std::string_view notePrefix = "encoding.";

std::string noteText(const EncodingNote& note) {
  Json json = {{"bits", note.bits}, {"axis", note.axis}};
  if (note.offsetEverywhere) json["offset_everywhere"] = true;
  if (note.blockSize > 0) json["block_size"] = note.blockSize;
  return jsonText(json);
}

EncodingNote parseNote(const std::string& key, const std::string& text) {
  const Json json = parseJson(text, nullptr, false);
  const auto isNumber = [&](const char* name) {
    return json.contains(name) && json[name].is_number_integer();
  };
  if (!json.is_object() || !isNumber("bits") || !isNumber("axis"))
    throw Error(ErrorKind::InvalidInput,
                "__metadata__ '" + key + "' is not of the form {\"axis\":0,\"bits\":8}");
  const auto bits = json["bits"].get<std::int64_t>(), axis = json["axis"].get<std::int64_t>();
  const bool sane = bits >= 1 && bits <= 16 && axis >= -1 && axis < 64;
  if (!sane)
    throw Error(ErrorKind::InvalidInput, "__metadata__ '" + key + "' has bits or an axis out of range");
  EncodingNote note{static_cast<unsigned>(bits), static_cast<int>(axis), false, 0};
  if (isNumber("block_size")) note.blockSize = json["block_size"].get<std::int64_t>();
  note.offsetEverywhere = json.contains("offset_everywhere") && json["offset_everywhere"] == true;
  return note;
}

/// A type that the format has; packed integers are written one to a byte.
DType writtenAs(DType type) {
  if (type == DType::Int4) return DType::Int8;
  return type == DType::UInt4 ? DType::UInt8 : type;
}

struct Layout {
  StoredModel model;
  std::string header;
  std::uint64_t bytes = 0;
};

Layout layoutOf(StoredModel arrays, std::map<std::string, std::string> metadata) {
  Layout layout{std::move(arrays), {}, 0};
  std::vector<SafetensorsEntry> entries;
  for (StoredArray& array : layout.model.arrays) {
    array.stored = writtenAs(array.stored);
    const std::uint64_t bytes = byteCount(array.stored, array.tensor.size());
    entries.push_back({array.name, array.stored, array.tensor.shape(), layout.bytes, layout.bytes + bytes});
    layout.bytes += bytes;
  }
  std::erase_if(metadata, [](const auto& entry) { return entry.first.starts_with(notePrefix); });
  for (const auto& [name, note] : layout.model.notes)
    metadata[std::string(notePrefix) + name] = noteText(note);
  layout.header = safetensorsHeader(entries, metadata);
  layout.bytes += layout.header.size();
  return layout;
}

Layout layoutOf(const Model& model) { return layoutOf(storedArrays(model), model.source.metadata); }

std::vector<FilePart> partsOf(Layout layout) {
  std::vector<FilePart> parts;
  for (StoredArray& array : layout.model.arrays)
    parts.push_back({std::exchange(layout.header, {}), array.name, array.tensor, array.stored});
  if (parts.empty()) parts.push_back({layout.header, {}, {}, DType::Float32});
  return parts;
}

}  // namespace

bool matchesSafetensors(std::span<const std::byte> bytes) {
  if (bytes.size() < 9 || bytes[8] != std::byte{'{'}) return false;
  // The header's length fits 32 bits.
  return std::ranges::all_of(bytes.subspan(4, 4), [](std::byte b) { return b == std::byte{0}; });
}

Model readSafetensors(const ReadSource& source, const Progress& progress) {
  const SafetensorsHeader header = parseSafetensorsHeader(source.bytes.view);
  std::vector<NamedTensor> arrays;
  for (const SafetensorsEntry& entry : header.entries) {
    progress.check();
    const auto view = source.bytes.view.subspan(header.dataStart + entry.begin, entry.end - entry.begin);
    arrays.push_back({entry.name, alignedTensor(entry.dtype, entry.shape, Bytes{source.bytes.owner, view})});
  }
  std::map<std::string, EncodingNote> notes;
  for (const auto& [key, text] : header.metadata)
    if (key.starts_with(notePrefix)) notes[key.substr(notePrefix.size())] = parseNote(key, text);
  Model model = modelOfArrays(std::move(arrays), notes);
  model.source.format = "safetensors";
  model.source.fileBytes = source.bytes.view.size();
  model.source.metadata = header.metadata;
  return model;
}

void writeSafetensors(const Model& model, const Append& append, const Progress& progress) {
  const Layout layout = layoutOf(model);
  append(std::as_bytes(std::span(layout.header.data(), layout.header.size())));
  for (const StoredArray& array : layout.model.arrays) {
    progress.check();
    append(convert(array.tensor, array.stored).bytes());
  }
}

std::vector<FilePart> safetensorsParts(const Model& model) { return partsOf(layoutOf(model)); }

std::vector<FilePart> safetensorsParts(const StoredModel& arrays,
                                       const std::map<std::string, std::string>& metadata) {
  return partsOf(layoutOf(arrays, metadata));
}

std::uint64_t sizeOfSafetensors(const Model& model) { return layoutOf(model).bytes; }

}  // namespace lapidary::core
