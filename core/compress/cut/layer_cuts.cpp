// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/layer_cuts.h"

#include "core/compress/cut/calibrated_cut.h"
#include "core/compress/quantize/stored_encoding.h"
#include "core/model/override.h"

namespace lapidary::core {

CutWeight LayerCuts::cut(const CutKey& key, std::span<const InputRequest> soon,
                         const Progress& progress) const {
  if (m_layers.isShared(key.layer)) return m_parent->cut(key, {}, progress);
  if (const auto known = m_cuts.find(key)) return *known;
  const Layer& layer = m_model.layer(key.layer);
  CutWeight result =
      withContext("layer '" + layer.name + "'", [&] { return madeOrKept(key, layer, soon, progress); });
  // Codes in a file without a graph are float32 numbers when they are read, whatever the weight was before.
  if (!result.encoding || m_model.runnable()) result.values = asStored(result.values, layer.weight);
  if (result.bias.defined()) result.bias = asStored(result.bias, result.biasOf);
  return m_cuts.insert(key, std::move(result));
}

std::vector<InputRequest> LayerCuts::requestsFor(const std::vector<CutKey>& keys) const {
  std::vector<InputRequest> requests;
  for (const CutKey& key : keys)
    if (const auto detail = detailFor(key.prune, storedFor(key) ? Quantize{} : key.quantize);
        detail && !m_layers.isShared(key.layer) && !m_cuts.find(key))
      requests.push_back({key.layer, *detail});
  return requests;
}

/// Nothing where the edit needs codes of its own, or none.
const StoredEncoding* LayerCuts::storedFor(const CutKey& key) const {
  if (key.prune.criterion == Criterion::Reconstruct) return nullptr;  // values are no longer the file's
  const auto& stored = m_layers.stored(key.layer);
  return stored && satisfies(*stored->encoding, key.quantize) ? &*stored : nullptr;
}

/// In the codes of the file where these are enough.
CutWeight LayerCuts::madeOrKept(const CutKey& key, const Layer& layer, std::span<const InputRequest> soon,
                                const Progress& progress) const {
  if (const StoredEncoding* stored = storedFor(key)) {
    CutKey pruning = key;
    pruning.quantize = {};
    CutWeight pruned = made(pruning, layer, soon, progress);
    pruned.encoding = withZeros(*stored, pruned.values);
    pruned.keptCodes = pruned.encoding && key.quantize.scheme != Scheme::None;
    if (pruned.encoding || key.quantize.scheme == Scheme::None) return pruned;
  }
  return made(key, layer, soon, progress);
}

CutWeight LayerCuts::made(const CutKey& key, const Layer& layer, std::span<const InputRequest> soon,
                          const Progress& progress) const {
  const bool learns =
      detailFor(key.prune, key.quantize).has_value() || key.prune.criterion == Criterion::Taylor;
  if (learns) return learnt(key, layer, soon, progress);
  const Tensor& weight = m_layers.weight(key.layer);
  if (key.prune.mode != PruneMode::None) return cutWeight(weight, layer.channelAxis, key.prune, key.quantize);
  return cutWeight(weight, layer.channelAxis, key.cutoff.threshold, key.cutoff.count, key.quantize);
}

CutWeight LayerCuts::learnt(const CutKey& key, const Layer& layer, std::span<const InputRequest> soon,
                            const Progress& progress) const {
  CalibratedEdit edit{m_model,      layer,  m_layers.weight(key.layer), key.cutoff, {}, key.prune,
                      key.quantize, nullptr};
  if (key.prune.criterion == Criterion::Taylor) edit.scores = m_layers.scores(key.layer, progress)->scores;
  if (const auto detail = detailFor(key.prune, key.quantize))
    edit.inputs = m_samples.require().inputsOf({key.layer, *detail}, soon, progress);
  return calibratedCut(edit, {progress.stop, {}});
}

/// A file of less than float32 holds the cut values rounded: what is shown is what it will hold.
Tensor LayerCuts::asStored(const Tensor& values, ValueId original) const {
  const DType stored = storedType(*m_model.graph, original).value_or(DType::Float32);
  return bitsOf(stored) < 32 ? toFloat32(convert(values, stored)) : values;
}

}  // namespace lapidary::core
