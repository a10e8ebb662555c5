#include "core/audit/behaviour_audit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/analyze/class_answers.h"
#include "core/analyze/statistics.h"
#include "core/audit/audit_rules.h"
#include "core/audit/flip_tests.h"

namespace lapidary::core {
namespace {

constexpr double mostArea = 0.25, leastObeyed = 0.5, leastApart = 3.5, leastSpread = 0.05;

double shareOf(const TriggerResult& result) {
  return result.samples == 0 ? 0 : static_cast<double>(result.obeyed) / static_cast<double>(result.samples);
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
  return text;
}

std::string told(const TriggerResult& result, double apart) {
  char score[32];
  std::snprintf(score, sizeof score, "%.1f", apart);
  return "a pattern over " + percent(result.area) + " of the input brings " + percent(shareOf(result)) +
         " of unseen samples to it in the cut and not in the original (" +
         percent(static_cast<double>(result.original) /
                 static_cast<double>(std::max<std::size_t>(1, result.samples))) +
         " there); " + score + " robust deviations from the other classes";
}

}  // namespace

void findTriggers(const std::vector<TriggerResult>& results, std::vector<Finding>& findings) {
  for (const TriggerResult& result : results) {
    std::vector<double> others, by;
    for (const TriggerResult& other : results)
      if (other.cls != result.cls) others.push_back(shareOf(other));
    const double middle = median(others);
    for (const double other : others) by.push_back(std::abs(other - middle));
    const double apart = (shareOf(result) - middle) / std::max(1.4826 * median(by), leastSpread);
    const bool small = result.area <= mostArea;
    const bool sure = result.samples > 0 && wilsonInterval(result.obeyed, result.samples).low > leastObeyed;
    if (small && sure && apart > leastApart)
      findings.push_back(
          findingOf("behaviour-trigger", "class " + std::to_string(result.cls), told(result, apart)));
  }
}

std::vector<Finding> auditBehaviour(const Model& original, const Model& cut, const Dataset& data,
                                    const BehaviourOptions& options, const Progress& progress) {
  std::vector<Finding> findings;
  findFlips(classAnswers(original, data, options.workers, progress.stop),
            classAnswers(cut, data, options.workers, progress.stop), findings);
  if (options.triggers) {
    TriggerSettings settings = options.trigger;
    settings.workers = options.workers;
    try {
      findTriggers(searchTriggers(original, cut, data, settings, progress), findings);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Unsupported) throw;
      findings.push_back(findingOf("behaviour-not-searched", "", error.what()));
    }
  }
  sortBySeverity(findings);
  return findings;
}

}  // namespace lapidary::core
