// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy against the strength of attacks and of noise, of a model and of its cut on the same samples.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/analyze/outcome.h"
#include "core/robust/attack.h"
#include "core/robust/input_box.h"
#include "core/support/progress.h"

namespace lapidary::core {

struct RobustnessRequest {
  std::vector<AttackMethod> methods{AttackMethod::Fgsm, AttackMethod::Pgd, AttackMethod::UniformNoise};
  std::vector<double>
      strengths;  ///< above 0, at most 64 of them; none: usualStrengths. 0 is always measured too
  std::optional<StrengthUnit> unit;  ///< none: levels of pixels where the samples are pictures
  AttackNorm norm = AttackNorm::LInf;
  std::size_t steps = 10;
  std::uint64_t seed = 1;
  std::size_t samples = 200;  ///< the first of the dataset's order
  bool transfer = false;      ///< also what attacks on one model do to the other
  unsigned workers = 1;       ///< the figures are the same for any number of them
};

/// Samples answered as wanted: by their label, or, without labels, as the original answers them unharmed.
struct RobustShare {
  std::size_t right = 0, samples = 0;
  double value() const {
    return samples == 0 ? 0 : static_cast<double>(right) / static_cast<double>(samples);
  }
  Interval interval() const;  ///< Wilson score, 95 %
};

struct RobustnessRow {
  AttackMethod method = AttackMethod::Pgd;
  double strength = 0;
  RobustShare original;                      ///< attacked by its own gradients
  std::optional<RobustShare> cut;            ///< likewise; none without a cut
  std::optional<Interval> change;            ///< of the cut's share less the original's, paired, 95 %
  std::optional<RobustShare> originalOnCut;  ///< the original, on inputs made against the cut
  std::optional<RobustShare> cutOnOriginal;  ///< the cut, on inputs made against the original
};

struct RobustnessReport {
  StrengthUnit unit = StrengthUnit::Input;
  AttackNorm norm = AttackNorm::LInf;
  std::size_t steps = 0, samples = 0;
  std::uint64_t seed = 0;
  bool labelled = false;
  bool clipped = false;             ///< to what pixels can become
  std::vector<float> perUnit;       ///< by channel: units of the model's input in one unit of strength
  std::vector<RobustnessRow> rows;  ///< by method, then by strength from 0
};

/// In steps that pictures and plain inputs are usually measured at: 1, 2, 4, 8, 16 levels (twenty times that
/// in l2), or hundredths of a unit.
std::vector<double> usualStrengths(StrengthUnit unit, AttackNorm norm);

/// Throws Error(Usage) naming the number that is out of range.
void requireSound(const RobustnessRequest& request);

/// Hears of every row once it is whole, on the calling thread.
using OnRobustnessRow = std::function<void(const RobustnessReport& soFar)>;

/// `cut` may be null, and reads the same inputs. Throws Error(Unsupported) where a model has no gradient,
/// where it reads tokens, or where its outputs are no scores of classes, Error(Usage) for numbers out of
/// range, Cancelled.
RobustnessReport robustness(const Model& original, const Model* cut, const Dataset& data,
                            const RobustnessRequest& request, const Progress& progress,
                            const OnRobustnessRow& onRow = {});

}  // namespace lapidary::core
