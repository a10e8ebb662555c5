// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/layer_memo.h"

namespace lapidary::core {

LayerMemo::LayerMemo(const Model& model, const ModelSamples& samples, const LayerMemo* parent,
                     std::vector<bool> shared)
    : m_model(model),
      m_samples(samples),
      m_parent(parent),
      m_shared(std::move(shared)),
      m_layers(model.layers.size()) {}

bool LayerMemo::isShared(LayerId layer) const {
  return m_parent != nullptr && layer.index < m_shared.size() && m_shared[layer.index];
}

LayerMemo::Learnt& LayerMemo::at(LayerId layer) const {
  if (layer.index >= m_layers.size())
    throw Error(ErrorKind::InvalidInput, "the model has no layer of this number");
  return m_layers[layer.index];
}

const Tensor& LayerMemo::weight(LayerId layer) const {
  if (isShared(layer)) return m_parent->weight(layer);
  Learnt& learnt = at(layer);
  std::call_once(learnt.weightOnce, [&] { learnt.weight = layerWeight(m_model, m_model.layer(layer)); });
  return learnt.weight;
}

const std::optional<StoredEncoding>& LayerMemo::stored(LayerId layer) const {
  if (isShared(layer)) return m_parent->stored(layer);
  Learnt& learnt = at(layer);
  std::call_once(learnt.storedOnce,
                 [&] { learnt.stored = storedEncoding(m_model, m_model.layer(layer), weight(layer)); });
  return learnt.stored;
}

const WeightStatistics& LayerMemo::statistics(LayerId layer) const {
  if (isShared(layer)) return m_parent->statistics(layer);
  Learnt& learnt = at(layer);
  std::call_once(learnt.statisticsOnce,
                 [&] { learnt.statistics = std::make_unique<const WeightStatistics>(weight(layer)); });
  return *learnt.statistics;
}

std::shared_ptr<const Scored> LayerMemo::knownScores(LayerId layer) const {
  if (isShared(layer)) return m_parent->knownScores(layer);
  Learnt& learnt = at(layer);
  const std::lock_guard lock(learnt.mutex);
  return learnt.scores;
}

std::shared_ptr<const Scored> LayerMemo::scores(LayerId layer, const Progress& progress) const {
  if (isShared(layer)) return m_parent->scores(layer, progress);
  if (auto known = knownScores(layer)) return known;
  const Tensor gradients = m_samples.require().gradientMagnitudesOf(layer, progress);
  auto made = std::make_shared<const Scored>(gradientScores(weight(layer), gradients));
  Learnt& learnt = at(layer);
  const std::lock_guard lock(learnt.mutex);
  if (!learnt.scores) learnt.scores = std::move(made);
  return learnt.scores;
}

}  // namespace lapidary::core
