// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/text_audit.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/audit/parts/content_kind.h"
#include "core/files/shown_text.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;
using PlainJson = nlohmann::json;

constexpr std::size_t longText = 1 << 20;
constexpr std::array scriptEndings{".py"sv,  ".pyc"sv, ".sh"sv,    ".bash"sv, ".ps1"sv, ".bat"sv,
                                   ".cmd"sv, ".js"sv,  ".vbs"sv,   ".pl"sv,   ".rb"sv,  ".php"sv,
                                   ".so"sv,  ".dll"sv, ".dylib"sv, ".exe"sv};

std::string_view viewOf(const AuditPart& part, std::size_t offset, std::size_t length) {
  return {reinterpret_cast<const char*>(part.view().data()) + offset, length};
}

int base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

std::vector<std::byte> fromBase64(std::string_view text) {
  std::vector<std::byte> bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64Digit(c);
    if (digit < 0) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if ((count += 6) < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::byte>(bits >> count & 255));
  }
  return bytes;
}

/// Runs of base64 that decode to something that runs or unpacks.
void auditBase64(AuditRun& run, const AuditPart& part, std::size_t offset, std::string_view text,
                 const std::string& what) {
  constexpr std::size_t shortest = 32, longest = 1 << 22;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && (base64Digit(text[end]) >= 0 || text[end] == '\n')) ++end;
    if (end - at >= shortest) {
      const ContentKind kind = contentKind(fromBase64(text.substr(at, std::min(end - at, longest))));
      const bool runs = kind == ContentKind::Pickle || kind == ContentKind::Zip ||
                        kind == ContentKind::Gzip || kind == ContentKind::Script ||
                        kind == ContentKind::PythonBytecode || isProgram(kind) || isOpaqueArchive(kind);
      if (runs)
        run.addAt("hidden-payload", part, offset + at, end - at,
                  what + " holds " + std::string(contentName(kind)) + " in base64");
    }
    at = end + 1;
  }
}

bool isLoadedModule(const std::string& module) {
  const std::string root = module.substr(0, module.find('.'));
  constexpr std::array known{"keras"sv,     "tensorflow"sv, "tf_keras"sv,  "keras_hub"sv,
                             "keras_nlp"sv, "keras_cv"sv,   "keras_core"sv};
  return std::ranges::find(known, root) != known.end();
}

/// Keras imports the modules that its configuration names and unmarshals the code of Lambda layers.
void auditKeras(AuditRun& run, const AuditPart& part, const PlainJson& json, int depth) {
  constexpr int deepest = 64;
  if (depth > deepest) return;
  if (json.is_object()) {
    const auto word = [&](const char* key) {
      return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
    };
    const std::string type = word("class_name"), module = word("module");
    if (type == "Lambda" || type == "__lambda__" || type == "TFOpLambda")
      run.add("keras-code", part.place, "the configuration has a " + type + " layer");
    else if (!module.empty() && !isLoadedModule(module))
      run.add("keras-module", part.place,
              "the configuration takes " + shownText(type) + " from the module " + shownText(module));
  }
  if (json.is_structured())
    for (const PlainJson& inner : json) auditKeras(run, part, inner, depth + 1);
}

}  // namespace

void auditText(AuditRun& run, const AuditPart& part, std::size_t offset, std::size_t length,
               const std::string& what) {
  const std::string_view text = viewOf(part, offset, length);
  if (text.starts_with("#!/")) run.addAt("script-inside", part, offset, length, what + " is a script");
  if (length > longText)
    run.addAt("text-long", part, offset, length, what + " has " + std::to_string(length) + " bytes");
  auditBase64(run, part, offset, text, what);
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
  if (part.name.ends_with(".json")) {
    const std::string_view text = viewOf(part, 0, part.view().size());
    const PlainJson json = parseJson(text, nullptr, false);
    if (json.is_object() && (json.contains("class_name") || json.contains("registered_name")))
      auditKeras(run, part, json, 0);
  }
}

}  // namespace lapidary::core
