// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/numpy/npz_model.h"

#include <filesystem>
#include <vector>

#include "core/files/zip_directory.h"
#include "core/io/common/stored_arrays.h"
#include "core/io/numpy/npy_header.h"
#include "core/io/numpy/npz.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

constexpr std::string_view noteEnding = ".encoding";

Tensor noteTensor(const EncodingNote& note) {
  std::vector<std::int64_t> words{note.bits, note.axis, note.offsetEverywhere ? 1 : 0};
  if (note.blockSize > 0) words.push_back(note.blockSize);
  return Tensor::from<std::int64_t>({static_cast<std::int64_t>(words.size())}, words);
}

EncodingNote parseNote(const std::string& key, const Tensor& tensor) {
  if (tensor.dtype() != DType::Int64 || (tensor.shape() != Shape{3} && tensor.shape() != Shape{4}))
    throw Error(ErrorKind::InvalidInput,
                "array '" + key + "' is not of the form [bits, axis, 0 or 1] or that with a block size");
  const auto values = tensor.as<std::int64_t>();
  if (values[0] < 1 || values[0] > 16 || values[1] < -1 || values[1] >= 64)
    throw Error(ErrorKind::InvalidInput, "array '" + key + "' has bits or an axis out of range");
  return {static_cast<unsigned>(values[0]), static_cast<int>(values[1]), values[2] != 0,
          values.size() > 3 ? values[3] : 0};
}

StoredModel arraysToWrite(const Model& model) {
  StoredModel stored = storedArrays(model);
  for (const auto& [name, note] : stored.notes)
    stored.arrays.push_back({name + std::string(noteEnding), noteTensor(note), DType::Int64});
  return stored;
}

/// As writeNpy has it: NumPy lacks these types.
DType numpyType(DType type) {
  switch (type) {
    case DType::BFloat16:
      return DType::Float32;
    case DType::Int4:
      return DType::Int8;
    case DType::UInt4:
      return DType::UInt8;
    default:
      return type;
  }
}

Model finished(Model model, const ReadSource& source) {
  model.source.format = source.bytes.view[0] == std::byte{'P'} ? "NumPy npz" : "NumPy npy";
  model.source.fileBytes = source.bytes.view.size();
  return model;
}

}  // namespace

bool matchesNpz(std::span<const std::byte> bytes) {
  const auto first = firstZipMember(bytes);
  return first && first->ends_with(".npy");
}

bool matchesNpy(std::span<const std::byte> bytes) { return textOf(bytes).starts_with("\x93NUMPY"); }

Model readNpzModel(const ReadSource& source, const Progress& progress) {
  std::vector<NamedTensor> arrays;
  std::map<std::string, EncodingNote> notes;
  for (auto& [name, tensor] : readNpz(source.bytes)) {
    progress.check();
    if (name.ends_with(noteEnding))
      notes[name.substr(0, name.size() - noteEnding.size())] = parseNote(name, tensor);
    else
      arrays.push_back({name, tensor});
  }
  return finished(modelOfArrays(std::move(arrays), notes), source);
}

Model readNpyModel(const ReadSource& source, const Progress&) {
  std::string name = std::filesystem::path(source.name).stem().string();
  if (name.empty()) name = "array";
  return finished(modelOfArrays({{name, readNpy(source.bytes)}}, {}), source);
}

void writeNpzModel(const Model& model, const Append& append, const Progress& progress) {
  std::map<std::string, Tensor> arrays;
  for (const StoredArray& array : arraysToWrite(model).arrays) {
    progress.check();
    arrays.emplace(array.name, convert(array.tensor, array.stored));
  }
  writeNpz(arrays, append);
}

/// The arithmetic that npz.h gives for stored members.
std::uint64_t sizeOfNpzModel(const Model& model) {
  constexpr std::uint64_t endRecord = 22, memberHeaders = 76, nameEnding = 4;
  std::uint64_t total = endRecord;
  for (const StoredArray& array : arraysToWrite(model).arrays) {
    const DType type = numpyType(array.stored);
    total += memberHeaders + 2 * (array.name.size() + nameEnding);
    total += npyHeader(type, array.tensor.shape()).size() + byteCount(type, array.tensor.size());
  }
  return total;
}

}  // namespace lapidary::core
