// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts single layers of a model by what is to be done to their weights, and remembers the results.
#pragma once

#include <span>
#include <vector>

#include "core/compress/cut/cut_memo.h"
#include "core/compress/cut/layer_memo.h"

namespace lapidary::core {

/// Thread-safe.
class LayerCuts {
 public:
  /// At most `budgetBytes` of results are kept. Layers that `layers` shares with its parent are cut and
  /// remembered by `parent` (null where it has none). All that it is made of must outlive it.
  LayerCuts(const Model& model, const LayerMemo& layers, const ModelSamples& samples, std::size_t budgetBytes,
            const LayerCuts* parent)
      : m_model(model), m_layers(layers), m_samples(samples), m_parent(parent), m_cuts(budgetBytes) {}

  /// Equal keys give the same tensors while they are remembered. Runs samples where the key asks for methods
  /// that learn and they were not seen before, those of `soon` in the same run. Throws as Cutter::apply does,
  /// naming the layer.
  CutWeight cut(const CutKey& key, std::span<const InputRequest> soon, const Progress& progress) const;

  /// Lists what is to be learnt of samples for the cuts that are not in memory, in the order of the keys.
  std::vector<InputRequest> requestsFor(const std::vector<CutKey>& keys) const;

 private:
  const StoredEncoding* storedFor(const CutKey& key) const;
  CutWeight madeOrKept(const CutKey& key, const Layer& layer, std::span<const InputRequest> soon,
                       const Progress& progress) const;
  CutWeight made(const CutKey& key, const Layer& layer, std::span<const InputRequest> soon,
                 const Progress& progress) const;
  CutWeight learnt(const CutKey& key, const Layer& layer, std::span<const InputRequest> soon,
                   const Progress& progress) const;
  Tensor asStored(const Tensor& values, ValueId original) const;

  const Model& m_model;
  const LayerMemo& m_layers;
  const ModelSamples& m_samples;
  const LayerCuts* m_parent;
  mutable CutMemo m_cuts;
};

}  // namespace lapidary::core
