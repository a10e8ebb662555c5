#include "core/analyze/footprint.h"

#include <zlib.h>

#include <algorithm>
#include <set>

#include "core/compress/quantize_activations.h"
#include "core/model/override.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// The narrowest type that a file gives so many bits: 4, 8 or 16.
unsigned storedBits(const WeightEncoding& encoding) {
  return encoding.bits <= 4 ? 4 : encoding.bits <= 8 ? 8 : 16;
}

std::uint64_t encodedBytes(const WeightEncoding& encoding) {
  const auto packed = [&](const Tensor& integers) {
    return (static_cast<std::uint64_t>(integers.size()) * storedBits(encoding) + 7) / 8;
  };
  std::uint64_t bytes = packed(encoding.codes) + encoding.scale.bytes().size();
  if (encoding.zeroPoint.defined()) bytes += packed(encoding.zeroPoint);
  for (const Tensor& part : {encoding.offset, encoding.inputScale})
    if (part.defined()) bytes += part.bytes().size();
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
  if (producer.valid())
    for (const ValueId input : model.graph->node(producer).inputs) bytes += sourceBytes(model, input, seen);
  return bytes;
}

/// Integers of 4 bits two to a byte, as a file packs them.
Tensor packed(const WeightEncoding& encoding) {
  if (storedBits(encoding) > 4) return encoding.codes;
  return convert(encoding.codes, encoding.codes.dtype() == DType::Int8 ? DType::Int4 : DType::UInt4);
}

std::uint64_t deflatedBytes(std::span<const std::byte> bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::vector<Bytef> out(size);
  compress2(out.data(), &size, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()),
            6);
  return size;
}

unsigned bitsOfLayer(const Model& cut, const Layer& layer) {
  if (const auto it = cut.encodings.find(layer.weight); it != cut.encodings.end()) return it->second->bits;
  const auto constant = cut.weights.find(layer.weight);
  if (constant == cut.weights.end())  // computed from integers in the file
    return static_cast<unsigned>(std::min<std::uint64_t>(
        32, storedBytes(cut, layer) * 8 /
                static_cast<std::uint64_t>(std::max<std::int64_t>(1, layer.parameters()))));
  return bitsOf(denseType(cut, layer));
}

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
  if (const auto it = model.encodings.find(layer.weight); it != model.encodings.end())
    return encodedBytes(*it->second);
  if (!model.weights.contains(layer.weight)) {
    std::set<ValueId> seen;
    return sourceBytes(model, layer.weight, seen);
  }
  return byteCount(denseType(model, layer), layer.parameters());
}

/// Counted once: order statistics would hold a sorted copy of every layer for this one number.
std::int64_t FootprintMeter::zerosBefore(LayerId layer) const {
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_zerosBefore.find(layer.index); it != m_zerosBefore.end()) return it->second;
  }
  const Tensor weight = m_cutter.weight(layer);
  const std::int64_t zeros = std::ranges::count(weight.as<float>(), 0.0f);
  const std::lock_guard lock(m_mutex);
  return m_zerosBefore[layer.index] = zeros;
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
      footprint.layers.push_back(layerFootprint(reduced.rest, cut, LayerId{i}));
  }
  for (const auto& [layer, note] : reduced.notes) footprint.layers[layer.index].note = note;
  for (const LayerFootprint& entry : footprint.layers) {
    footprint.parameters += entry.parameters;
    footprint.zeros += entry.zeros;
  }
  return footprint;
}

LayerFootprint FootprintMeter::layerFootprint(const Recipe& recipe, const Model& cut, LayerId id) const {
  const Layer& layer = cut.layer(id);
  LayerFootprint entry;
  entry.layer = id;
  entry.parameters = entry.parametersBefore = layer.parameters();
  entry.bits = bitsOfLayer(cut, layer);
  entry.bytesBefore = m_layersBefore[id.index];
  const auto made = m_cutter.cut(recipe, id);
  entry.zeros = made ? made->zeros : zerosBefore(id);
  if (made) entry.snrDb = made->snrDb;
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
      footprint.layers.push_back(layerFootprint(recipe, cut, LayerId{i}));
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

std::uint64_t FootprintMeter::deflated(const Tensor& stored, TensorId source) const {
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_deflated.find(source); it != m_deflated.end()) return it->second;
  }
  const std::uint64_t bytes = deflatedBytes(stored.bytes());
  const std::lock_guard lock(m_mutex);
  if (m_deflated.size() > 100'000) m_deflated.clear();  // a few bytes each; ids never come back
  return m_deflated[source] = bytes;
}

std::uint64_t FootprintMeter::zipped(const Model& cut, unsigned workers, const Progress& progress) const {
  struct Part {
    ValueId value;
    Tensor tensor;
  };
  std::vector<Part> parts;
  for (const auto& [value, tensor] : cut.weights) parts.push_back({value, tensor});
  std::vector<std::uint64_t> plain(parts.size()), small(parts.size());
  parallelFor(parts.size(), workers, [&](std::size_t i, unsigned) {
    progress.check();
    const auto encoding = cut.encodings.find(parts[i].value);
    Tensor stored = parts[i].tensor;
    if (encoding != cut.encodings.end())
      stored = packed(*encoding->second);
    else if (isFloating(stored.dtype()))
      stored = convert(stored, storedType(*cut.graph, parts[i].value).value_or(stored.dtype()));
    plain[i] = stored.bytes().size();
    small[i] = deflated(stored, parts[i].tensor.id());
  });
  std::uint64_t before = 0, after = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) before += plain[i], after += small[i];
  const std::uint64_t file = sizeFormat(cut).sizeOf(cut);
  return after + (file > before ? (file - before) / 3 : 0);
}

}  // namespace lapidary::core
