// SPDX-License-Identifier: GPL-3.0-or-later
#include "warnings.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "exit_status.h"

namespace lapidary::cli {
namespace {

using Told = std::vector<std::pair<std::string, std::string>>;

Told& toldWarnings() {
  static Told told;
  return told;
}

bool strict = false;

}  // namespace

void beStrict() { strict = true; }

bool failsStrictly() {
  const std::size_t count = toldWarnings().size();
  if (!strict || count == 0) return false;
  note("--strict: " + std::to_string(count) + (count == 1 ? " warning stands" : " warnings stand") +
       " above, so the exit status is " + std::to_string(statusInput) +
       "; what was asked for was done all the same");
  return true;
}

void warn(const std::string& id, const std::string& text) {
  Told& told = toldWarnings();
  for (const auto& known : told)
    if (known == std::pair(id, text)) return;
  told.emplace_back(id, text);
  note("warning: " + text);
}

void warn(const core::Warning& warning) { warn(std::string(core::idOf(warning.kind)), warningText(warning)); }

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
    case core::DataWarningKind::GuessedPreprocess:
      return "the preprocess document leaves keys open, guessed from the model's input and the data: " +
             warning.detail + "; write them into the document where they are otherwise";
    case core::DataWarningKind::IgnoredKeys:
      return "keys of the preprocess document that have no effect here: " + warning.detail +
             "; prepare the samples so beforehand where the model needs it";
    case core::DataWarningKind::UnreadablePictures:
      return "pictures are left out, because no reader of their kind is installed: " + warning.detail +
             "; install Debian's qt6-image-formats-plugins, or convert them to PNG";
    case core::DataWarningKind::DeepPictures:
      return "pictures of more than 8 bits a channel are read with 8 (" + count +
             " of those looked at): " + warning.detail +
             "; give an npz of their numbers where that is too coarse";
    case core::DataWarningKind::DimPictures:
      return "pictures of 16 bits a channel use the low bits alone and become nearly black (" + count +
             " of those looked at): " + warning.detail + "; spread their values over all 16 bits";
    case core::DataWarningKind::TransparentPictures:
      return "pictures may be transparent in places, where they are shown over white (" + count +
             " of those looked at): " + warning.detail +
             "; save them over the background that the model knows";
    case core::DataWarningKind::InkPictures:
      return "pictures of four inks (CMYK) become RGB without their colour profile (" + count +
             " of those looked at): " + warning.detail + "; convert them where colours matter";
    case core::DataWarningKind::MoreFrames:
      return "pictures hold several frames or pages, of which the first is read (" + count +
             " of those looked at): " + warning.detail + "; save the others as files where they should count";
    case core::DataWarningKind::ChosenPart:
      return "the data are in parts, of which the first of these is measured, with its samples: " +
             warning.detail + "; another is chosen as FILE:train, FILE:val or FILE:test";
    case core::DataWarningKind::OtherArrays:
      return "arrays of the data that feed no input are left out: " + warning.detail +
             "; name those that should as the model's inputs";
    case core::DataWarningKind::GuessedArrays:
      return "arrays without names were taken for samples and labels: " + warning.detail +
             "; name them x and y where they are otherwise";
    case core::DataWarningKind::OtherColumns:
      return "columns beside files and labels are left out: " + warning.detail +
             "; the column of labels is the one called 'label' where there are several";
    case core::DataWarningKind::NoLabelColumn:
      return "no column is called as labels are, so the samples have none; the columns besides the files "
             "are " +
             warning.detail + "; call the one with the labels 'label'";
    case core::DataWarningKind::TableInFolder:
      return "the folder was read as its table says: " + warning.detail +
             "; give a folder of class folders where those should count";
    case core::DataWarningKind::SortedClasses:
      return "labels that are words were numbered in their sorted order: " + warning.detail +
             "; write numbers where the model's classes have another order";
    case core::DataWarningKind::OtherClassCount:
      return "the labels are of " + count + " classes, but the model answers with " + warning.detail +
             "; check that classes are numbered as the model numbers them";
    case core::DataWarningKind::OneClass:
      return "all " + count + " samples are labelled " + warning.detail +
             ", so the accuracy is that of one class; take samples of all";
    case core::DataWarningKind::PermutedClasses:
      return "the labels seem to be numbered otherwise than the model's classes: " + count + " of " +
             std::to_string(warning.total) +
             " samples would be right if the data's classes had these numbers: " + warning.detail +
             "; order the classes as the model does";
  }
  return warning.detail;
}

}  // namespace lapidary::cli
