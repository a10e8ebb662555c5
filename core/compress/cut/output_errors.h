// SPDX-License-Identifier: GPL-3.0-or-later
// How much the outputs of layers err after a cut, remembered by what was done to which layer.
#pragma once

#include <map>
#include <mutex>

#include "core/compress/cut/layer_cuts.h"

namespace lapidary::core {

/// Thread-safe; it keeps a number for each key, and one for each layer.
class OutputErrorMemo {
 public:
  /// All of them must outlive it.
  OutputErrorMemo(const Model& model, const LayerMemo& layers, const LayerCuts& cuts)
      : m_model(model), m_layers(layers), m_cuts(cuts) {}

  /// Relative squared error of the layer's output, ||X (W - W')^T||^2 / ||X W^T||^2; 0 where the layer puts
  /// out nothing but zeros. `inputs` are X, with their Gram matrix. A product of matrices the first time.
  double of(const LayerInputs& inputs, const CutKey& key) const;

 private:
  double computed(const LayerInputs& inputs, const CutKey& key) const;
  double powerOf(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> weights,
                 LayerId layer) const;

  const Model& m_model;
  const LayerMemo& m_layers;
  const LayerCuts& m_cuts;
  mutable std::mutex m_mutex;
  mutable std::map<CutKey, double> m_errors;
  mutable std::map<std::uint32_t, double> m_powers;  ///< ||X W^T||^2 of the weights before any cut, by layer
};

}  // namespace lapidary::core
