// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/stored_arrays.h"

#include <algorithm>
#include <set>

#include "core/model/dequantize.h"
#include "core/model/override.h"
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

}  // namespace

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
  const auto twice = std::ranges::adjacent_find(result.arrays, {}, &StoredArray::name);
  if (twice != result.arrays.end())
    throw Error(ErrorKind::Unsupported, "two arrays would be called '" + twice->name + "'");
  return result;
}

Model modelOfArrays(std::vector<NamedTensor> arrays, const std::map<std::string, EncodingNote>& notes) {
  ByName byName;
  for (const NamedTensor& array : arrays) byName[array.name] = &array.tensor;
  std::map<std::string, std::shared_ptr<const WeightEncoding>> encodings;
  std::set<std::string> absorbed;
  for (const auto& [name, note] : notes) {
    encodings[name] = withContext("tensor '" + name + "'",
                                  [&, &name = name, &note = note] { return encodingOf(byName, name, note); });
    for (const char* part : {".scale", ".zero_point", ".offset", ".codebook", ".input_scale"})
      absorbed.insert(name + part);
  }
  auto graph = std::make_shared<Graph>();
  Model model;
  for (NamedTensor& array : arrays) {
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
  model.warnings.push_back({WarningKind::NoGraph, ""});
  return model;
}

}  // namespace lapidary::core
