// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/stored_arrays.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/io/common/spared_tensors.h"
#include "core/io/common/training_state.h"
#include "core/model/dequantize.h"
#include "core/model/override.h"
#include "core/model/small_float.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

void addEncoded(StoredModel& result, const std::string& name, const WeightEncoding& encoding) {
  const auto add = [&](const char* part, const Tensor& tensor) {
    if (tensor.defined()) result.arrays.push_back({name + part, tensor, tensor.dtype()});
  };
  add("", encoding.codes);
  add(".scale", encoding.scale);
  add(".zero_point", encoding.zeroPoint);
  add(".offset", encoding.offset);
  add(".codebook", encoding.codebook);
  add(".input_scale", encoding.inputScale);
  result.notes[name] = {encoding.bits, encoding.axis, encoding.offsetEverywhere, encoding.blockSize};
}

/// The type in which the weight is written: edited ones go back to the floating type they came in.
DType writtenType(const Model& model, ValueId id, const Tensor& tensor) {
  const auto original = model.graph->initializers.find(id);
  const bool untouched = original != model.graph->initializers.end() && original->second.id() == tensor.id();
  if (untouched || !isFloating(tensor.dtype())) return tensor.dtype();
  return storedType(*model.graph, id).value_or(tensor.dtype());
}

using ByName = std::map<std::string, const Tensor*>;

Tensor part(const ByName& arrays, const std::string& name, bool required) {
  const auto it = arrays.find(name);
  if (it != arrays.end()) return *it->second;
  if (required) refuseInput("is noted as integers, but '" + name + "' is missing");
  return {};
}

bool holdsCodes(DType type) {
  return type == DType::Int8 || type == DType::UInt8 || type == DType::Int16 || type == DType::UInt16;
}

std::shared_ptr<const WeightEncoding> encodingOf(const ByName& arrays, const std::string& name,
                                                 const EncodingNote& note) {
  auto encoding = std::make_shared<WeightEncoding>();
  encoding->bits = note.bits;
  encoding->axis = note.axis;
  encoding->offsetEverywhere = note.offsetEverywhere;
  encoding->codes = part(arrays, name, true);
  encoding->scale = part(arrays, name + ".scale", true);
  encoding->zeroPoint = part(arrays, name + ".zero_point", false);
  encoding->offset = part(arrays, name + ".offset", false);
  encoding->codebook = part(arrays, name + ".codebook", false);
  encoding->inputScale = part(arrays, name + ".input_scale", false);
  encoding->blockSize = note.blockSize;
  if (!holdsCodes(encoding->codes.dtype()))
    refuseInput("is noted as integers, but is " + std::string(core::name(encoding->codes.dtype())));
  for (const Tensor* floats :
       {&encoding->scale, &encoding->offset, &encoding->codebook, &encoding->inputScale})
    if (floats->defined() && floats->dtype() != DType::Float32)
      refuseInput("its scale, offset, codebook and scales of inputs must be float32");
  if (encoding->codebook.defined() && encoding->codebook.rank() != 1)
    refuseInput("its codebook has shape " + toText(encoding->codebook.shape()) + ", one axis expected");
  if (encoding->zeroPoint.defined() && encoding->zeroPoint.dtype() != encoding->codes.dtype())
    refuseInput("its zero point is not of the codes' type");
  const auto rank = static_cast<int>(encoding->codes.rank());
  if (note.bits < 1 || note.bits > 16)
    refuseInput("is noted to have " + std::to_string(note.bits) + " bits, 1 to 16 expected");
  if (note.axis < -1 || note.axis >= rank)
    refuseInput("is noted to have channels along axis " + std::to_string(note.axis) + " of " +
                std::to_string(rank));
  return encoding;
}

std::vector<TensorName> namesOf(const FileArrays& file) {
  std::vector<TensorName> names;
  std::map<std::string, bool> integers;
  for (const NamedTensor& array : file.tensors) {
    const bool integer = !isFloating(array.tensor.dtype());
    names.push_back({array.name, array.tensor.shape(), integer});
    integers[array.name] = integer;
  }
  for (const TiedName& tie : file.ties) names.push_back({tie.name, tie.shape, integers[tie.of]});
  for (const KeptTensor& kept : file.kept) names.push_back({kept.name, kept.shape, false});
  return names;
}

/// A tensor whose first name is left out goes by its next one.
void renameByTies(std::vector<NamedTensor>& tensors, std::vector<TiedName>& ties,
                  const std::set<std::string>& leftOut) {
  std::erase_if(ties, [&](const TiedName& tie) { return leftOut.contains(tie.name); });
  for (NamedTensor& array : tensors) {
    if (!leftOut.contains(array.name)) continue;
    const auto next = std::ranges::find_if(
        ties, [&](const TiedName& tie) { return tie.of == array.name && tie.strides.empty(); });
    if (next == ties.end()) continue;
    const std::string old = std::exchange(array.name, next->name);
    ties.erase(next);
    for (TiedName& tie : ties)
      if (tie.of == old) tie.of = array.name;
  }
  std::erase_if(ties, [&](const TiedName& tie) { return leftOut.contains(tie.of); });
}

void leaveOut(FileArrays& file, const std::set<std::string>& names) {
  renameByTies(file.tensors, file.ties, names);
  std::erase_if(file.tensors, [&](const NamedTensor& array) { return names.contains(array.name); });
  std::erase_if(file.kept, [&](const KeptTensor& kept) { return names.contains(kept.name); });
  std::erase_if(file.notes, [&](const auto& note) { return names.contains(note.first); });
}

void leaveOutTraining(FileArrays& file) {
  const std::vector<TensorName> names = namesOf(file);
  const TrainingParts parts = trainingParts(names);
  for (const std::string& name : parts.training)
    if (std::ranges::find(file.training, name) == file.training.end()) file.training.push_back(name);
  const bool nothingElse = std::ranges::find(parts.leftOut, false) == parts.leftOut.end();
  if (nothingElse && !file.training.empty())
    refuseInput("it holds what is kept for training alone (" + shortList(file.training) +
                ") and no weights: open the file of the same checkpoint that holds the model");
  std::set<std::string> leftOutNames;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (parts.leftOut[i]) leftOutNames.insert(names[i].name);
  leaveOut(file, leftOutNames);
  if (!file.training.empty()) file.warnings.push_back({WarningKind::TrainingState, shortList(file.training)});
  if (!parts.averaged.empty())
    file.warnings.push_back({WarningKind::AveragedCopy, shortList(parts.averaged)});
}

/// The scales beside a weight in a small float, under the names that exporters give them.
void tellOfScales(FileArrays& file) {
  std::set<std::string> names;
  for (const NamedTensor& array : file.tensors) names.insert(array.name);
  for (const KeptTensor& kept : file.kept) names.insert(kept.name);
  std::vector<std::string> scaled;
  for (const NamedTensor& array : file.tensors) {
    if (!isSmallFloat(array.tensor.dtype())) continue;
    const std::string owner = array.name.substr(0, array.name.rfind('.') + 1);
    for (const std::string& scale : {array.name + "_scale_inv", array.name + "_scale", array.name + "_scales",
                                     array.name + ".scale", owner + "scale_weight", owner + "scale"})
      if (names.contains(scale)) {
        scaled.push_back(array.name + " (" + scale + ")");
        break;
      }
  }
  if (!scaled.empty()) file.warnings.push_back({WarningKind::ScalesBeside, shortList(scaled)});
}

void tellOfKept(FileArrays& file) {
  std::vector<std::string> kept;
  for (const KeptTensor& tensor : file.kept)
    kept.push_back(tensor.name + " (" + tensor.type + ' ' + toText(tensor.shape) + ")");
  if (!kept.empty()) file.warnings.push_back({WarningKind::KeptTensors, shortList(kept)});
}

void tellOfTies(FileArrays& file) {
  std::vector<std::string> tied;
  for (const TiedName& tie : file.ties)
    tied.push_back(tie.name + " = " + tie.of + (tie.strides.empty() ? "" : " (rearranged)"));
  if (!tied.empty()) file.warnings.push_back({WarningKind::TiedWeights, shortList(tied)});
}

/// Of the layers of a file without a graph.
void describeLayers(Model& model) {
  std::map<std::string, std::vector<std::string>> further;
  for (const TiedName& tie : model.source.ties) further[tie.of].push_back(tie.name);
  for (Layer& layer : model.layers) {
    layer.spared = sparedTensor(layer.name, layer.shape, model.weights.at(layer.weight).dtype());
    if (const auto names = further.find(layer.name); names != further.end())
      layer.furtherNames = names->second;
  }
}

void refuseTwice(const std::vector<std::string>& sorted) {
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice != sorted.end())
    throw Error(ErrorKind::Unsupported, "two arrays would be called '" + *twice + "'");
}

}  // namespace

std::string shortList(const std::vector<std::string>& names, std::size_t shown) {
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i) text += (i > 0 ? ", " : "") + names[i];
  return names.size() > shown ? text + " and " + std::to_string(names.size() - shown) + " more" : text;
}

StoredModel storedArrays(const Model& model) {
  const Graph graph = withWeights(model);
  StoredModel result;
  for (const auto& [id, tensor] : graph.initializers) {
    const std::string& name = graph.value(id).name;
    const auto encoding = model.encodings.find(id);
    if (encoding != model.encodings.end())
      addEncoded(result, name, *encoding->second);
    else
      result.arrays.push_back({name, tensor, writtenType(model, id, tensor)});
  }
  std::ranges::sort(result.arrays, {}, &StoredArray::name);
  result.kept = model.source.kept;
  std::ranges::sort(result.kept, {}, &KeptTensor::name);
  result.ties = model.source.ties;
  std::vector<std::string> names;
  for (const StoredArray& array : result.arrays) names.push_back(array.name);
  for (const KeptTensor& kept : result.kept) names.push_back(kept.name);
  std::ranges::sort(names);
  refuseTwice(names);
  return result;
}

Model modelOfArrays(FileArrays file) {
  leaveOutTraining(file);
  tellOfTies(file);
  tellOfKept(file);
  tellOfScales(file);
  ByName byName;
  for (const NamedTensor& array : file.tensors) byName[array.name] = &array.tensor;
  std::map<std::string, std::shared_ptr<const WeightEncoding>> encodings;
  std::set<std::string> absorbed;
  for (const auto& [name, note] : file.notes) {
    encodings[name] = withContext("tensor '" + name + "'",
                                  [&, &name = name, &note = note] { return encodingOf(byName, name, note); });
    for (const char* part : {".scale", ".zero_point", ".offset", ".codebook", ".input_scale"})
      absorbed.insert(name + part);
  }
  auto graph = std::make_shared<Graph>();
  Model model;
  for (NamedTensor& array : file.tensors) {
    if (absorbed.contains(array.name)) continue;
    const ValueId id{static_cast<std::uint32_t>(graph->values.size())};
    graph->values.push_back({array.name, std::nullopt, std::nullopt, {}});
    const auto encoding = encodings.find(array.name);
    if (encoding == encodings.end()) {
      graph->initializers.emplace(id, std::move(array.tensor));
      continue;
    }
    graph->initializers.emplace(
        id, withContext("tensor '" + array.name + "'", [&] { return dequantized(*encoding->second); }));
    model.encodings.emplace(id, encoding->second);
  }
  model.graph = graph;
  model.weights = graph->initializers;
  model.layers = findLayers(*graph);
  model.source.kept = std::move(file.kept);
  model.source.ties = std::move(file.ties);
  model.source.metadata = std::move(file.metadata);
  describeLayers(model);
  model.warnings.push_back({WarningKind::NoGraph, ""});
  model.warnings.insert(model.warnings.end(), file.warnings.begin(), file.warnings.end());
  return model;
}

}  // namespace lapidary::core
