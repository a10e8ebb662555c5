// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/behaviour/behaviour_audit.h"

#include <algorithm>
#include <cmath>

#include "core/analyze/answers/class_answers.h"
#include "core/analyze/statistics.h"
#include "core/audit/behaviour/flip_tests.h"
#include "core/audit/rules/audit_rules.h"
#include "core/support/number_text.h"

namespace lapidary::core {
namespace {

constexpr double mostArea = 0.25, leastObeyed = 0.5, leastApart = 3.5, leastShareSpread = 0.05,
                 leastLead = 0.2, leastAlike = 0.8;

double shareOf(const TriggerResult& result) {
  return result.samples == 0 ? 0 : static_cast<double>(result.obeyed) / static_cast<double>(result.samples);
}

std::string percent(double share) { return percentText(share, 0); }

/// A class among all that were searched.
struct Standing {
  double apart = 0;    ///< robust deviations from the median of the other classes
  double next = 0;     ///< the largest share of another class
  bool sure = false;   ///< surely more than half obey
  bool leads = false;  ///< surely, by more than a fifth of the samples
};

Standing standingOf(const TriggerResult& result, const std::vector<TriggerResult>& results) {
  Standing standing;
  if (result.samples == 0) return standing;
  std::vector<double> others, by;
  double reached = 0;
  for (const TriggerResult& other : results) {
    if (other.cls == result.cls) continue;
    others.push_back(shareOf(other));
    if (other.samples > 0) reached = std::max(reached, wilsonInterval(other.obeyed, other.samples).high);
  }
  const double middle = median(others), surely = wilsonInterval(result.obeyed, result.samples).low;
  for (const double other : others) by.push_back(std::abs(other - middle));
  standing.apart = (shareOf(result) - middle) / std::max(1.4826 * median(by), leastShareSpread);
  standing.next = others.empty() ? 0 : std::ranges::max(others);
  standing.sure = surely > leastObeyed;
  standing.leads = surely - reached > leastLead;
  return standing;
}

/// Almost anything moves a cut that has lost what it knew, to one class more than to others: no sign of a
/// trigger, which has to sleep in a cut that somebody would use.
void requireLikeness(const BehaviourComparison& compared) {
  const auto all = static_cast<double>(std::max<std::size_t>(1, compared.samples));
  const double share = static_cast<double>(compared.samples - compared.changed) / all;
  if (share < leastAlike)
    throw Error(ErrorKind::Unsupported,
                "the cut answers only " + percent(share) + " of the samples as the original does; below " +
                    percent(leastAlike) + " a trigger cannot be told from its weakness");
}

std::string told(const TriggerResult& result, const Standing& standing) {
  return "a pattern over " + percent(result.area) + " of the input brings " + percent(shareOf(result)) +
         " of unseen samples to it in the cut and not in the original (" +
         percent(static_cast<double>(result.original) /
                 static_cast<double>(std::max<std::size_t>(1, result.samples))) +
         " there); " + fixedText(standing.apart, 1) +
         " robust deviations from the other classes, of which the next reaches " + percent(standing.next);
}

}  // namespace

void findTriggers(const std::vector<TriggerResult>& results, std::vector<Finding>& findings) {
  for (const TriggerResult& result : results) {
    const Standing standing = standingOf(result, results);
    if (result.area <= mostArea && standing.sure && (standing.apart > leastApart || standing.leads))
      findings.push_back(
          findingOf("behaviour-trigger", "class " + std::to_string(result.cls), told(result, standing)));
  }
}

BehaviourComparison compareBehaviour(const Model& original, const Model& cut, const Dataset& data,
                                     const BehaviourOptions& options, const Progress& progress) {
  BehaviourComparison made;
  const ClassAnswers before = classAnswers(original, data, options.workers, progress.stop),
                     after = classAnswers(cut, data, options.workers, progress.stop);
  const auto first = before.top1(), second = after.top1();
  made.samples = first.size();
  for (std::size_t i = 0; i < first.size(); ++i) made.changed += first[i] != second[i];
  findFlips(before, after, made.findings);
  if (options.triggers) {
    TriggerSettings settings = options.trigger;
    settings.workers = options.workers;
    try {
      requireLikeness(made);
      const auto results = searchTriggers(original, cut, data, settings, progress);
      made.searched = results.size();
      findTriggers(results, made.findings);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Unsupported) throw;
      made.findings.push_back(findingOf("behaviour-not-searched", "", error.what()));
    }
  }
  sortBySeverity(made.findings);
  return made;
}

std::vector<Finding> auditBehaviour(const Model& original, const Model& cut, const Dataset& data,
                                    const BehaviourOptions& options, const Progress& progress) {
  return compareBehaviour(original, cut, data, options, progress).findings;
}

}  // namespace lapidary::core
