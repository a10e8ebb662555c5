// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes over repaired weights: a cutter of their own for each, and the recipe that is left to it.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/compress/cut/cutter.h"
#include "core/support/recent_map.h"

namespace lapidary::core {

/// Makes and remembers the cutters over repaired weights of one cutter's original; the latest few stay. That
/// cutter must outlive it and them. Thread-safe.
class RepairedCutters {
 public:
  explicit RepairedCutters(const Cutter& owner) : m_owner(owner) {}

  /// The second factors of layers that the repaired cut had split are edited as their layers are. Without a
  /// cutter where the recipe is of the model's own weights. Throws Error(InvalidInput) where the recipe has
  /// no more than the name of the weights.
  ReducedCut over(const Recipe& recipe) const;

 private:
  std::shared_ptr<const Cutter> cutterFor(const TrainedWeights& weights) const;

  const Cutter& m_owner;
  mutable std::mutex m_mutex;
  mutable RecentMap<std::string, std::shared_ptr<const Cutter>> m_cutters{{.entries = 3}};  ///< by weights
};

}  // namespace lapidary::core
