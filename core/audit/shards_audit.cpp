// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/shards_audit.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "core/audit/parts/path_escape.h"
#include "core/files/inside_folder.h"
#include "core/files/mapped_file.h"
#include "core/files/shown_text.h"
#include "core/io/common/format.h"
#include "core/support/bytes.h"
#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostShards = 10'000;

std::set<std::string> shardsOf(std::string_view text) {
  std::set<std::string> names;
  const nlohmann::json json = parseJson(text, nullptr, false);
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) return names;
  for (const auto& name : json["weight_map"])
    if (name.is_string() && names.size() < mostShards) names.insert(name.get<std::string>());
  return names;
}

void auditShard(AuditRun& run, const AuditPart& part, const std::string& name) {
  const std::string shown = shownText(name);
  try {
    const std::string own = (std::filesystem::path(part.folder) / part.name).string();
    const NamedFile file = fileInFolder(part.folder, realFolderOf(own), name, shown);
    if (file.path.empty())
      return run.add("onnx-external-missing", shown, "the index names this file, which is not there");
    run.lookInto({mapFile(file.path), shown, name, part.folder, part.depth + 1, std::nullopt});
  } catch (const Error& error) {
    run.add("file-unreadable", shown, error.what());
  }
}

}  // namespace

void auditShards(AuditRun& run, const AuditPart& part) {
  const Format* format = formatOf(part.view(), part.name);
  if (part.folder.empty() || part.depth > 0 || format == nullptr || format->name != "index of shards") return;
  for (const std::string& name : shardsOf(textOf(part.view()))) {
    run.progress().check();
    if (leadsOut(name))
      run.add("onnx-external-escape", shownText(name), "the index names a file outside of its folder");
    else
      auditShard(run, part, name);
  }
}

}  // namespace lapidary::core
