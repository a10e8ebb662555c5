// SPDX-License-Identifier: GPL-3.0-or-later
// Searches patterns that bring a cut model to one class and leave the original where it is.
#pragma once

#include <span>
#include <vector>

#include "core/data/dataset.h"
#include "core/model/model.h"
#include "core/support/progress.h"

namespace lapidary::core {

struct TriggerSettings {
  std::size_t steps = 60;    ///< of Adam, for each class
  std::size_t samples = 96;  ///< to search on; as many others judge
  std::size_t classes = 20;  ///< at most so many are searched: those that the cut's scores rise most in
  unsigned workers = 1;      ///< the result is the same for any number of them
};

/// A pattern and where it lies: x' = (1 - mask) x + mask pattern (Wang et al. 2019, Neural Cleanse), found by
/// Adam on cross-entropy of the cut against the class, plus that of the original against its own answer to
/// the clean sample, plus the mask's size.
struct TriggerResult {
  std::int64_t cls = 0;
  double area = 0;           ///< mean of the mask: the share of the positions that are covered
  std::size_t samples = 0;   ///< that the search has not seen and neither model gives the class when clean
  std::size_t obeyed = 0;    ///< of them: brought to the class in the cut alone
  std::size_t original = 0;  ///< of them: brought to the class in the original
  std::vector<float> mask;   ///< by position
};

/// By class. Throws Error(Unsupported) where there are no gradients at the input, Cancelled.
std::vector<TriggerResult> searchTriggers(const Model& original, const Model& cut, const Dataset& data,
                                          const TriggerSettings& settings, const Progress& progress);

}  // namespace lapidary::core
