// SPDX-License-Identifier: GPL-3.0-or-later
// A digit of the demo and the model that reads it, for the tests of explaining.
#pragma once

#include <cmath>

#include "core/analyze/answers/class_scores.h"
#include "core/explain/explain_sample.h"
#include "core/explain/map/saliency.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/support/demo_digits.h"

namespace lapidary::core {

struct ExplainedDigit {
  Model model = readModel(demo + "lenet5.onnx");
  Executor executor{model, {}};
  std::vector<Tensor> inputs = digits(model)->inputs(std::vector<std::size_t>{3});

  SaliencyMap map(SaliencyMethod method, const SaliencyOptions& options = {}, std::int64_t cls = -1) const {
    return saliency(model, executor, inputs, method, cls, {}, options);
  }
  ClassScores scores(const Tensor& image) const {
    return classScores(executor.run(model, std::span(&image, 1)).outputs, {});
  }
};

inline double largestMagnitude(const std::vector<float>& values) {
  double largest = 0;
  for (const float value : values) largest = std::max(largest, std::abs(static_cast<double>(value)));
  return largest;
}

}  // namespace lapidary::core
