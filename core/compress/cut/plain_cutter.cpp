// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/plain_cutter.h"

#include <algorithm>
#include <set>

#include "core/compress/cut/known_layers.h"
#include "core/compress/cut/structural_edits.h"
#include "core/compress/prune/prune_shapes.h"
#include "core/compress/structure/structured.h"

namespace lapidary::core {
namespace {

void requirePlain(const Recipe& recipe) {
  if (recipe.repaired || restructures(recipe))
    throw Error(ErrorKind::Usage,
                "recipe: it is over repaired weights, or changes the graph: find the model that it leads to "
                "(Cutter::resolve), and cut that by what is left of the recipe");
}

void put(const CutWeight& made, const Layer& layer, Model& model) {
  model.weights[layer.weight] = made.values;
  if (made.encoding)
    model.encodings[layer.weight] = made.encoding;
  else
    model.encodings.erase(layer.weight);
  if (made.bias.defined()) model.weights[made.biasOf] = made.bias;
}

}  // namespace

PlainCutter::PlainCutter(Model original, std::size_t memoBytes)
    : PlainCutter(std::move(original), memoBytes, nullptr, {}) {}
PlainCutter::PlainCutter(Model reduced, const PlainCutter& parent, std::vector<bool> shared)
    : PlainCutter(std::move(reduced), parent.m_memoBytes / 8, &parent, std::move(shared)) {}

PlainCutter::PlainCutter(Model model, std::size_t memoBytes, const PlainCutter* parent,
                         std::vector<bool> shared)
    : m_model(std::move(model)),
      m_memoBytes(memoBytes),
      m_samples(m_model, parent != nullptr ? &parent->m_samples : nullptr),
      m_layers(m_model, m_samples, parent != nullptr ? &parent->m_layers : nullptr, std::move(shared)),
      m_cuts(m_model, m_layers, m_samples, memoBytes, parent != nullptr ? &parent->m_cuts : nullptr),
      m_globalCutoff(m_model, m_layers),
      m_errors(m_model, m_layers, m_cuts) {}

Cutoff PlainCutter::cutoff(const Recipe& recipe, LayerId layer, const Progress& progress) const {
  const auto edit = recipe.edits.find(m_model.layer(layer).name);
  if (edit == recipe.edits.end() || edit->second.prune.mode == PruneMode::None) return {};
  const Prune& prune = edit->second.prune;
  if (prune.mode == PruneMode::Global) return m_globalCutoff.of(recipe, layer, progress);
  // A threshold needs no order statistics: a large layer is cut before it was ever sorted.
  if (prune.mode == PruneMode::Threshold) return {prune.value, 0};
  if (rankedByInputs(prune) || prunesInShape(prune)) return {};
  if (rankedByGradients(prune)) return cutoffFor(m_layers.scores(layer, progress)->statistics, prune);
  return cutoffFor(m_layers.statistics(layer), prune);
}

/// Nothing where the recipe leaves the layer as it is.
std::optional<CutKey> PlainCutter::keyOf(const Recipe& recipe, LayerId layer,
                                         const Progress& progress) const {
  const auto edit = recipe.edits.find(m_model.layer(layer).name);
  if (edit == recipe.edits.end()) return std::nullopt;
  const Prune& prune = edit->second.prune;
  CutKey key{layer, cutoff(recipe, layer, progress), edit->second.quantize, {}};
  if (rankedByInputs(prune)) key.prune = prune;
  if (prunesInShape(prune)) key.prune = shapeOf(prune);
  if (rankedByGradients(prune)) key.prune.criterion = Criterion::Taylor;
  const bool prunes = key.cutoff.threshold > 0 || key.cutoff.count > 0 || key.prune.mode != PruneMode::None;
  if (!prunes && key.quantize.scheme == Scheme::None) return std::nullopt;
  return key;
}

/// Of the layers that change, each shared weight once.
std::vector<CutKey> PlainCutter::keysOf(const Recipe& recipe, const Progress& progress) const {
  std::vector<CutKey> keys;
  std::set<ValueId> done;
  for (std::uint32_t i = 0; i < m_model.layers.size(); ++i) {
    const Layer& layer = m_model.layers[i];
    if (!recipe.edits.contains(layer.name) || !done.insert(layer.weight).second) continue;
    if (const auto key = keyOf(recipe, LayerId{i}, progress)) keys.push_back(*key);
  }
  return keys;
}

Model PlainCutter::apply(const Recipe& recipe, const Progress& progress,
                         const std::function<void(std::size_t, std::size_t)>& onSamples) const {
  validate(recipe);
  requireKnownLayers(m_model, recipe);
  requirePlain(recipe);
  const Progress sampling{progress.stop, onSamples};
  const std::vector<CutKey> keys = keysOf(recipe, sampling);
  const auto requests = m_cuts.requestsFor(keys);
  Model model = m_model;
  std::size_t step = 0;
  for (const CutKey& key : keys) {
    progress.step(step++, keys.size());
    const auto here = std::ranges::find(requests, key.layer, &InputRequest::layer);
    put(m_cuts.cut(key, {here, requests.end()}, sampling), m_model.layer(key.layer), model);
  }
  progress.step(keys.size(), keys.size());
  return model;
}

std::optional<CutWeight> PlainCutter::cut(const Recipe& recipe, LayerId layer,
                                          const Progress& progress) const {
  requirePlain(recipe);
  const auto key = keyOf(recipe, layer, progress);
  if (!key) return std::nullopt;
  return m_cuts.cut(*key, {}, progress);
}

CutWeight PlainCutter::cutAt(LayerId layer, const Cutoff& cutoff, const Quantize& quantize) const {
  return m_cuts.cut({layer, cutoff, quantize, {}}, {}, {});
}

std::optional<OutputErrors> PlainCutter::outputErrors(const Recipe& recipe, LayerId layer) const {
  requirePlain(recipe);
  CalibrationSource* samples = m_samples.known();
  if (samples == nullptr) return std::nullopt;
  const auto inputs = samples->knownInputs({layer, InputDetail::Gram});
  const bool scored = rankedByGradients(recipe.editOf(m_model.layer(layer).name).prune);
  if (!inputs || (scored && !m_layers.knownScores(layer))) return std::nullopt;
  const auto key = keyOf(recipe, layer, {});
  if (!key) return std::nullopt;
  const auto plain = keyOf(plainly(recipe), layer, {});
  return OutputErrors{m_errors.of(*inputs, *key), plain ? m_errors.of(*inputs, *plain) : 0};
}

double PlainCutter::threshold(const Recipe& recipe, LayerId layer) const {
  requirePlain(recipe);
  const Prune prune = recipe.editOf(m_model.layer(layer).name).prune;
  return rankedByGradients(prune) || prunesInShape(prune) ? 0 : cutoff(recipe, layer, {}).threshold;
}

std::int64_t PlainCutter::prunedZeros(const Recipe& recipe, LayerId layer) const {
  requirePlain(recipe);
  const Layer& edited = m_model.layer(layer);
  const Prune prune = recipe.editOf(edited.name).prune;
  const WeightStatistics& statistics = m_layers.statistics(layer);
  const bool known = prune.criterion != Criterion::Taylor || m_layers.knownScores(layer);
  if (prunesInShape(prune) && known) return m_cuts.cut({layer, {}, {}, shapeOf(prune)}, {}, {}).zeros;
  if (rankedByInputs(prune) || prune.mode == PruneMode::Pattern)
    return std::max(statistics.zeros(), zerosByInputs(prune, weightMatrix(edited.shape, edited.channelAxis)));
  if (rankedByGradients(prune)) return zerosByGradients(recipe, layer);
  return zerosAfter(statistics, cutoff(recipe, layer, {}));
}

/// A forecast where the scores are not known yet.
std::int64_t PlainCutter::zerosByGradients(const Recipe& recipe, LayerId layer) const {
  const WeightStatistics& statistics = m_layers.statistics(layer);
  const Prune prune = recipe.editOf(m_model.layer(layer).name).prune;
  if (prune.mode == PruneMode::Sparsity) return zerosAfter(statistics, cutoffFor(statistics, prune));
  for (const LayerId each : globalLayers(m_model, recipe))
    if (!m_layers.knownScores(each)) return statistics.zeros();
  return std::max(statistics.zeros(), cutoff(recipe, layer, {}).count);
}

std::vector<double> PlainCutter::channelScores(LayerId id, Criterion criterion,
                                               const Progress& progress) const {
  const Layer& layer = m_model.layer(id);
  return withContext("layer '" + layer.name + "'", [&] {
    if (criterion == Criterion::Wanda || criterion == Criterion::Reconstruct)
      throw Error(ErrorKind::InvalidInput, std::string(name(criterion)) + " does not rank whole channels");
    if (criterion != Criterion::Taylor) return filterScores(weight(id), layer.channelAxis, criterion);
    return filterSums(m_layers.scores(id, progress)->scores.as<float>(), layer.shape, layer.channelAxis);
  });
}

}  // namespace lapidary::core
