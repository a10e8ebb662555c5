// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/integrated_gradients.h"

#include <algorithm>
#include <numeric>

#include "core/explain/map/score_function.h"

namespace lapidary::core {
namespace {

/// The point times each of the factors.
Tensor scaled(const Tensor& point, std::span<const double> factors) {
  Shape shape = point.shape();
  shape[0] = static_cast<std::int64_t>(factors.size());
  TensorBuilder builder(DType::Float32, shape);
  float* out = builder.as<float>().data();
  for (const double factor : factors)
    for (const float value : point.as<float>()) *out++ = static_cast<float>(factor) * value;
  return std::move(builder).build();
}

std::vector<double> midpoints(std::size_t first, std::size_t count, std::size_t steps) {
  std::vector<double> factors;
  for (std::size_t i = 0; i < count; ++i)
    factors.push_back((static_cast<double>(first + i) + 0.5) / static_cast<double>(steps));
  return factors;
}

}  // namespace

SaliencyMap integratedGradientsMap(const SaliencyTask& task) {
  const ScoreFunction score(task);
  const std::size_t steps = std::max<std::size_t>(1, task.options.pathSteps),
                    batch = variationBatch(task.model), width = score.point().as<float>().size();
  std::vector<double> sum(width, 0);
  for (std::size_t done = 0; done < steps; done += std::min(batch, steps - done)) {
    const std::size_t count = std::min(batch, steps - done);
    const auto found = score.at(scaled(score.point(), midpoints(done, count, steps)));
    const auto gradients = found.gradients.as<float>();
    for (std::size_t i = 0; i < gradients.size(); ++i) sum[i % width] += static_cast<double>(gradients[i]);
    task.progress.step(done + count, steps);
  }
  const auto point = score.point().as<float>();
  std::vector<float> attributions(width);
  for (std::size_t i = 0; i < width; ++i)
    attributions[i] = static_cast<float>(static_cast<double>(point[i]) * sum[i] / static_cast<double>(steps));
  SaliencyMap map = score.sum(attributions);
  const double zero[]{0};
  map.completeness = {std::accumulate(attributions.begin(), attributions.end(), 0.0),
                      score.score() - score.at(scaled(score.point(), zero)).scores.at(0)};
  return map;
}

}  // namespace lapidary::core
