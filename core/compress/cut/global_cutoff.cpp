// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/global_cutoff.h"

#include <set>

namespace lapidary::core {

std::vector<LayerId> globalLayers(const Model& model, const Recipe& recipe) {
  std::vector<LayerId> layers;
  std::set<ValueId> seen;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const auto edit = recipe.edits.find(model.layers[i].name);
    if (edit == recipe.edits.end() || !seen.insert(model.layers[i].weight).second) continue;
    if (edit->second.prune.mode == PruneMode::Global) layers.push_back(LayerId{i});
  }
  return layers;
}

Cutoff GlobalCutoff::of(const Recipe& recipe, LayerId layer, const Progress& progress) const {
  const Layer& asked = m_model.layer(layer);
  const Ranking ranking{globalLayers(m_model, recipe), rankedByGradients(recipe.editOf(asked.name).prune),
                        recipe.globalSparsity};
  std::vector<const WeightStatistics*> each;
  for (const LayerId id : ranking.layers)
    each.push_back(ranking.byGradients ? &m_layers.scores(id, progress)->statistics
                                       : &m_layers.statistics(id));
  const std::lock_guard lock(m_mutex);
  if (ranking != m_newest) {
    m_cutoffs = globalCutoffs(each, ranking.sparsity);
    m_newest = ranking;
  }
  for (std::size_t i = 0; i < ranking.layers.size(); ++i)
    if (m_model.layer(ranking.layers[i]).weight == asked.weight) return m_cutoffs[i];
  return {};
}

}  // namespace lapidary::core
