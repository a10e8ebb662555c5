// SPDX-License-Identifier: GPL-3.0-or-later
// One figure of how a cut stands up to attacks, to compare recipes by.
#pragma once

#include <cstddef>

#include "core/support/interval.h"

namespace lapidary::core {

/// The share of samples whose label a model still finds when each was moved one step along the sign of that
/// model's own loss gradient (FGSM; Goodfellow, Shlens, Szegedy 2015). The same samples and strength for
/// every recipe.
struct AttackedAccuracy {
  double strength = 0;      ///< the most that any element moves
  bool pixels = false;      ///< the strength is in levels of 0 to 255; else in units of the model's input
  std::size_t samples = 0;  ///< the first of the data's order
  double share = 0;
  Interval interval;  ///< Wilson score, 95 %
};

}  // namespace lapidary::core
