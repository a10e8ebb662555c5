// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/numpy/npz_model.h"

#include <filesystem>
#include <set>
#include <vector>

#include "core/files/zip_directory.h"
#include "core/io/common/kept_types.h"
#include "core/io/common/stored_arrays.h"
#include "core/io/numpy/npy_header.h"
#include "core/io/numpy/npz.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

constexpr std::string_view noteEnding = ".encoding", tieEnding = ".tied_to";

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

/// A further name of an array: the first one, as UTF-8.
Tensor tieTensor(const TiedName& tie) {
  std::vector<std::uint8_t> text(tie.of.begin(), tie.of.end());
  return Tensor::from<std::uint8_t>({static_cast<std::int64_t>(text.size())}, text);
}

StoredModel arraysToWrite(const Model& model) {
  StoredModel stored = storedArrays(model);
  for (const auto& [name, note] : stored.notes)
    stored.arrays.push_back({name + std::string(noteEnding), noteTensor(note), DType::Int64});
  for (const TiedName& tie : stored.ties)
    if (tie.strides.empty())
      stored.arrays.push_back({tie.name + std::string(tieEnding), tieTensor(tie), DType::UInt8});
  return stored;
}

/// In NumPy's words, or as bytes where it has none for the type.
OtherArray otherOf(const KeptTensor& kept) {
  const KeptType* type = keptTypeNamed(kept.type);
  if (type != nullptr && !type->numpy.empty())
    return {"<" + std::string(type->numpy), kept.shape, kept.bytes};
  if (type == nullptr && isNumpyDescr(kept.type)) return {kept.type, kept.shape, kept.bytes};
  return {"|u1", shapeAsBytes(kept), kept.bytes};
}

KeptTensor keptOf(const std::string& name, const OtherArray& array) {
  const KeptType* type = keptTypeOfNumpy(std::string_view(array.descr).substr(1));
  const bool little = array.descr[0] != '>';
  return {name, type != nullptr && little ? std::string(type->name) : array.descr, array.shape, array.bytes};
}

void takeTies(FileArrays& found) {
  std::set<std::string> names;
  for (const NamedTensor& array : found.tensors) names.insert(array.name);
  std::erase_if(found.tensors, [&](const NamedTensor& array) {
    if (!array.name.ends_with(tieEnding) || array.tensor.dtype() != DType::UInt8) return false;
    const std::string name = array.name.substr(0, array.name.size() - tieEnding.size());
    const std::string of(textOf(array.tensor.bytes()));
    if (!names.contains(of) || names.contains(name)) return false;
    found.ties.push_back({name, of, {}, {}});
    return true;
  });
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
  NpzContent content = readWholeNpz(source.bytes);
  FileArrays found;
  for (auto& [name, tensor] : content.arrays) {
    progress.check();
    if (name.ends_with(noteEnding))
      found.notes[name.substr(0, name.size() - noteEnding.size())] = parseNote(name, tensor);
    else
      found.tensors.push_back({name, tensor});
  }
  for (const auto& [name, array] : content.others) found.kept.push_back(keptOf(name, array));
  if (found.tensors.empty() && found.kept.empty())
    throw Error(ErrorKind::InvalidInput,
                "the archive holds no arrays (members named *.npy) that can be read" +
                    (content.leftOut.empty() ? "" : ": " + shortList(content.leftOut)));
  if (!content.leftOut.empty())
    found.warnings.push_back({WarningKind::DroppedContent, shortList(content.leftOut)});
  takeTies(found);
  return finished(modelOfArrays(std::move(found)), source);
}

Model readNpyModel(const ReadSource& source, const Progress&) {
  std::string name = std::filesystem::path(source.name).stem().string();
  if (name.empty()) name = "array";
  FileArrays found;
  found.tensors.push_back({name, readNpy(source.bytes)});
  return finished(modelOfArrays(std::move(found)), source);
}

void writeNpzModel(const Model& model, const Append& append, const Progress& progress) {
  std::map<std::string, Tensor> arrays;
  std::map<std::string, OtherArray> others;
  const StoredModel stored = arraysToWrite(model);
  for (const StoredArray& array : stored.arrays) {
    progress.check();
    arrays.emplace(array.name, convert(array.tensor, array.stored));
  }
  for (const KeptTensor& kept : stored.kept) others.emplace(kept.name, otherOf(kept));
  writeNpz(arrays, append, false, others);
}

/// The arithmetic that npz.h gives for stored members.
std::uint64_t sizeOfNpzModel(const Model& model) {
  constexpr std::uint64_t endRecord = 22, memberHeaders = 76, nameEnding = 4;
  std::uint64_t total = endRecord;
  const StoredModel stored = arraysToWrite(model);
  for (const StoredArray& array : stored.arrays) {
    const DType type = numpyType(array.stored);
    total += memberHeaders + 2 * (array.name.size() + nameEnding);
    total += npyHeader(type, array.tensor.shape()).size() + byteCount(type, array.tensor.size());
  }
  for (const KeptTensor& kept : stored.kept) {
    const OtherArray array = otherOf(kept);
    total += memberHeaders + 2 * (kept.name.size() + nameEnding);
    total += npyHeader(array.descr, array.shape).size() + array.bytes.view.size();
  }
  return total;
}

}  // namespace lapidary::core
