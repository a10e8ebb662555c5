// Recipes that change the graph: the reduced model they lead to, with a cutter of its own for all the rest.
#pragma once

#include <list>
#include <memory>
#include <mutex>

#include "core/compress/cut/cutter.h"
#include "core/compress/structure/low_rank.h"
#include "core/compress/structure/structured.h"

namespace lapidary::core {

/// Whether the recipe removes channels or heads, asks for low rank, or equalises layers that it quantizes. In
/// this order; all else is done to the weights that come of it.
bool restructures(const Recipe& recipe);
/// The recipe without these edits.
Recipe withoutRestructuring(const Recipe& recipe);

/// Finds and remembers the reduced models of recipes over one cutter, which must outlive it. Thread-safe.
class Restructurer {
 public:
  /// Keeps the latest reduced models, as many as have room in `budgetBytes`, one at least.
  Restructurer(const Cutter& owner, std::size_t budgetBytes);
  ~Restructurer();

  /// Follows the channels of the original on first use.
  const ChannelGroups& groups() const;

  /// `cutter` is null where nothing is left to change. Throws as leastUnits does, and Error(Unsupported) for
  /// criteria that nobody scores channels by.
  ReducedCut reduce(const Recipe& recipe, const Progress& progress) const;

  /// What the whole recipe makes of one layer, in the original's shape: what is gone is +0, and two factors
  /// are multiplied. Never has an encoding.
  /// Layers that the structure does not touch are cut as ever.
  std::optional<CutWeight> cutAsOriginal(const Recipe& recipe, LayerId layer, const Progress& progress) const;

 private:
  struct Structure;
  std::shared_ptr<const Structure> structure(const Recipe& recipe, const Progress& progress) const;
  std::shared_ptr<const Structure> make(const Recipe& recipe, const Progress& progress) const;
  std::vector<LowRankSplit> splitsOf(const Model& model, const Recipe& recipe, Structure& structure,
                                     const Progress& progress) const;
  std::shared_ptr<const Decomposition> decomposition(const Model& model, LayerId layer,
                                                     const std::vector<AxisIndex>& gone) const;
  std::vector<double> scoresOf(LayerId layer, Criterion criterion, const Progress& progress) const;

  const Cutter& m_owner;
  std::size_t m_budget;
  mutable std::once_flag m_groupsOnce;
  mutable std::unique_ptr<const ChannelGroups> m_groups;
  mutable SliceMemo m_slices;
  mutable std::mutex m_mutex;
  mutable std::list<std::shared_ptr<const Structure>> m_recent;  ///< most recently used first
  mutable std::map<std::pair<std::uint32_t, Criterion>, std::vector<double>> m_scores;
  mutable std::map<LayerId, std::shared_ptr<const Decomposition>> m_whole;  ///< of original weights
  mutable std::list<std::pair<Key, std::shared_ptr<const Decomposition>>>
      m_cut;  ///< of sliced ones, latest first
};

}  // namespace lapidary::core
