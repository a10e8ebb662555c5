// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/safetensors/safetensors.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "core/io/common/file_parts.h"
#include "core/io/common/kept_types.h"
#include "core/io/common/stored_arrays.h"
#include "core/io/common/tensor_view.h"
#include "core/io/safetensors/safetensors_header.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::json;

constexpr std::string_view notePrefix = "encoding.", typePrefix = "element_type.", tiePrefix = "tied.";

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

/// A list of whole numbers under the key; nothing where there is none.
std::optional<std::vector<std::int64_t>> numbersAt(const Json& json, const char* key) {
  if (!json.is_object() || !json.contains(key) || !json[key].is_array()) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const Json& item : json[key]) {
    if (!item.is_number_integer() || item.get<std::int64_t>() < 0) return std::nullopt;
    numbers.push_back(item.get<std::int64_t>());
  }
  return numbers;
}

std::string keptName(const std::string& word) {
  const KeptType* type = keptTypeOfSafetensors(word);
  return type == nullptr ? word : std::string(type->name);
}

/// A tensor that stands as bytes, as the writer below notes it.
KeptTensor keptByNote(const std::string& key, const std::string& text, const SafetensorsEntry& entry,
                      const Bytes& bytes) {
  const Json json = parseJson(text, nullptr, false);
  const auto shape = numbersAt(json, "shape");
  if (!shape || !json.contains("type") || !json["type"].is_string())
    throw Error(ErrorKind::InvalidInput,
                "__metadata__ '" + key + "' is not of the form {\"shape\":[2],\"type\":\"complex128\"}");
  KeptTensor kept{entry.name, json["type"].get<std::string>(), *shape, bytes};
  if (shapeAsBytes(kept) != entry.shape)
    throw Error(ErrorKind::InvalidInput, "__metadata__ '" + key + "' has a shape that its bytes do not have");
  return kept;
}

/// Takes further names of tensors out of the metadata.
void takeTies(FileArrays& found) {
  std::set<std::string> names;
  for (const NamedTensor& tensor : found.tensors) names.insert(tensor.name);
  for (const KeptTensor& kept : found.kept) names.insert(kept.name);
  std::erase_if(found.metadata, [&](const auto& entry) {
    const auto& [key, text] = entry;
    if (key != "format" && names.contains(text) && !names.contains(key)) {
      found.ties.push_back({key, text, {}, {}});
      return true;
    }
    if (!key.starts_with(tiePrefix)) return false;
    const Json json = parseJson(text, nullptr, false);
    const auto shape = numbersAt(json, "shape"), strides = numbersAt(json, "strides");
    const bool whole = shape && strides && shape->size() == strides->size() && !strides->empty() &&
                       json.contains("of") && json["of"].is_string();
    const std::string name = key.substr(tiePrefix.size());
    if (!whole || !names.contains(json["of"].get<std::string>()) || names.contains(name)) return false;
    found.ties.push_back({name, json["of"].get<std::string>(), *shape, *strides});
    return true;
  });
}

/// A type that the format has; packed integers are written one to a byte.
DType writtenAs(DType type) {
  if (type == DType::Int4 || type == DType::Int2) return DType::Int8;
  return type == DType::UInt4 || type == DType::UInt2 ? DType::UInt8 : type;
}

struct Layout {
  StoredModel model;
  std::string header;
  std::uint64_t bytes = 0;
};

using Metadata = std::map<std::string, std::string>;

/// As the format calls the type, or as bytes with a note where it has none.
SafetensorsEntry entryOf(const KeptTensor& kept, Metadata& metadata) {
  SafetensorsEntry entry{kept.name, DType::UInt8, kept.shape, 0, 0, {}};
  const KeptType* type = keptTypeNamed(kept.type);
  if (type != nullptr && !type->safetensors.empty())
    entry.otherType = type->safetensors;
  else if (type == nullptr && isSafetensorsWord(kept.type))
    entry.otherType = kept.type;
  if (!entry.otherType.empty()) return entry;
  entry.shape = shapeAsBytes(kept);
  metadata[std::string(typePrefix) + kept.name] = jsonText(Json{{"type", kept.type}, {"shape", kept.shape}});
  return entry;
}

/// Plain further names stand as PyTorch's own writer notes them: the name, and that of the tensor.
void noteTies(const std::vector<TiedName>& ties, Metadata& metadata) {
  for (const TiedName& tie : ties)
    if (tie.strides.empty())
      metadata[tie.name] = tie.of;
    else
      metadata[std::string(tiePrefix) + tie.name] =
          jsonText(Json{{"of", tie.of}, {"shape", tie.shape}, {"strides", tie.strides}});
}

Layout layoutOf(StoredModel arrays, Metadata metadata) {
  Layout layout{std::move(arrays), {}, 0};
  std::erase_if(metadata, [](const auto& entry) { return entry.first.starts_with(notePrefix); });
  std::vector<SafetensorsEntry> entries;
  const auto add = [&](SafetensorsEntry entry, std::uint64_t bytes) {
    entry.begin = layout.bytes, entry.end = layout.bytes += bytes;
    entries.push_back(std::move(entry));
  };
  for (StoredArray& array : layout.model.arrays) {
    array.stored = writtenAs(array.stored);
    add({array.name, array.stored, array.tensor.shape(), 0, 0, {}},
        byteCount(array.stored, array.tensor.size()));
  }
  for (const KeptTensor& kept : layout.model.kept) {
    const auto bytes = kept.bytes.view.size();
    add(entryOf(kept, metadata), bytes);
    layout.model.arrays.push_back(
        {kept.name, Tensor(DType::UInt8, {static_cast<std::int64_t>(bytes)}, kept.bytes), DType::UInt8});
  }
  for (const auto& [name, note] : layout.model.notes)
    metadata[std::string(notePrefix) + name] = noteText(note);
  noteTies(layout.model.ties, metadata);
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

FileArrays safetensorsArrays(const Bytes& file, const Progress& progress) {
  const SafetensorsHeader header = parseSafetensorsHeader(file.view);
  FileArrays found;
  for (const SafetensorsEntry& entry : header.entries) {
    progress.check();
    const Bytes bytes{file.owner, file.view.subspan(header.dataStart + entry.begin, entry.end - entry.begin)};
    const auto note = header.metadata.find(std::string(typePrefix) + entry.name);
    if (!entry.otherType.empty())
      found.kept.push_back({entry.name, keptName(entry.otherType), entry.shape, bytes});
    else if (entry.dtype == DType::UInt8 && note != header.metadata.end())
      found.kept.push_back(keptByNote(note->first, note->second, entry, bytes));
    else
      found.tensors.push_back({entry.name, alignedTensor(entry.dtype, entry.shape, bytes)});
  }
  found.metadata = header.metadata;
  for (const auto& [key, text] : header.metadata)
    if (key.starts_with(notePrefix)) found.notes[key.substr(notePrefix.size())] = parseNote(key, text);
  takeTies(found);
  std::erase_if(found.metadata, [](const auto& entry) { return entry.first.starts_with(typePrefix); });
  return found;
}

Model readSafetensors(const ReadSource& source, const Progress& progress) {
  Model model = modelOfArrays(safetensorsArrays(source.bytes, progress));
  model.source.format = "safetensors";
  model.source.fileBytes = source.bytes.view.size();
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
