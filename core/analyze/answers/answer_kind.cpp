// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/answers/answer_kind.h"

#include <algorithm>

#include "core/analyze/answers/class_scores.h"
#include "core/analyze/answers/scores_choice.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// The sample's axes that have more than one entry.
Shape sampleAxes(const Tensor& tensor) {
  Shape axes;
  for (std::size_t i = 1; i < tensor.rank(); ++i)
    if (tensor.shape()[i] != 1) axes.push_back(tensor.shape()[i]);
  return axes;
}

bool likeAnInput(std::span<const Tensor> inputs, const Tensor& output) {
  return std::any_of(inputs.begin(), inputs.end(), [&](const Tensor& input) {
    return isFloating(input.dtype()) && input.size() == output.size();
  });
}

}  // namespace

bool givesClassScores(std::span<const Tensor> inputs, std::span<const Tensor> outputs,
                      std::optional<std::size_t> chosen, std::size_t samples, const DataSource& data) {
  std::size_t at = chosen.value_or(0);
  while (!chosen && at < outputs.size() && (!outputs[at].defined() || !isFloating(outputs[at].dtype()))) ++at;
  if (at >= outputs.size() || outputs[at].rank() < 2 || !isFloating(outputs[at].dtype())) return false;
  const Tensor& output = outputs[at];
  const Shape axes = sampleAxes(output);
  if (output.shape()[0] != static_cast<std::int64_t>(samples) || axes.empty() || axes.size() > 2)
    return false;
  const std::size_t classes = static_cast<std::size_t>(axes.back()), known = labelledClasses(data);
  const bool fewClasses = known > 0 && classes <= 2 * known;
  if (likeAnInput(inputs, output) && !fewClasses) return false;
  const bool tokens = std::any_of(inputs.begin(), inputs.end(),
                                  [](const Tensor& input) { return !isFloating(input.dtype()); });
  return axes.size() == 1 || (output.rank() == 3 && tokens && fewClasses);
}

void requireClass(const DataSource& data, std::size_t i, std::size_t classes) {
  const std::int64_t label = data.label(i);
  if (label >= 0 && static_cast<std::size_t>(label) < classes) return;
  throw Error(ErrorKind::InvalidInput, "sample " + data.sampleName(i) + " has the label " +
                                           std::to_string(label) + ", the model gives " +
                                           std::to_string(classes) + " classes (0 to " +
                                           std::to_string(classes - 1) + ")");
}

void requireClasses(const DataSource& data, std::size_t classes) {
  for (std::size_t i = 0; data.labelled() && i < data.size(); ++i) requireClass(data, i, classes);
}

}  // namespace lapidary::core
