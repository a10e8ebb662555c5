// SPDX-License-Identifier: GPL-3.0-or-later
// Feature matching: a student that learns what stands inside its teacher (Romero et al. 2015).
#pragma once

#include <string>

namespace lapidary::core {

/// Two values, by name, that should be alike; of one shape.
struct FeatureMatch {
  std::string teacher, student;
  double weight = 0;  ///< of the mean square of their difference, beside the loss of the classes; 0: none

  bool wanted() const { return weight > 0; }
};

}  // namespace lapidary::core
