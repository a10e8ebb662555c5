// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/input_gradient.h"

#include <algorithm>
#include <functional>

#include "core/explain/map/score_function.h"

namespace lapidary::core {

SaliencyMap gradientMap(const SaliencyTask& task) {
  const ScoreFunction score(task);
  return score.largest(score.gradient().as<float>());
}

SaliencyMap gradientInputMap(const SaliencyTask& task) {
  const ScoreFunction score(task);
  const auto gradient = score.gradient().as<float>();
  std::vector<float> product(gradient.begin(), gradient.end());
  std::ranges::transform(product, score.point().as<float>(), product.begin(), std::multiplies<>());
  return score.sum(product);
}

}  // namespace lapidary::core
