// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/answers/class_answers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/run/executor.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::size_t chunk = 50;  ///< samples run at once

}  // namespace

std::vector<std::int64_t> ClassAnswers::top1() const {
  std::vector<std::int64_t> best;
  for (std::size_t sample = 0; sample < samples(); ++sample) {
    const auto scores = row(sample);
    best.push_back(std::ranges::max_element(scores) - scores.begin());
  }
  return best;
}

std::vector<float> logScores(const ClassScores& scores, std::size_t sample) {
  const auto row = scores.row(sample);
  std::vector<float> logs(row.begin(), row.end());
  if (scores.probabilities)
    for (float& value : logs) value = std::log(std::max(value, 1e-12f));
  return logs;
}

ClassAnswers classAnswers(const Model& model, const Dataset& data, unsigned workers,
                          const std::stop_token& stop) {
  const Executor executor(model, {});
  std::vector<ClassScores> scores((data.size() + chunk - 1) / chunk);
  parallelFor(scores.size(), workers, [&](std::size_t i, unsigned) {
    std::vector<std::size_t> samples(std::min(chunk, data.size() - i * chunk));
    std::iota(samples.begin(), samples.end(), i * chunk);
    RunOptions options;
    options.stop = stop;
    scores[i] = classScores(executor.run(model, data.inputs(samples), options).outputs, model.scoresOutput);
  });
  ClassAnswers answers;
  for (const ClassScores& some : scores) {
    answers.classes = some.classes;
    for (std::size_t sample = 0; sample < some.samples; ++sample) {
      const auto row = logScores(some, sample);
      answers.values.insert(answers.values.end(), row.begin(), row.end());
    }
  }
  return answers;
}

}  // namespace lapidary::core
