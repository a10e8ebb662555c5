// SPDX-License-Identifier: GPL-3.0-or-later
// The figure of robustness by which recipes are compared.
#include <algorithm>

#include "core/robust/robustness.h"
#include "core/session/state.h"

namespace lapidary::core {

std::optional<AttackedAccuracy> Session::State::attackedAccuracyOf(const Model& cut,
                                                                   const Progress& progress) const {
  if (!canRun() || !data || !data->labelled() || !classAnswers) return std::nullopt;
  RobustnessRequest request;
  request.methods = {AttackMethod::Fgsm};
  request.unit = holdsPixels(*data) ? StrengthUnit::Pixel : StrengthUnit::Input;
  // The middle one of those that are usual: many models are right on some samples then, and wrong on others.
  const std::vector<double> usual = usualStrengths(*request.unit, request.norm);
  request.strengths = {usual[usual.size() / 2]};
  request.workers = memory.workers;
  try {
    const RobustnessReport report = robustness(cut, nullptr, *data, request, progress);
    const RobustShare& left = report.rows.back().original;
    return AttackedAccuracy{report.rows.back().strength, report.unit == StrengthUnit::Pixel, left.samples,
                            left.value(), left.interval()};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unsupported) throw;
    return std::nullopt;
  }
}

}  // namespace lapidary::core
