// The rules of the audit of a file.
#include <array>

#include "core/audit/rule_tables.h"

namespace lapidary::core {
namespace {

constexpr std::array<AuditRule, 1> rules{{
    {"file-unreadable", Severity::High, "The file cannot be read",
     "A damaged file may crash a less careful reader, and damage can be made to hide what follows it.",
     "Get the file again from whoever made it and compare its SHA-256."},
}};

}  // namespace

std::span<const AuditRule> fileRules() { return rules; }

}  // namespace lapidary::core
