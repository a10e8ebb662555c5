// SPDX-License-Identifier: GPL-3.0-or-later
// Labels that can hardly be right, told from how they stand to the answers of a model.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/data/data_warning.h"
#include "core/data/dataset.h"

namespace lapidary::core {

/// How often which class was answered for which: rows of the true classes, columns of the answers, of a model
/// with `classes` scores that was not cut.
struct AnswersByClass {
  std::size_t classes = 0;
  std::span<const std::int64_t> counts;  ///< classes x classes
};

/// Questions all samples of one class, another number of classes than the model has, and classes that are
/// numbered otherwise than the model's: where most answers would be right if they were exchanged, and few
/// are. Empty without labels.
std::vector<DataWarning> questionedLabels(const DataSource& data, const AnswersByClass& answers);

}  // namespace lapidary::core
