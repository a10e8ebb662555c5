// SPDX-License-Identifier: GPL-3.0-or-later
// Small networks of usual shapes, with sizes set by numbers.
#pragma once

#include "core/model/model.h"
#include "core/student/student_spec.h"
#include "core/student/student_task.h"

namespace lapidary::core {

/// Weights by `seed`. The specification is valid and of the kind. Throws Error(Unsupported) where the input
/// does not suit the kind, Error(InvalidInput) where there would be too many weights.
Model makeMlp(const StudentSpec& spec, const StudentTask& task, std::uint64_t seed);
Model makeCnn(const StudentSpec& spec, const StudentTask& task, std::uint64_t seed);
/// Padding is a token like any other.
Model makeTransformer(const StudentSpec& spec, const StudentTask& task, std::uint64_t seed);

}  // namespace lapidary::core
