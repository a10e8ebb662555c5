// SPDX-License-Identifier: GPL-3.0-or-later
#include "warnings.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace lapidary::cli {
namespace {

using Told = std::vector<std::pair<std::string, std::string>>;

Told& toldWarnings() {
  static Told told;
  return told;
}

}  // namespace

void warn(const std::string& id, const std::string& text) {
  Told& told = toldWarnings();
  for (const auto& known : told)
    if (known == std::pair(id, text)) return;
  told.emplace_back(id, text);
  note("warning: " + text);
}

void warn(const core::DataWarning& warning) { warn(core::idOf(warning.kind), textOf(warning)); }

void addWarnings(Json& json) {
  if (toldWarnings().empty() || !json.is_object() || json.contains("warnings")) return;
  json["warnings"] = Json::array();
  for (const auto& [id, text] : toldWarnings()) json["warnings"].push_back({{"id", id}, {"text", text}});
}

std::string textOf(const core::DataWarning& warning) {
  const std::string count = std::to_string(warning.count);
  switch (warning.kind) {
    case core::DataWarningKind::NoClassFolders:
      return "folders that hold no samples are no classes: " + warning.detail +
             "; put samples into them where they should be";
    case core::DataWarningKind::LooseFiles:
      return "files beside the class folders belong to no class and are left out (" + count +
             "): " + warning.detail + "; move them into the folder of their class";
    case core::DataWarningKind::OtherFiles:
      return "files in class folders that are no samples of this kind are left out (" + count +
             "): " + warning.detail + "; convert them where they should count";
    case core::DataWarningKind::OutsideLinks:
      return "links that lead out of the folder, or to folders within a class, are not followed (" + count +
             "): " + warning.detail + "; put the files themselves there";
    case core::DataWarningKind::NumberedFolders:
      return "the class folders are named by numbers, which count as the classes: " + warning.detail +
             "; where the first class is not 0, or others lie between, rename them";
    case core::DataWarningKind::PartFolders:
      return "the class folders are named as parts of a data set: " + warning.detail +
             "; give one of them as the data where they hold class folders themselves";
    case core::DataWarningKind::GuessedSound:
      return "the preprocess document leaves keys of 'audio' open, guessed from the model's input and the "
             "first sound: " +
             warning.detail + "; write them into the document where they are otherwise";
  }
  return warning.detail;
}

}  // namespace lapidary::cli
