// SPDX-License-Identifier: GPL-3.0-or-later
// The place at which a recipe is done: the model that it leads to, and the plain recipe that is left for that
// model.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/compress/cut/cutter.h"
#include "core/compress/cut/repaired_cutters.h"
#include "core/compress/cut/restructure.h"

namespace lapidary::core {

/// Two steps from the original: to repaired weights, and from there to a model with a changed graph. Either
/// may be left out.
struct ResolvedCut {
  std::shared_ptr<const Cutter> base;  ///< over the repaired weights, else over the original; never null
  std::shared_ptr<const Cutter>
      cutter;   ///< over the changed model, `base` where it stays as it is; never null
  Recipe rest;  ///< what its plain cutter does: see PlainCutter
  std::shared_ptr<const Structure> structure;  ///< what the second step did; null where it was left out
};

/// Resolves the recipes over one cutter, which must outlive it and all that it gives. Thread-safe.
class CutChain {
 public:
  /// Keeps the latest changed models, as many as have room in `budgetBytes`, one at least.
  CutChain(const Cutter& owner, std::size_t budgetBytes)
      : m_owner(owner), m_restructurer(owner, budgetBytes), m_repaired(owner) {}

  /// Equal recipes lead to the same cutters while they are remembered. Runs samples where the structure asks
  /// for a criterion that learns and they were not seen before. Throws Error(InvalidInput) where the recipe
  /// has but the name of repaired weights, and as Restructurer::structure does.
  ResolvedCut resolve(const Recipe& recipe, const Progress& progress = {}) const;

  /// The first step alone: see Cutter::rebased.
  ReducedCut rebased(const Recipe& recipe) const { return m_repaired.over(recipe); }

  /// Follows the channels of the original on first use.
  const ChannelGroups& groups() const { return m_restructurer.groups(); }

 private:
  const Cutter& m_owner;
  Restructurer m_restructurer;
  RepairedCutters m_repaired;
};

}  // namespace lapidary::core
