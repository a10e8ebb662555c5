// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that one file of data may hold: to train on, to choose on, and to test on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/data/data_warning.h"

namespace lapidary::core {

/// The one to measure on stands first.
enum class DataPart { Test, Validation, Train };

/// How data are divided, and what of them was taken.
struct DataParts {
  std::map<DataPart, std::size_t> samples;  ///< how many each part holds; empty where there are no parts
  std::optional<DataPart> taken;
};

/// "test", "val", "train".
std::string_view wordOf(DataPart part);

/// By any of the words that people use, in any case: "Validation", "dev"; nothing for others.
std::optional<DataPart> partNamed(std::string_view word);

/// The name of an array that begins or ends with a part's word: "x_test", "train_images", "testX".
struct PartName {
  DataPart part;
  std::string rest;  ///< "x", in lower case
};
std::optional<PartName> partName(const std::string& name);

/// Where data lie, as openData takes it: the file, and the part of it that is named (FILE:train).
struct DataPlace {
  std::string file;
  std::optional<DataPart> part;
};
/// A file that is called so counts before a part of another.
DataPlace dataPlace(const std::string& where);
/// FILE:PART.
std::string pathOf(const DataPlace& place);

/// The part that is wanted; without a wish the first of those that are there. Throws Error(InvalidInput)
/// where the wanted one is not there.
DataPart chosenPart(const std::map<DataPart, std::size_t>& samplesOfParts, std::optional<DataPart> wanted);

/// `path` with the part that was taken, where it was wanted or there are others.
std::string pathOfPart(const std::string& path, const DataParts& parts, std::optional<DataPart> wanted);

/// Says which part of several was taken, and how many samples the parts have; nothing where it was wished
/// for.
std::optional<DataWarning> partWarning(const std::map<DataPart, std::size_t>& samplesOfParts, DataPart chosen,
                                       std::optional<DataPart> wanted);

}  // namespace lapidary::core
