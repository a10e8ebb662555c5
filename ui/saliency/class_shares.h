// SPDX-License-Identifier: GPL-3.0-or-later
// The likeliest classes of an output, as probabilities.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary::ui {

struct ClassShare {
  std::int64_t index = 0;
  double probability = 0;
  bool operator==(const ClassShare&) const = default;
};

/// The scores themselves where they are probabilities already (none negative, sum 1), else their softmax.
std::vector<double> probabilitiesOf(std::span<const float> scores);

/// The `count` likeliest, the likeliest first; equal ones by class.
std::vector<ClassShare> likeliest(std::span<const double> probabilities, std::size_t count);

}  // namespace lapidary::ui
