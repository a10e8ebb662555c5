// SPDX-License-Identifier: GPL-3.0-or-later
// The facts that are learnt once about the weights of every layer of a model: values, order statistics,
// scores.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/compress/cut/model_samples.h"
#include "core/compress/cut/ranking.h"
#include "core/compress/prune/weight_statistics.h"
#include "core/compress/quantize/stored_encoding.h"
#include "core/model/model.h"

namespace lapidary::core {

/// Thread-safe; each figure is found on first use and stays. Every function throws Error(InvalidInput) for a
/// layer that the model does not have.
class LayerMemo {
 public:
  LayerMemo(const Model& model, const ModelSamples& samples) : LayerMemo(model, samples, nullptr, {}) {}
  /// Layers that are `shared` (by index; the last may be missing) have the weights of `parent`, which
  /// remembers them for both. All that it is made of must outlive it.
  LayerMemo(const Model& model, const ModelSamples& samples, const LayerMemo* parent,
            std::vector<bool> shared);

  /// Whether the parent remembers this layer.
  bool isShared(LayerId layer) const;
  /// Float32, in Layer::shape.
  const Tensor& weight(LayerId layer) const;
  /// The integers in which the file holds the weight, where it does.
  const std::optional<StoredEncoding>& stored(LayerId layer) const;
  /// The first call sorts the magnitudes.
  const WeightStatistics& statistics(LayerId layer) const;
  /// |w dL/dw| of every weight. Runs samples where that was not done before; throws Error(Usage) where there
  /// are none.
  std::shared_ptr<const Scored> scores(LayerId layer, const Progress& progress) const;
  /// The same from memory alone; null where it is not there.
  std::shared_ptr<const Scored> knownScores(LayerId layer) const;

 private:
  struct Learnt {
    std::once_flag weightOnce, storedOnce, statisticsOnce;
    Tensor weight;
    std::optional<StoredEncoding> stored;
    std::unique_ptr<const WeightStatistics> statistics;
    std::mutex mutex;  ///< of `scores`
    std::shared_ptr<const Scored> scores;
  };

  Learnt& at(LayerId layer) const;

  const Model& m_model;
  const ModelSamples& m_samples;
  const LayerMemo* m_parent;
  std::vector<bool> m_shared;
  mutable std::vector<Learnt> m_layers;
};

}  // namespace lapidary::core
