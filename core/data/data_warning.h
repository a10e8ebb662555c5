// SPDX-License-Identifier: GPL-3.0-or-later
// What was noticed while data were read, and does not stop it: what is left out, and what was guessed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lapidary::core {

enum class DataWarningKind {
  NoClassFolders,       ///< folders beside the class folders that hold no samples
  LooseFiles,           ///< samples beside the class folders
  OtherFiles,           ///< files among the samples that are no samples of this kind
  OutsideLinks,         ///< links that lead out of the folder, or to a folder within a class folder
  NumberedFolders,      ///< class folders named by numbers that are not 0, 1, 2, ...
  PartFolders,          ///< class folders that are named as parts of a data set are
  GuessedSound,         ///< keys of the preprocess's 'audio' that nobody gave
  GuessedPreprocess,    ///< other keys of the preprocess that a document leaves open
  IgnoredKeys,          ///< keys of a preprocess document that have no effect here
  UnreadablePictures,   ///< of kinds that no reader is installed for
  DeepPictures,         ///< of 16 bits a channel, read as 8; as all of pictures: among those looked at
  DimPictures,          ///< of 16 bits a channel, of which only the low ones are used
  TransparentPictures,  ///< blended over white
  InkPictures,          ///< of four inks, without their colour profile
  MoreFrames,           ///< animations and documents, of which the first frame is read
  ChosenPart,           ///< one of several parts of the data was taken; the detail begins with it
  OtherArrays,          ///< arrays beside samples and labels
  GuessedArrays,        ///< arrays without names that were taken for samples and labels
  OtherColumns,         ///< columns beside files and labels
  NoLabelColumn,        ///< a table with further columns, of which none is called as labels are
  TableInFolder,        ///< a table among the files of a folder, which was read in place of the folder
  SortedClasses,        ///< names of classes in a table, numbered in their sorted order
  OtherClassCount,      ///< as many classes as the count says, in a model of as many as the detail says
  OneClass,             ///< all samples are of the class in the detail
  PermutedClasses  ///< the model would be right on so many samples if its classes were numbered otherwise
};

struct DataWarning {
  DataWarningKind kind;
  std::string detail;     ///< names or keys, for a sentence that the reader of it composes
  std::size_t count = 0;  ///< of what is named, of which the detail may list the first ones only
  std::size_t total = 0;  ///< of PermutedClasses: the samples that were asked

  bool operator==(const DataWarning&) const = default;
};

/// A word for scripts: "loose-files".
const char* idOf(DataWarningKind kind);

/// The first few in quotes: "'a', 'b', ...".
std::string listedNames(const std::vector<std::string>& names);
/// Says the numbers of classes that were given by name.
DataWarning sortedClasses(const std::vector<std::string>& names);

}  // namespace lapidary::core
