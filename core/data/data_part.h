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

/// The part that is wanted; without a wish the first of those that are there. Throws Error(InvalidInput)
/// where the wanted one is not there.
DataPart chosenPart(const std::map<DataPart, std::size_t>& samplesOfParts, std::optional<DataPart> wanted);

/// Says which part of several was taken, and how many samples the parts have; nothing where it was wished
/// for.
std::optional<DataWarning> partWarning(const std::map<DataPart, std::size_t>& samplesOfParts, DataPart chosen,
                                       std::optional<DataPart> wanted);

}  // namespace lapidary::core
