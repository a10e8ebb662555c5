// The rules of the audit of the weights.
#include "core/audit/rule_tables.h"

namespace lapidary::core {

std::span<const AuditRule> weightRules() { return {}; }

}  // namespace lapidary::core
