// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/smooth_grad.h"

#include <algorithm>

#include "core/explain/map/draws.h"
#include "core/explain/map/score_function.h"

namespace lapidary::core {

double noiseDeviation(const Tensor& sample, const SaliencyOptions& options) {
  const auto [least, most] = std::ranges::minmax(sample.as<float>());
  return options.smoothNoise * (static_cast<double>(most) - static_cast<double>(least));
}

Tensor noisyCopies(const Tensor& sample, double deviation, std::uint64_t seed, std::size_t first,
                   std::size_t count) {
  Shape shape = sample.shape();
  shape[0] = static_cast<std::int64_t>(count);
  TensorBuilder copies(DType::Float32, shape);
  const auto values = sample.as<float>();
  float* out = copies.as<float>().data();
  for (std::size_t i = 0; i < count; ++i) {
    Draws draws(seed, first + i);
    for (const float value : values) *out++ = value + static_cast<float>(deviation * draws.normal());
  }
  return std::move(copies).build();
}

SaliencyMap smoothGradMap(const SaliencyTask& task) {
  const ScoreFunction score(task);
  const std::size_t all = std::max<std::size_t>(1, task.options.smoothSamples),
                    batch = variationBatch(task.model), width = score.point().as<float>().size();
  const double deviation = noiseDeviation(score.point(), task.options);
  std::vector<double> sum(width, 0);
  for (std::size_t done = 0; done < all; done += std::min(batch, all - done)) {
    const std::size_t count = std::min(batch, all - done);
    const auto found = score.at(noisyCopies(score.point(), deviation, task.options.seed, done, count));
    const auto gradients = found.gradients.as<float>();
    for (std::size_t i = 0; i < gradients.size(); ++i) sum[i % width] += static_cast<double>(gradients[i]);
    task.progress.step(done + count, all);
  }
  std::vector<float> mean(width);
  std::ranges::transform(sum, mean.begin(),
                         [&](double value) { return static_cast<float>(value / static_cast<double>(all)); });
  return score.largest(mean);
}

}  // namespace lapidary::core
