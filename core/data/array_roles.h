// SPDX-License-Identifier: GPL-3.0-or-later
// What the arrays of one file are: samples, labels, further inputs, or parts of the data that are not taken.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/data/data_part.h"
#include "core/data/data_warning.h"
#include "core/model/tensor.h"

namespace lapidary::core {

struct ArrayRoles {
  /// The array of samples, where its name says so or it is the only one; else inputs have the names of the
  /// model's.
  std::string samples;
  std::string labels;  ///< may be empty
  /// Further arrays that a model's inputs may be named as: that name, and the array's.
  std::map<std::string, std::string> inputs;
  std::vector<std::string> aside;  ///< arrays that feed nothing
  std::vector<DataWarning> warnings;
  DataParts parts;
};

/// `shapes` by name. Where arrays are in parts (x_train, test_images), those of `part`, or of the first that
/// is there. Throws Error(InvalidInput) where there are no samples, or not that part.
ArrayRoles rolesOf(const std::map<std::string, Shape>& shapes, std::optional<DataPart> part);

}  // namespace lapidary::core
