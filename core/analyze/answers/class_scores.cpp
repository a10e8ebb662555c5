// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/answers/class_scores.h"

#include <algorithm>
#include <cmath>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// The sample's axes that have more than one entry.
Shape sampleAxes(const Shape& shape) {
  Shape axes;
  for (std::size_t i = 1; i < shape.size(); ++i)
    if (shape[i] != 1) axes.push_back(shape[i]);
  return axes;
}

bool holdsScores(const Tensor& output) {
  if (!output.defined() || !isFloating(output.dtype()) || output.rank() < 2 || output.size() == 0)
    return false;
  const Shape axes = sampleAxes(output.shape());
  return axes.size() == 1 || axes.size() == 2;
}

bool isDistribution(std::span<const float> row) {
  double sum = 0;
  for (const float value : row) {
    if (!(value >= 0)) return false;
    sum += value;
  }
  return std::abs(sum - 1) < 1e-3;
}

double logSumExp(std::span<const float> row, float largest) {
  double sum = 0;
  for (const float value : row) sum += std::exp(static_cast<double>(value) - largest);
  return largest + std::log(sum);
}

bool higher(float a, float b) { return a > b || (std::isnan(b) && !std::isnan(a)); }

}  // namespace

std::size_t ClassScores::indexOf(std::size_t sample, std::int64_t cls) const {
  if (cls < 0 || static_cast<std::size_t>(cls) >= classes)
    throw Error(ErrorKind::Usage, "class " + std::to_string(cls) + " is not among the model's " +
                                      std::to_string(classes) + " classes");
  return sample * stride + static_cast<std::size_t>(cls);
}

std::span<const float> ClassScores::row(std::size_t sample) const {
  return std::span<const float>(values).subspan(sample * stride, classes);
}

std::int64_t ClassScores::top1(std::size_t sample) const {
  const auto scores = row(sample);
  std::size_t best = 0;
  for (std::size_t i = 1; i < scores.size(); ++i)
    if (higher(scores[i], scores[best])) best = i;
  return static_cast<std::int64_t>(best);
}

double ClassScores::probability(std::size_t sample, std::int64_t cls) const {
  return std::exp(-crossEntropy(sample, cls));
}

double ClassScores::crossEntropy(std::size_t sample, std::int64_t cls) const {
  const double score = values[indexOf(sample, cls)];
  if (probabilities) return -std::log(std::max(score, 1e-12));
  const auto scores = row(sample);
  return logSumExp(scores, *std::max_element(scores.begin(), scores.end())) - score;
}

bool ClassScores::within(std::size_t sample, std::int64_t cls, std::size_t k) const {
  const auto scores = row(sample);
  const auto target = static_cast<std::size_t>(cls);
  if (target >= scores.size()) return false;
  std::size_t ahead = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    ahead += higher(scores[i], scores[target]) || (i < target && scores[i] == scores[target]);
  return ahead < k;
}

ClassScores classScores(std::span<const Tensor> outputs, std::optional<std::size_t> chosen) {
  if (chosen && (*chosen >= outputs.size() || !holdsScores(outputs[*chosen])))
    throw Error(ErrorKind::Unsupported, "output " + std::to_string(*chosen) +
                                            " of the model, which was chosen, cannot be read as scores of "
                                            "classes (a floating output [samples, classes])");
  const auto found = chosen ? outputs.begin() + static_cast<std::ptrdiff_t>(*chosen)
                            : std::find_if(outputs.begin(), outputs.end(), holdsScores);
  if (found == outputs.end())
    throw Error(
        ErrorKind::Unsupported,
        "no output of the model can be read as scores of classes (a floating output [samples, classes])");
  ClassScores scores;
  scores.output = static_cast<std::size_t>(found - outputs.begin());
  const Tensor values = toFloat32(*found);
  scores.values.assign(values.as<float>().begin(), values.as<float>().end());
  scores.samples = static_cast<std::size_t>(found->shape()[0]);
  scores.stride = static_cast<std::size_t>(found->size()) / scores.samples;
  scores.classes = static_cast<std::size_t>(sampleAxes(found->shape()).back());
  scores.probabilities = true;
  for (std::size_t i = 0; i < scores.samples && scores.probabilities; ++i)
    scores.probabilities = isDistribution(scores.row(i));
  return scores;
}

}  // namespace lapidary::core
