// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/sizes/footprint.h"

#include <algorithm>
#include <set>

#include "core/compress/quantize/quantize_activations.h"
#include "core/io/onnx/onnx_encoding.h"
#include "core/model/constants.h"
#include "core/model/override.h"
#include "core/model/standard_domain.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// Of the arrays in a file without a graph.
std::uint64_t arrayBytes(const WeightEncoding& encoding) {
  std::uint64_t bytes = 0;
  for (const Tensor* part : {&encoding.codes, &encoding.scale, &encoding.zeroPoint, &encoding.offset,
                             &encoding.codebook, &encoding.inputScale})
    if (part->defined()) bytes += part->bytes().size();
  return bytes;
}

/// The type that a written file gives the weight when it is not quantized.
DType denseType(const Model& model, const Layer& layer) {
  return storedType(*model.graph, layer.weight).value_or(DType::Float32);
}

/// Bytes of the initialisers that a computed weight comes from (integers, scale, zero point).
std::uint64_t sourceBytes(const Model& model, ValueId value, std::set<ValueId>& seen) {
  if (!value.valid() || !seen.insert(value).second) return 0;
  const auto constant = model.graph->initializers.find(value);
  if (constant != model.graph->initializers.end()) return constant->second.bytes().size();
  const NodeId producer = model.graph->value(value).producer;
  std::uint64_t bytes = 0;
  if (producer.valid() && isStandard(model.graph->node(producer), "Constant"))
    if (const auto held = heldTensor(model.graph->node(producer))) return held->bytes().size();
  if (producer.valid())
    for (const ValueId input : model.graph->node(producer).inputs) bytes += sourceBytes(model, input, seen);
  return bytes;
}

unsigned bitsOfLayer(const Model& cut, const Layer& layer) {
  if (const auto it = cut.encodings.find(layer.weight); it != cut.encodings.end()) return it->second->bits;
  if (cut.weights.contains(layer.weight)) return bitsOf(denseType(cut, layer));
  const auto made = constantInfo(*cut.graph, layer.weight);  // of integers in the file
  const auto root = made ? constantInfo(*cut.graph, made->root) : std::nullopt;
  return bitsOf(root ? root->dtype : DType::Float32);
}

FormBytes formsOf(const StoredBytes& bytes) {
  return {0, bytes.plain, bytes.file, bytes.zipped, bytes.packed};
}

/// To which layer a tensor of a file belongs: its own weight, what that is computed from, or a part of its
/// encoding, whose name begins with the weight's.
class LayerNames {
 public:
  explicit LayerNames(const Model& model) {
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
      const ValueId weight = model.layers[i].weight;
      m_layers.emplace(model.graph->value(weight).name, i);
      std::set<ValueId> seen;
      addSources(model, weight, i, seen);
    }
  }

  std::optional<std::size_t> layerOf(const std::string& tensor) const {
    for (std::size_t end = tensor.size(); end > 0; --end) {
      if (end < tensor.size() && tensor[end] != '_' && tensor[end] != '.') continue;
      if (const auto it = m_layers.find(tensor.substr(0, end)); it != m_layers.end()) return it->second;
    }
    return std::nullopt;
  }

 private:
  void addSources(const Model& model, ValueId value, std::size_t layer, std::set<ValueId>& seen) {
    if (!value.valid() || !seen.insert(value).second) return;
    const NodeId producer = model.graph->value(value).producer;
    if (model.graph->initializers.contains(value)) m_layers.emplace(model.graph->value(value).name, layer);
    if (producer.valid())
      for (const ValueId input : model.graph->node(producer).inputs) addSources(model, input, layer, seen);
  }

  std::map<std::string, std::size_t> m_layers;
};

}  // namespace

const Format& sizeFormat(const Model& model) {
  const std::string_view wanted = model.runnable() ? "ONNX" : std::string_view(model.source.format);
  const Format* fallback = formatForPath("model.safetensors");
  for (const Format& format : modelFormats())
    if (format.name == wanted && format.sizeOf != nullptr && (wanted != "ONNX" || model.runnable()))
      return format;
  return *fallback;
}

std::uint64_t storedBytes(const Model& model, const Layer& layer) {
  const auto encoding = model.encodings.find(layer.weight);
  const bool encoded = encoding != model.encodings.end(), inFile = encoded && encoding->second->inFile;
  if (encoded && !model.runnable()) return arrayBytes(*encoding->second);
  if (encoded && !inFile) return onnxBytes(*encoding->second);
  if (inFile || !model.weights.contains(layer.weight)) {
    std::set<ValueId> seen;
    return sourceBytes(model, layer.weight, seen);
  }
  return byteCount(denseType(model, layer), layer.parameters());
}

/// Counted once: order statistics would hold a sorted copy of every layer for this one number.
std::int64_t FootprintMeter::zerosOf(const Tensor& weight) const {
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_zeros.find(weight.id()); it != m_zeros.end()) return it->second;
  }
  const std::int64_t zeros = std::ranges::count(weight.as<float>(), 0.0f);
  const std::lock_guard lock(m_mutex);
  return m_zeros[weight.id()] = zeros;
}

Footprint FootprintMeter::measure(const Recipe& recipe, const Progress& progress) const {
  const Model& original = m_cutter.original();
  const Format& format = sizeFormat(original);
  std::call_once(m_beforeOnce, [&] {
    m_before = format.sizeOf(original);
    for (const Layer& layer : original.layers) m_layersBefore.push_back(storedBytes(original, layer));
  });
  const Model cut = m_cutter.apply(recipe, {progress.stop, {}}, progress.onStep);
  Footprint footprint;
  footprint.fileBefore = m_before;
  footprint.fileAfter = recipe.empty() ? m_before : format.sizeOf(withPlaceholderRanges(cut, recipe));
  const ReducedCut reduced = m_cutter.reduce(recipe);
  if (reduced.cutter) {
    measureReduced(recipe, reduced, cut, footprint);
  } else {
    for (std::uint32_t i = 0; i < cut.layers.size(); ++i)
      footprint.layers.push_back(layerFootprint(reduced.rest, cut, LayerId{i}, m_cutter.weight(LayerId{i})));
  }
  for (const auto& [layer, note] : reduced.notes) footprint.layers[layer.index].note = note;
  for (const LayerFootprint& entry : footprint.layers) {
    footprint.parameters += entry.parameters;
    footprint.zeros += entry.zeros;
  }
  return footprint;
}

LayerFootprint FootprintMeter::layerFootprint(const Recipe& recipe, const Model& cut, LayerId id,
                                              const Tensor& unedited) const {
  const Layer& layer = cut.layer(id);
  LayerFootprint entry;
  entry.layer = id;
  entry.parameters = entry.parametersBefore = layer.parameters();
  entry.bits = bitsOfLayer(cut, layer);
  entry.bytesBefore = m_layersBefore[id.index];
  const auto made = m_cutter.cut(recipe, id);
  entry.zeros = made ? made->zeros : zerosOf(unedited);
  if (made) entry.snrDb = made->snrDb;
  if (made && made->keptCodes)
    entry.note = "stays in the " + std::to_string(entry.bits) +
                 "-bit codes of the file, which hold all that was asked for";
  entry.bytesAfter = made ? storedBytes(cut, layer) : entry.bytesBefore;
  return entry;
}

/// Of the layers that are left, both factors under the layer that was split.
void FootprintMeter::measureReduced(const Recipe& recipe, const ReducedCut& reduced, const Model& cut,
                                    Footprint& footprint) const {
  const std::vector<Layer>& before = m_cutter.original().layers;
  for (std::uint32_t i = 0; i < cut.layers.size(); ++i) {
    const Layer& layer = cut.layers[i];
    if (i < before.size() && layer.shape == before[i].shape) {
      const Tensor unedited = reduced.cutter->weight(LayerId{i});
      footprint.layers.push_back(layerFootprint(recipe, cut, LayerId{i}, unedited));
      continue;
    }
    const auto made = reduced.cutter->cut(reduced.rest, LayerId{i});
    const Tensor values = made ? made->values : reduced.cutter->weight(LayerId{i});
    LayerFootprint& entry =
        layer.partOf.valid() ? footprint.layers[layer.partOf.index] : footprint.layers.emplace_back();
    if (!layer.partOf.valid()) {
      entry.layer = LayerId{i};
      entry.parametersBefore = before[i].parameters();
      entry.bits = bitsOfLayer(cut, layer);
      entry.bytesBefore = m_layersBefore[i];
      if (const auto whole = m_cutter.cut(recipe, LayerId{i})) entry.snrDb = whole->snrDb;
    }
    entry.parameters += layer.parameters();
    entry.zeros += std::ranges::count(values.as<float>(), 0.0f);
    entry.bytesAfter += storedBytes(cut, layer);
  }
}

std::uint64_t FootprintMeter::lapidaryBytes(const Model& cut, unsigned workers,
                                            const Progress& progress) const {
  return m_forecaster.forecast(cut, workers, progress).total.packed;
}

FileSizes FootprintMeter::forms(const Model& cut, unsigned workers, const Progress& progress) const {
  const SizeForecast forecast = m_forecaster.forecast(cut, workers, progress);
  const Model& original = m_cutter.original();
  FileSizes sizes;
  sizes.total = formsOf(forecast.total);
  sizes.total.zipped = zippedBytes(cut, progress);
  sizes.total.dense = sizeFormat(original).sizeOf(original);
  sizes.layers.resize(original.layers.size());
  std::set<ValueId> counted;
  for (std::size_t i = 0; i < original.layers.size(); ++i) {
    const Layer& layer = original.layers[i];
    if (!counted.insert(layer.weight).second) continue;
    sizes.layers[i].dense = 4 * static_cast<std::uint64_t>(layer.parameters());
    sizes.total.dense += sizes.layers[i].dense - storedBytes(original, layer);
  }
  const LayerNames names(original);
  for (const NamedBytes& tensor : forecast.tensors)
    if (const auto layer = names.layerOf(tensor.name)) sizes.layers[*layer] += formsOf(tensor.bytes);
  return sizes;
}

}  // namespace lapidary::core
