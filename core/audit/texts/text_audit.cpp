// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/texts/text_audit.h"

#include <algorithm>
#include <array>

#include "core/audit/parts/content_kind.h"
#include "core/audit/parts/encoded_text.h"
#include "core/audit/texts/config_audit.h"
#include "core/files/shown_text.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t longText = 1 << 20;
constexpr std::array scriptEndings{".py"sv,  ".pyc"sv, ".sh"sv,    ".bash"sv, ".ps1"sv, ".bat"sv,
                                   ".cmd"sv, ".js"sv,  ".vbs"sv,   ".pl"sv,   ".rb"sv,  ".php"sv,
                                   ".so"sv,  ".dll"sv, ".dylib"sv, ".exe"sv};

std::string_view viewOf(const AuditPart& part, std::size_t offset, std::size_t length) {
  return {reinterpret_cast<const char*>(part.view().data()) + offset, length};
}

}  // namespace

void auditText(AuditRun& run, const AuditPart& part, std::size_t offset, std::size_t length,
               const std::string& what) {
  const std::string_view text = viewOf(part, offset, length);
  if (text.starts_with("#!/")) run.addAt("script-inside", part, offset, length, what + " is a script");
  if (length > longText)
    run.addAt("text-long", part, offset, length, what + " has " + std::to_string(length) + " bytes");
  auditEncoded(run, part, offset, text, what);
  auditConfigText(run, part, text, what);
}

void auditTextPart(AuditRun& run, const AuditPart& part) {
  const auto hasEnding = [&](std::string_view ending) { return part.name.ends_with(ending); };
  const bool torchScript = part.name.find("/code/") != std::string::npos || part.name.starts_with("code/");
  if (torchScript && (hasEnding(".py") || hasEnding(".debug_pkl"))) {
    if (!run.has("torchscript"))
      run.add("torchscript", part.place, "a program of TorchScript: " + shownText(part.name));
    return;
  }
  if (std::ranges::any_of(scriptEndings, hasEnding) || contentKind(part.view()) == ContentKind::Script)
    run.add("script-inside", part.place, "is a script or program by its name or first line",
            part.rangeOf(0, part.view().size()));
  auditEncoded(run, part, 0, viewOf(part, 0, part.view().size()), "the text");
  auditConfigFile(run, part);
}

}  // namespace lapidary::core
