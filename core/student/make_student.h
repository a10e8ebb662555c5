// SPDX-License-Identifier: GPL-3.0-or-later
// A student as its specification says, ready to be trained.
#pragma once

#include "core/model/model.h"
#include "core/student/student_spec.h"
#include "core/student/student_task.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// The same weights for the same seed. Throws Error(InvalidInput) for a specification that is out of range or
/// a file that cannot be read, Error(Unsupported) where the teacher has no channels or blocks that could go,
/// or its input does not suit the kind.
Model makeStudent(const StudentSpec& spec, const Model& teacher, const StudentTask& task, std::uint64_t seed,
                  const Progress& progress = {});

}  // namespace lapidary::core
