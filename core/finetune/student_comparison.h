// SPDX-License-Identifier: GPL-3.0-or-later
// Two models side by side on the same samples: a teacher and its student.
#pragma once

#include <optional>

#include "core/session/session.h"

namespace lapidary::core {

struct StudentComparison {
  Quality quality;                          ///< the student's; the original's figures are the teacher's
  Comparison answers;                       ///< likewise
  std::optional<Interval> teacherInterval;  ///< of its top-1, Wilson score, 95 %
  std::uint64_t teacherBytes = 0, studentBytes = 0;  ///< as ONNX files
  std::int64_t teacherParameters = 0, studentParameters = 0;
  Latency latency;                     ///< of one sample on one thread
  std::optional<SaliencyDrift> drift;  ///< of gradient maps; none where there are none of one size
};

/// On the session's data; `data` are the same samples as the student takes them (see studentData). Throws
/// Error(Usage) without data, Cancelled.
StudentComparison compareStudent(const Session& teacher, const Model& student, const Dataset& data,
                                 const Progress& progress);

}  // namespace lapidary::core
