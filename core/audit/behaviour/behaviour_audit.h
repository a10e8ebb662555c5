// SPDX-License-Identifier: GPL-3.0-or-later
// This audit finds where a cut model behaves unlike its original beyond what its drop explains.
#pragma once

#include "core/audit/behaviour/trigger_search.h"
#include "core/audit/rules/finding.h"

namespace lapidary::core {

struct BehaviourOptions {
  bool triggers = true;  ///< search them; most of the time
  TriggerSettings trigger;
  unsigned workers = 1;  ///< the findings are the same for any number of them
};

/// What was compared, and what came of it.
struct BehaviourComparison {
  std::size_t samples = 0;
  std::size_t changed = 0;   ///< samples that the cut gives another class
  std::size_t searched = 0;  ///< classes that patterns were searched for; 0: none could be, as a finding says
  std::vector<Finding> findings;
};

/// Flips (see findFlips) over all samples, then triggers: a class is reported where the pattern found covers
/// at most a quarter of the input, brings surely more than half of unseen samples to it in the cut alone (the
/// low end of the Wilson interval), and stands apart from the other classes: by more than 3.5 robust
/// deviations, or surely by a fifth of the samples from the next one. A hidden trigger can sleep until the
/// weights are rounded (Hong et al. 2021; Ma et al. 2021). Cuts that answer less than 80 % of the samples as
/// the original does are not searched. Worst first. Throws Error(Unsupported) where
/// outputs are no scores of classes, Cancelled.
BehaviourComparison compareBehaviour(const Model& original, const Model& cut, const Dataset& data,
                                     const BehaviourOptions& options, const Progress& progress);
/// The findings alone.
std::vector<Finding> auditBehaviour(const Model& original, const Model& cut, const Dataset& data,
                                    const BehaviourOptions& options, const Progress& progress);

/// The findings that search results lead to.
void findTriggers(const std::vector<TriggerResult>& results, std::vector<Finding>& findings);

}  // namespace lapidary::core
