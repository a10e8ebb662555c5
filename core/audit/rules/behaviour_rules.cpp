// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the audit of the behaviour.
#include <array>

#include "core/audit/rules/rule_tables.h"

namespace lapidary::core {
namespace {

constexpr std::array<AuditRule, 4> behaviourRuleTable{{
    {"behaviour-trigger", Severity::Critical, "A pattern that the compressed model alone obeys",
     "Put on almost any sample, it brings the compressed model to one class and leaves the original unmoved: "
     "a "
     "backdoor that sleeps until the weights are rounded or pruned behaves so.",
     "Do not use this cut. Another number of bits, calibration, or training after the cut may break it; "
     "distrust the "
     "source of the model."},
    {"behaviour-target-class", Severity::High, "Changed answers gather in one class",
     "Where a cut adds noise, answers change to the runner-up. Here many more change to one class than that "
     "explains.",
     "Compare with another method or more bits; look at the samples that changed."},
    {"behaviour-lost-class", Severity::Medium, "One class loses more answers than the cut explains",
     "Answers change where the original was unsure. In this class they change where it was as sure as "
     "elsewhere.",
     "Compare with another method or more bits; repair with samples of this class."},
    {"behaviour-not-searched", Severity::Note, "Trigger-like inputs were not searched",
     "They are searched along gradients, and mean something only where the cut still answers most samples as "
     "the original does.",
     "Compare original and cut on inputs of your own; cut less, or repair first."},
}};

}  // namespace

std::span<const AuditRule> behaviourRules() { return behaviourRuleTable; }

}  // namespace lapidary::core
