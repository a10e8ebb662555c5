// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/input_scaling.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/compress/inputs/output_error.h"

namespace lapidary::core {

std::vector<float> inputScales(const LayerInputs& inputs, double alpha) {
  std::vector<double> means(inputs.columns);
  for (std::size_t g = 0; g < inputs.groups; ++g)
    for (std::size_t c = 0; c < inputs.columns; ++c)
      means[c] += inputs.magnitudes[g * inputs.columns + c] / static_cast<double>(inputs.rows);
  double least = std::numeric_limits<double>::infinity(), greatest = 0;
  for (double& mean : means) {
    if (!(mean > 0)) continue;
    mean = std::pow(mean, alpha);
    least = std::min(least, mean), greatest = std::max(greatest, mean);
  }
  const double middle = greatest > 0 ? std::sqrt(least * greatest) : 1;
  std::vector<float> scales;
  for (const double mean : means) scales.push_back(mean > 0 ? static_cast<float>(mean / middle) : 1.0f);
  // A scale out of reach of its inverse would lose the weight.
  for (float& scale : scales) scale = std::clamp(scale, 1e-4f, 1e4f);
  return scales;
}

std::vector<float> scaledColumns(const WeightMatrix& matrix, std::span<const float> weights,
                                 std::span<const float> factors) {
  std::vector<float> scaled(weights.size());
  for (std::size_t r = 0; r < matrix.outputs; ++r)
    for (std::size_t c = 0; c < matrix.inputs; ++c)
      scaled[r * matrix.inputs + c] = weights[r * matrix.inputs + c] * factors[c];
  return scaled;
}

std::shared_ptr<const LayerInputs> dividedInputs(const LayerInputs& inputs, std::span<const float> scales) {
  auto divided = std::make_shared<LayerInputs>();
  const std::size_t n = inputs.columns;
  divided->groups = inputs.groups;
  divided->columns = n;
  divided->rows = inputs.rows;
  for (std::size_t i = 0; i < inputs.sums.size(); ++i) {
    const double s = scales[i % n];
    divided->sums.push_back(inputs.sums[i] / s);
    divided->squares.push_back(inputs.squares[i] / (s * s));
    divided->magnitudes.push_back(inputs.magnitudes[i] / s);
  }
  divided->gram.resize(inputs.gram.size());
  for (std::size_t i = 0; i < inputs.gram.size(); ++i)
    divided->gram[i] = inputs.gram[i] / (scales[i / n % n] * scales[i % n]);
  return divided;
}

std::vector<float> bestInputScales(
    const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> weights,
    const std::function<std::vector<float>(std::span<const float> scales)>& rounded,
    const Progress& progress) {
  std::vector<float> best;
  double least = std::numeric_limits<double>::infinity();
  for (int step = 0; step <= 20; ++step) {
    progress.check();
    const std::vector<float> scales = inputScales(inputs, step / 20.0);
    std::vector<float> lost = rounded(scales);
    std::ranges::transform(weights, lost, lost.begin(), std::minus<>());
    const double error = outputPower(inputs, matrix, lost, false);
    if (error >= least) continue;
    least = error;
    best = scales;
  }
  return best;
}

}  // namespace lapidary::core
