// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes that change the graph: the changed model they lead to, with a cutter of its own for all the rest.
#pragma once

#include <memory>
#include <mutex>

#include "core/compress/cut/cutter.h"
#include "core/compress/structure/low_rank.h"
#include "core/compress/structure/structured.h"
#include "core/support/recent_map.h"

namespace lapidary::core {

/// The model that the structural edits of a recipe lead to (see structural_edits.h), and what has become of
/// the layers of the original, all known by their ids there.
struct Structure {
  const ChannelGroups* groups = nullptr;  ///< of the original; never null once made
  std::vector<AxisIndex> gone;            ///< channels that were removed, by class; sorted
  std::map<LayerId, LayerId> seconds;     ///< layers that were split, to their second factors
  std::map<LayerId, std::string> notes;   ///< on those that asked for low rank and were not
  std::shared_ptr<const Cutter> cutter;   ///< over the changed model; null where nothing changes
  std::size_t bytes = 0;                  ///< of the constants that are not the original's
};

/// Finds and remembers the changed models of recipes over one cutter, which must outlive it. Thread-safe.
class Restructurer {
 public:
  /// Keeps the changed models used last, as many as have room in `budgetBytes`, one at least.
  Restructurer(const Cutter& owner, std::size_t budgetBytes);
  ~Restructurer();

  /// Follows the channels of the original on first use.
  const ChannelGroups& groups() const;

  /// Runs samples where a criterion needs them that were not seen before. Throws as leastUnits does, and
  /// Error(Unsupported) for criteria that nobody scores channels by.
  std::shared_ptr<const Structure> structure(const Recipe& recipe, const Progress& progress) const;

 private:
  std::shared_ptr<const Structure> make(const Recipe& recipe, const Progress& progress) const;
  std::vector<LowRankSplit> splitsOf(const Model& model, const Recipe& recipe, Structure& structure,
                                     const Progress& progress) const;
  std::shared_ptr<const Decomposition> decomposition(const Model& model, LayerId layer,
                                                     const std::vector<AxisIndex>& gone) const;
  std::vector<double> scoresOf(LayerId layer, Criterion criterion, const Progress& progress) const;

  const Cutter& m_owner;
  mutable std::once_flag m_groupsOnce;
  mutable std::unique_ptr<const ChannelGroups> m_groups;
  mutable SliceMemo m_slices;
  mutable std::mutex m_mutex;
  mutable RecentMap<std::string, std::shared_ptr<const Structure>> m_structures;  ///< by their edits
  mutable std::map<std::pair<std::uint32_t, Criterion>, std::vector<double>> m_scores;
  mutable std::map<LayerId, std::shared_ptr<const Decomposition>> m_whole;  ///< of original weights
  mutable RecentMap<Key, std::shared_ptr<const Decomposition>> m_sliced;    ///< of what is left of a weight
};

}  // namespace lapidary::core
