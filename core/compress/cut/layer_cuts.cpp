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
      withContext("layer '" + layer.name + "'", [&] { return made(key, layer, soon, progress); });
  const bool values = key.prune.criterion == Criterion::Reconstruct;  // then they are no longer the file's
  if (key.quantize.scheme == Scheme::None && !values)
    if (const auto codes = storedEncoding(m_model, layer)) result.encoding = withZeros(*codes, result.values);
  // Codes in a file without a graph are float32 numbers when they are read, whatever the weight was before.
  if (!result.encoding || m_model.runnable()) result.values = asStored(result.values, layer.weight);
  if (result.bias.defined()) result.bias = asStored(result.bias, result.biasOf);
  return m_cuts.insert(key, std::move(result));
}

std::vector<InputRequest> LayerCuts::requestsFor(const std::vector<CutKey>& keys) const {
  std::vector<InputRequest> requests;
  for (const CutKey& key : keys)
    if (const auto detail = detailFor(key.prune, key.quantize);
        detail && !m_layers.isShared(key.layer) && !m_cuts.find(key))
      requests.push_back({key.layer, *detail});
  return requests;
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
