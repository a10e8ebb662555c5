// The rules of the audit of the behaviour.
#include "core/audit/rule_tables.h"

namespace lapidary::core {

std::span<const AuditRule> behaviourRules() { return {}; }

}  // namespace lapidary::core
