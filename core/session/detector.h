// SPDX-License-Identifier: GPL-3.0-or-later
// Detectors of tampered inputs for a session's model or its cut, and what they say of its samples.
#pragma once

#include "core/robust/detector_report.h"
#include "core/session/session.h"

namespace lapidary::core {

/// For the model that the recipe gives, on the session's data, with its workers. Throws as `detectorFor`
/// does, and Error(Usage) without data.
DetectorReport measureDetector(const Session& session, const Recipe& recipe, RobustnessRequest request,
                               double falseAlarms, const Progress& progress,
                               const std::function<void(const DetectorReport& soFar)>& onTrial = {});

/// One sample of the data, by its number.
struct JudgedSample {
  std::int64_t top1 = 0;
  DetectorScores scores{};
  bool suspicious = false;  ///< the joint score is above its threshold
};

/// Every sample of the session's data. Throws Error(InvalidInput) where the detector is of another model.
std::vector<JudgedSample> detectTampered(const Session& session, const Recipe& recipe,
                                         const InputDetector& detector, const Progress& progress);

}  // namespace lapidary::core
