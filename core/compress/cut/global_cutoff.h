// SPDX-License-Identifier: GPL-3.0-or-later
// One cutoff over all layers of mode Global, for each of them.
#pragma once

#include <mutex>
#include <vector>

#include "core/compress/cut/layer_memo.h"
#include "core/compress/prune/prune.h"

namespace lapidary::core {

/// Layers of mode Global, in the model's order, each shared weight once.
std::vector<LayerId> globalLayers(const Model& model, const Recipe& recipe);

/// Remembers the newest ranking: every layer of one recipe asks for it. Thread-safe.
class GlobalCutoff {
 public:
  /// Both must outlive it.
  GlobalCutoff(const Model& model, const LayerMemo& layers) : m_model(model), m_layers(layers) {}

  /// The layer's part of the cutoff. The criterion of its edit counts for all layers; by gradients, samples
  /// are run where that was not done before.
  Cutoff of(const Recipe& recipe, LayerId layer, const Progress& progress) const;

 private:
  struct Ranking {
    std::vector<LayerId> layers;
    bool byGradients = false;
    double sparsity = -1;  ///< share of all weights, in [0, 1]; -1 before the first
    bool operator==(const Ranking&) const = default;
  };

  const Model& m_model;
  const LayerMemo& m_layers;
  mutable std::mutex m_mutex;
  mutable Ranking m_newest;
  mutable std::vector<Cutoff> m_cutoffs;  ///< of m_newest.layers
};

}  // namespace lapidary::core
