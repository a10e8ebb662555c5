// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/stream_cut.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/analyze/sizes/footprint.h"
#include "core/compress/cut/cutter.h"
#include "core/compress/cut/ranking.h"
#include "core/compress/prune/cutoff_by_counting.h"
#include "core/files/scratch_file.h"
#include "core/files/sha256.h"
#include "core/io/common/file_parts.h"
#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary_layout.h"
#include "core/session/unverified_file.h"
#include "core/support/buffer_pool.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t pieceBytes = std::size_t{4} << 20;  ///< read and released at once

/// A file beside the target that is gone when this is.
class ScratchFile {
 public:
  ScratchFile(const std::string& target, const std::string& kind) : m_path(scratchPath(target, kind)) {}
  ~ScratchFile() {
    std::error_code ignored;
    fs::remove(m_path, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::string& path() const { return m_path; }

 private:
  std::string m_path;
};

/// Mapped bytes piece by piece, which need not stay in memory.
void appendMapped(const Bytes& bytes, const Append& append) {
  for (std::size_t at = 0; at < bytes.view.size(); at += pieceBytes) {
    const auto piece = bytes.view.subspan(at, std::min(pieceBytes, bytes.view.size() - at));
    append(piece);
    releasePages(bytes, piece);
  }
}

void release(const Tensor& tensor) { releasePages({tensor.owner(), tensor.bytes()}, tensor.bytes()); }

std::string hashOf(const Bytes& file) {
  Sha256 hash;
  appendMapped(file, [&](std::span<const std::byte> piece) { hash.add(piece); });
  return hash.hex();
}

bool byMagnitude(const Prune& prune) {
  const bool cutoff = prune.mode == PruneMode::Threshold || prune.mode == PruneMode::Sparsity ||
                      prune.mode == PruneMode::Global || prune.mode == PruneMode::None;
  return cutoff && !needsSamples(prune.criterion);
}

/// The model with one of its tensors alone.
Model alone(const Model& model, ValueId value) {
  auto graph = std::make_shared<Graph>();
  graph->values.push_back(model.graph->value(value));
  const ValueId id{0};
  graph->initializers[id] = model.graph->initializers.at(value);
  Model one;
  one.graph = graph;
  one.weights[id] = model.weights.at(value);
  if (const auto it = model.encodings.find(value); it != model.encodings.end())
    one.encodings[id] = it->second;
  one.source.format = model.source.format;
  for (const Layer& layer : model.layers)
    if (layer.weight == value && one.layers.empty()) {
      one.layers.push_back(layer);
      one.layers.back().weight = id;
    }
  return one;
}

/// One array in the scratch file.
struct SpooledArray {
  std::string name;
  DType stored;
  Shape shape;
  std::uint64_t at, bytes;
};

class StreamedCut {
 public:
  StreamedCut(const Model& model, const Recipe& recipe, const std::string& path, const Progress& progress)
      : m_model(model), m_recipe(recipe), m_path(path), m_progress(progress), m_spool(path, "spool") {}

  StreamedFile run() {
    findGlobalCutoffs();
    writeFileAtomically(m_spool.path(), [&](const Append& append) { cutAll(append); });
    const std::vector<FilePart> parts = spooledParts();
    Sha256 hash;
    const UnverifiedFile target(m_path);
    target.write([&](const Append& append) {
      const Append hashed = [&](std::span<const std::byte> bytes) { hash.add(bytes), append(bytes); };
      formatForPath(m_path) == &modelFormat("Lapidary") ? writePacked(parts, hashed)
                                                        : writePlain(parts, hashed);
    });
    m_progress.step(m_model.graph->initializers.size(), m_model.graph->initializers.size());
    const Bytes file = target.read();
    m_result.saved = {m_path, file.view.size(), hash.hex(), std::nullopt};
    m_result.footprint.fileBefore = m_model.source.fileBytes;
    m_result.footprint.fileAfter = file.view.size();
    if (hashOf(file) != m_result.saved.sha256)
      throw Error(ErrorKind::CannotWrite, m_path + ": what was written does not read back as it was");
    target.putInPlace();
    std::ranges::sort(m_result.footprint.layers, {},
                      [](const LayerFootprint& layer) { return layer.layer.index; });
    return std::move(m_result);
  }

 private:
  void findGlobalCutoffs() {
    std::set<ValueId> seen;
    for (const Layer& layer : m_model.layers)
      if (m_recipe.editOf(layer.name).prune.mode == PruneMode::Global && seen.insert(layer.weight).second)
        m_global.push_back(layer.weight);
    if (!m_global.empty()) m_cutoffs = countedCutoffs(m_global, m_recipe.globalSparsity);
  }

  std::vector<Cutoff> countedCutoffs(const std::vector<ValueId>& weights, double sparsity) const {
    return cutoffsByCounting(
        weights.size(), sparsity,
        [&](std::size_t i, const std::function<void(std::span<const float>)>& take) {
          const Tensor& weight = m_model.weights.at(weights[i]);
          take(toFloat32(weight).as<float>());
          release(weight);
        },
        m_progress);
  }

  Cutoff cutoffOf(ValueId weight, const Prune& prune) const {
    if (prune.mode == PruneMode::Threshold) return {prune.value, 0};
    if (prune.mode == PruneMode::Sparsity) return countedCutoffs({weight}, prune.value).front();
    const auto it = std::ranges::find(m_global, weight);
    return it == m_global.end() ? Cutoff{} : m_cutoffs[static_cast<std::size_t>(it - m_global.begin())];
  }

  void cutAll(const Append& append) {
    std::size_t done = 0;
    for (const auto& [value, tensor] : m_model.graph->initializers) {
      m_progress.step(done++, m_model.graph->initializers.size());
      cutOne(value, append);
      release(tensor);
      releaseIdleBuffers();
    }
  }

  void cutOne(ValueId value, const Append& append) {
    Model one = alone(m_model, value);
    std::optional<CutWeight> made;
    if (!one.layers.empty()) made = cutOf(one, value);
    if (made) {
      one.weights[ValueId{0}] = made->values;
      one.encodings.erase(ValueId{0});
      if (made->encoding) one.encodings[ValueId{0}] = made->encoding;
    }
    tell(one, value, made);
    const StoredModel stored = storedArrays(one);
    m_arrays.notes.insert(stored.notes.begin(), stored.notes.end());
    for (const StoredArray& array : stored.arrays) {
      const Tensor bytes = convert(array.tensor, array.stored);
      m_spooled.push_back({array.name, array.stored, array.tensor.shape(), m_at, bytes.bytes().size()});
      append(bytes.bytes());
      m_at += bytes.bytes().size();
    }
  }

  std::optional<CutWeight> cutOf(const Model& one, ValueId value) const {
    const LayerEdit edit = m_recipe.editOf(one.layers.front().name);
    const Cutter cutter(one, 0);
    if (!byMagnitude(edit.prune)) {
      Recipe recipe;
      recipe.set(one.layers.front().name, edit);
      return cutter.cut(recipe, LayerId{0});
    }
    const Cutoff cutoff = cutoffOf(value, edit.prune);
    if (cutoff.threshold <= 0 && cutoff.count <= 0 && edit.quantize.scheme == Scheme::None)
      return std::nullopt;
    return cutter.cutAt(LayerId{0}, cutoff, edit.quantize);
  }

  void tell(const Model& one, ValueId value, const std::optional<CutWeight>& made) {
    for (std::uint32_t i = 0; i < m_model.layers.size(); ++i) {
      if (m_model.layers[i].weight != value) continue;
      const Layer& layer = one.layers.front();
      LayerFootprint entry;
      entry.layer = LayerId{i};
      entry.parameters = layer.parameters();
      entry.zeros = made ? made->zeros : std::ranges::count(layerWeight(one, layer).as<float>(), 0.0f);
      entry.bytesBefore = storedBytes(m_model, m_model.layers[i]);
      entry.bytesAfter = made ? storedBytes(one, layer) : entry.bytesBefore;
      entry.bits = made && made->encoding ? made->encoding->bits
                                          : static_cast<unsigned>(bitsOf(m_model.weights.at(value).dtype()));
      if (made) entry.snrDb = made->snrDb;
      m_result.footprint.parameters += entry.parameters;
      m_result.footprint.zeros += entry.zeros;
      m_result.footprint.layers.push_back(entry);
    }
  }

  std::vector<FilePart> spooledParts() {
    const Bytes spool = m_at > 0 ? mapFile(m_spool.path()) : Bytes{};
    for (const SpooledArray& array : m_spooled)
      m_arrays.arrays.push_back(
          {array.name,
           Tensor(array.stored, array.shape, {spool.owner, spool.view.subspan(array.at, array.bytes)}),
           array.stored});
    std::ranges::sort(m_arrays.arrays, {}, &StoredArray::name);
    m_arrays.kept = m_model.source.kept;
    m_arrays.ties = m_model.source.ties;
    return safetensorsParts(m_arrays, m_model.source.metadata);
  }

  void writePlain(const std::vector<FilePart>& parts, const Append& append) const {
    for (const FilePart& part : parts) {
      m_progress.check();
      append(std::as_bytes(std::span(part.text)));
      if (!part.tensor.defined()) continue;
      if (part.stored != part.tensor.dtype())
        append(convert(part.tensor, part.stored).bytes());
      else
        appendMapped({part.tensor.owner(), part.tensor.bytes()}, append);
    }
  }

  void writePacked(const std::vector<FilePart>& parts, const Append& append) const {
    const ScratchFile zip(m_path, "zip");
    appendMapped(packedFile(layoutOfParts("safetensors", parts), Packing::Smallest, zip.path(), m_progress),
                 append);
  }

  const Model& m_model;
  const Recipe& m_recipe;
  std::string m_path;
  const Progress& m_progress;
  ScratchFile m_spool;
  std::vector<ValueId> m_global;
  std::vector<Cutoff> m_cutoffs;  ///< of m_global
  std::vector<SpooledArray> m_spooled;
  StoredModel m_arrays;
  std::uint64_t m_at = 0;
  StreamedFile m_result;
};

}  // namespace

bool canStream(const Model& model, const Recipe& recipe, const std::string& path) {
  const Format* format = formatForPath(path);
  if (model.runnable() || (format != &modelFormat("safetensors") && format != &modelFormat("Lapidary")))
    return false;
  const bool known = std::ranges::all_of(model.layers, [&](const Layer& layer) {
    return model.graph->initializers.contains(layer.weight) && model.weights.contains(layer.weight);
  });
  const bool local = std::ranges::none_of(recipe.edits, [](const auto& edit) {
    return removes(edit.second.prune.mode) || edit.second.lowRank.mode != LowRankMode::None ||
           edit.second.activations.mode != ActivationMode::None;
  });
  return known && local && !recipe.equalize && !recipe.repaired && !learnsFromSamples(recipe);
}

StreamedFile streamCut(const Model& model, const Recipe& recipe, const std::string& path,
                       const Progress& progress) {
  validate(recipe);
  for (const auto& [name, edit] : recipe.edits)
    if (!model.findLayer(name).valid())
      throw Error(ErrorKind::InvalidInput, "recipe: the model has no layer '" + name + "'");
  std::error_code missing;
  if (!model.source.path.empty() && fs::equivalent(path, model.source.path, missing))
    throw Error(ErrorKind::Usage, path + ": this is the model that is open; write the cut to another file");
  return withContext("writing " + path, [&] { return StreamedCut(model, recipe, path, progress).run(); });
}

}  // namespace lapidary::core
