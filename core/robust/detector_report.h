// SPDX-License-Identifier: GPL-3.0-or-later
// How well a detector tells attacked inputs from clean ones that it was not fitted to.
#pragma once

#include <functional>
#include <optional>

#include "core/robust/detector.h"
#include "core/robust/robustness.h"

namespace lapidary::core {

struct RocPoint {
  double falseAlarms = 0, caught = 0;
};

/// Attacked against clean scores, by one score.
struct DetectorCurve {
  DetectorScore score = DetectorScore::Both;
  double area = 0.5;             ///< under the ROC: the chance that an attacked input has the greater score
  Interval areaInterval;         ///< 95 % (Hanley, McNeil 1982)
  std::size_t caught = 0;        ///< above the threshold
  Interval caughtInterval;       ///< of their share, Wilson score, 95 %
  std::vector<RocPoint> points;  ///< at most 64, from (0, 0) to (1, 1)
};

struct DetectorTrial {
  AttackMethod method = AttackMethod::Pgd;
  double strength = 0;
  std::size_t samples = 0, misled = 0;  ///< misled: answered right when clean and wrong when attacked
  std::vector<DetectorCurve> all;       ///< by score, over all attacked inputs
  std::vector<DetectorCurve>
      ofMisled;  ///< over those that misled the model alone; empty where there are none

  /// Of all attacked inputs the share above that score's threshold.
  double caughtShare(DetectorScore score) const;
};

struct DetectorReport {
  InputDetector detector;
  StrengthUnit unit = StrengthUnit::Input;
  AttackNorm norm = AttackNorm::LInf;
  std::size_t judgedOn = 0;                  ///< clean samples
  std::vector<std::size_t> falseAlarms;      ///< among them, by score
  std::vector<Interval> falseAlarmInterval;  ///< of their share, Wilson score, 95 %
  std::vector<DetectorTrial> trials;

  /// Of the clean samples the share above that score's threshold.
  double falseAlarmShare(DetectorScore score) const;
};

/// Fits a detector to every other of the first `request.samples` samples and judges it on those between them,
/// under every attack and strength of the request (its usual strengths: the three greatest). `transfer` is
/// not looked at. Throws as fitDetector and robustness do.
DetectorReport detectorFor(const Model& model, const Dataset& data, const RobustnessRequest& request,
                           double falseAlarms, const Progress& progress,
                           const std::function<void(const DetectorReport& soFar)>& onTrial = {});

/// The chance that one of `positive` is greater than one of `negative`, ties by half, with its 95 % interval.
std::pair<double, Interval> areaUnderRoc(std::vector<double> negative, std::vector<double> positive);

}  // namespace lapidary::core
