// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_warning.h"

#include <algorithm>

namespace lapidary::core {
namespace {

/// Names that are listed of many.
constexpr std::size_t mostNamed = 5;

}  // namespace

std::string listedNames(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(mostNamed, names.size()); ++i)
    text += (i == 0 ? "'" : ", '") + names[i] + "'";
  return names.size() > mostNamed ? text + ", ..." : text;
}

DataWarning sortedClasses(const std::vector<std::string>& names) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(i) + " '" + names[i] + "'";
  return {DataWarningKind::SortedClasses, names.size() > most ? text + ", ..." : text, names.size()};
}

const char* idOf(DataWarningKind kind) {
  switch (kind) {
    case DataWarningKind::NoClassFolders:
      return "folders-no-classes";
    case DataWarningKind::LooseFiles:
      return "loose-files";
    case DataWarningKind::OtherFiles:
      return "other-files";
    case DataWarningKind::OutsideLinks:
      return "links-outside";
    case DataWarningKind::NumberedFolders:
      return "numbered-folders";
    case DataWarningKind::PartFolders:
      return "part-folders";
    case DataWarningKind::GuessedSound:
      return "guessed-audio";
    case DataWarningKind::GuessedPreprocess:
      return "guessed-preprocess";
    case DataWarningKind::IgnoredKeys:
      return "preprocess-keys-ignored";
    case DataWarningKind::UnreadablePictures:
      return "unreadable-pictures";
    case DataWarningKind::DeepPictures:
      return "deep-pictures";
    case DataWarningKind::DimPictures:
      return "dim-pictures";
    case DataWarningKind::TransparentPictures:
      return "transparent-pictures";
    case DataWarningKind::InkPictures:
      return "cmyk-pictures";
    case DataWarningKind::MoreFrames:
      return "more-frames";
    case DataWarningKind::ChosenPart:
      return "data-part";
    case DataWarningKind::OtherArrays:
      return "other-arrays";
    case DataWarningKind::GuessedArrays:
      return "guessed-arrays";
    case DataWarningKind::OtherColumns:
      return "other-columns";
    case DataWarningKind::NoLabelColumn:
      return "no-label-column";
    case DataWarningKind::TableInFolder:
      return "folder-table";
    case DataWarningKind::SortedClasses:
      return "sorted-classes";
    case DataWarningKind::OtherClassCount:
      return "class-count";
    case DataWarningKind::OneClass:
      return "one-class";
    case DataWarningKind::PermutedClasses:
      return "permuted-classes";
  }
  return "";
}

}  // namespace lapidary::core
