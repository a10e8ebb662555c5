// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/loss.h"

#include <algorithm>
#include <cmath>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// log softmax of a row divided by the temperature.
std::vector<double> logSoftmax(std::span<const float> row, double temperature) {
  std::vector<double> logs(row.begin(), row.end());
  for (double& value : logs) value /= temperature;
  const double most = *std::ranges::max_element(logs);
  double sum = 0;
  for (const double value : logs) sum += std::exp(value - most);
  const double norm = most + std::log(sum);
  for (double& value : logs) value -= norm;
  return logs;
}

std::span<const float> rowOf(const Scores& scores, std::size_t row) {
  return scores.values.subspan(row * scores.classes, scores.classes);
}

void requireAlike(const Scores& a, const Scores& b) {
  if (a.classes != b.classes || a.values.size() != b.values.size())
    throw Error(ErrorKind::Usage, "the scores of " + std::to_string(a.rows()) + " x " +
                                      std::to_string(a.classes) + " cannot be held against " +
                                      std::to_string(b.rows()) + " x " + std::to_string(b.classes));
}

}  // namespace

Loss crossEntropy(const Scores& scores, std::span<const std::int64_t> labels, double smoothing) {
  Loss loss{0, std::vector<float>(scores.values.size())};
  const double even = smoothing / static_cast<double>(scores.classes);
  for (std::size_t row = 0; row < scores.rows(); ++row) {
    const auto label = static_cast<std::size_t>(labels[row]);
    if (labels[row] < 0 || label >= scores.classes)
      throw Error(ErrorKind::InvalidInput, "label " + std::to_string(labels[row]) + " of a model with " +
                                               std::to_string(scores.classes) + " classes");
    const std::vector<double> logs = logSoftmax(rowOf(scores, row), 1);
    for (std::size_t c = 0; c < scores.classes; ++c) {
      const double wanted = even + (c == label ? 1 - smoothing : 0);
      loss.sum -= wanted * logs[c];
      loss.gradient[row * scores.classes + c] = static_cast<float>(std::exp(logs[c]) - wanted);
    }
  }
  return loss;
}

Loss distillation(const Scores& scores, const Scores& teacher, double temperature) {
  requireAlike(scores, teacher);
  Loss loss{0, std::vector<float>(scores.values.size())};
  for (std::size_t row = 0; row < scores.rows(); ++row) {
    const std::vector<double> mine = logSoftmax(rowOf(scores, row), temperature),
                              wanted = logSoftmax(rowOf(teacher, row), temperature);
    for (std::size_t c = 0; c < scores.classes; ++c) {
      const double p = std::exp(wanted[c]);
      loss.sum += temperature * temperature * p * (wanted[c] - mine[c]);
      loss.gradient[row * scores.classes + c] = static_cast<float>(temperature * (std::exp(mine[c]) - p));
    }
  }
  return loss;
}

Loss meanSquares(const Scores& values, const Scores& targets) {
  requireAlike(values, targets);
  Loss loss{0, std::vector<float>(values.values.size())};
  const double share = 1 / static_cast<double>(std::max<std::size_t>(1, values.classes));
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    const double error = static_cast<double>(values.values[i]) - static_cast<double>(targets.values[i]);
    loss.sum += share * error * error;
    loss.gradient[i] = static_cast<float>(2 * share * error);
  }
  return loss;
}

Loss weightedSum(Loss a, const Loss& b, double weightOfA, double weightOfB) {
  a.sum = weightOfA * a.sum + weightOfB * b.sum;
  for (std::size_t i = 0; i < a.gradient.size(); ++i)
    a.gradient[i] = static_cast<float>(weightOfA * static_cast<double>(a.gradient[i]) +
                                       weightOfB * static_cast<double>(b.gradient[i]));
  return a;
}

}  // namespace lapidary::core
