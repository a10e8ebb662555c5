// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/texts/embedded_configs.h"

#include <algorithm>

#include "core/audit/texts/config_audit.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

constexpr std::size_t longestConfig = 64 << 20;

/// The object that begins with a brace here, to the brace that closes it; to the end of what is text where
/// none does.
std::string_view jsonObject(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  const std::size_t most = std::min(text.size(), longestConfig);
  for (std::size_t i = 0; i < most; ++i) {
    const char c = text[i];
    if (c == '\0') return text.substr(0, i);
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '{' || c == '['))
      ++depth;
    else if (!quoted && (c == '}' || c == ']') && --depth == 0)
      return text.substr(0, i + 1);
  }
  return text.substr(0, most);
}

}  // namespace

void auditEmbeddedConfigs(AuditRun& run, const AuditPart& part) {
  const std::string_view text = textOf(part.view());
  for (std::size_t at = text.find("{\""); at != std::string_view::npos; at = text.find("{\"", at)) {
    run.progress().check();
    const std::string_view config = jsonObject(text.substr(at));
    if (config.find("class_name") != std::string_view::npos ||
        config.find("_target_") != std::string_view::npos)
      auditConfigText(run, part, config, "the configuration at byte " + std::to_string(at));
    at += std::max<std::size_t>(config.size(), 2);
  }
}

}  // namespace lapidary::core
