// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/restructure.h"

#include <algorithm>
#include <span>

#include "core/compress/cut/known_layers.h"
#include "core/compress/cut/structural_edits.h"
#include "core/compress/structure/equalize.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostStructures = 12;

bool quantizes(const LayerEdit& edit) { return edit.quantize.scheme != Scheme::None; }

/// Pairs of layers that are both quantized, the factors of a split layer by its edit.
std::vector<EqualizePair> pairsOf(const Model& model, const Recipe& recipe) {
  if (!recipe.equalize) return {};
  std::vector<EqualizePair> pairs = equalizablePairs(model);
  const auto takesPart = [&](LayerId id) {
    const Layer& layer = model.layer(id);
    return quantizes(recipe.editOf((layer.partOf.valid() ? model.layer(layer.partOf) : layer).name));
  };
  std::erase_if(pairs,
                [&](const EqualizePair& pair) { return !takesPart(pair.first) || !takesPart(pair.second); });
  return pairs;
}

std::vector<ChannelCut> cutsOf(const Model& model, const Recipe& recipe) {
  std::vector<ChannelCut> cuts;
  for (const auto& [layer, edit] : recipe.edits)
    if (removes(edit.prune.mode))
      cuts.push_back({knownLayer(model, layer), edit.prune.value, edit.prune.criterion,
                      edit.prune.mode == PruneMode::Heads});
  return cuts;
}

/// Bytes of the constants that are not those of the original.
std::size_t ownBytes(const Model& model, const Model& original) {
  std::size_t bytes = 0;
  for (const auto& [id, tensor] : model.weights) {
    const auto it = original.weights.find(id);
    if (it == original.weights.end() || it->second.id() != tensor.id()) bytes += tensor.bytes().size();
  }
  return bytes;
}

/// Layers whose weight is the original's.
std::vector<bool> sharedLayers(const Model& model, const Model& original,
                               std::span<const EqualizePair> pairs) {
  std::vector<bool> shared(model.layers.size(), false);
  for (std::size_t i = 0; i < original.layers.size(); ++i)
    shared[i] = model.layers[i].shape == original.layers[i].shape;
  for (const EqualizePair& pair : pairs) shared[pair.first.index] = shared[pair.second.index] = false;
  return shared;
}

}  // namespace

Restructurer::Restructurer(const Cutter& owner, std::size_t budgetBytes)
    : m_owner(owner),
      m_slices(budgetBytes),
      m_structures({.entries = mostStructures, .bytes = budgetBytes}),
      m_sliced({.entries = mostStructures}) {}
Restructurer::~Restructurer() = default;

const ChannelGroups& Restructurer::groups() const {
  std::call_once(m_groupsOnce, [&] { m_groups = std::make_unique<const ChannelGroups>(m_owner.original()); });
  return *m_groups;
}

std::vector<double> Restructurer::scoresOf(LayerId layer, Criterion criterion,
                                           const Progress& progress) const {
  const std::pair key(layer.index, criterion);
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_scores.find(key); it != m_scores.end()) return it->second;
  }
  auto made = m_owner.channelScores(layer, criterion, progress);
  const std::lock_guard lock(m_mutex);
  return m_scores[key] = std::move(made);
}

std::shared_ptr<const Structure> Restructurer::make(const Recipe& recipe, const Progress& progress) const {
  auto made = std::make_shared<Structure>();
  const auto cuts = cutsOf(m_owner.original(), recipe);
  if (!cuts.empty())
    made->gone = leastUnits(groups(), cuts, [&](LayerId layer, Criterion criterion) {
      return scoresOf(layer, criterion, progress);
    });
  progress.check();
  made->groups = &groups();
  Model model = withoutChannels(*made->groups, made->gone, &m_slices);
  const auto splits = splitsOf(model, recipe, *made, progress);
  model = withLowRank(model, splits);
  const auto pairs = pairsOf(model, recipe);
  if (made->gone.empty() && splits.empty() && pairs.empty()) return made;
  model = equalized(model, pairs);
  for (std::uint32_t i = 0; i < model.layers.size(); ++i)
    if (model.layers[i].partOf.valid()) made->seconds[model.layers[i].partOf] = LayerId{i};
  made->bytes = ownBytes(model, m_owner.original());
  const auto shared = sharedLayers(model, m_owner.original(), pairs);
  made->cutter = std::make_shared<const Cutter>(std::move(model), m_owner, shared);
  return made;
}

std::shared_ptr<const Decomposition> Restructurer::decomposition(const Model& model, LayerId id,
                                                                 const std::vector<AxisIndex>& gone) const {
  const Layer& layer = model.layer(id);
  const bool whole = layer.shape == m_owner.original().layer(id).shape;
  std::vector<std::uint64_t> words{id.index};
  words.insert(words.end(), gone.begin(), gone.end());
  const Key key = hashWords(words);
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_whole.find(id); whole && it != m_whole.end()) return it->second;
    if (const auto* known = whole ? nullptr : m_sliced.find(key)) return *known;
  }
  auto made = decompose(model, layer);
  const std::lock_guard lock(m_mutex);
  if (whole) return m_whole.emplace(id, std::move(made)).first->second;
  return m_sliced.putNew(key, std::move(made));
}

std::vector<LowRankSplit> Restructurer::splitsOf(const Model& model, const Recipe& recipe,
                                                 Structure& structure, const Progress& progress) const {
  std::vector<LowRankSplit> splits;
  for (const auto& [layerName, edit] : recipe.edits) {
    if (edit.lowRank.mode == LowRankMode::None) continue;
    progress.check();
    const LayerId id = knownLayer(model, layerName);
    if (const std::string obstacle = obstacleToLowRank(model, model.layer(id)); !obstacle.empty()) {
      structure.notes[id] = "low rank does not apply: " + obstacle;
      continue;
    }
    const auto made = decomposition(model, id, structure.gone);
    const std::int64_t rank = made->rankFor(edit.lowRank),
                       most = greatestSavingRank(made->outputs(), made->inputs());
    if (rank <= most)
      splits.push_back({id, made, rank});
    else
      structure.notes[id] = "rank " + std::to_string(rank) + " would not save weights: at most " +
                            std::to_string(most) + " does";
  }
  return splits;
}

/// Two threads that need the same one at once make it twice, and the first stays.
std::shared_ptr<const Structure> Restructurer::structure(const Recipe& recipe,
                                                         const Progress& progress) const {
  const Recipe named = structureOf(recipe);
  const std::string wanted = fingerprint(named);
  {
    const std::lock_guard lock(m_mutex);
    if (const auto* known = m_structures.find(wanted)) return *known;
  }
  const auto made = make(named, progress);
  const std::lock_guard lock(m_mutex);
  return m_structures.putNew(wanted, made, made->bytes);
}

}  // namespace lapidary::core
