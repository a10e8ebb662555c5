// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the session for the maps and both answers.
#include "ui/saliency/sample_explanation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/explain/saliency_methods.h"
#include "ui/samples/sample_image.h"

namespace lapidary::ui {
namespace {

constexpr std::size_t shownClasses = 3;
constexpr std::int64_t mostTokens = 4096;
constexpr std::size_t mostBars = 1024;  // of a long signal

double largestOf(const std::vector<float>& values) {
  double largest = 0;
  for (const float value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::fabs(static_cast<double>(value)));
  return largest > 0 ? largest : 1;
}

std::shared_ptr<const MapPyramid> mapOf(const core::SaliencyMap& shape, const std::vector<float>& values) {
  return std::make_shared<MapPyramid>(std::make_shared<GridCells>(shape.width, shape.height, values));
}

std::vector<ClassShare> answersOf(const core::Session& session, const core::Recipe& recipe,
                                  const std::vector<core::Tensor>& inputs) {
  const core::Graph& graph = *session.model().graph;
  std::vector<std::pair<std::string, core::Tensor>> named;
  for (std::size_t i = 0; i < inputs.size() && i < graph.inputs.size(); ++i)
    named.emplace_back(graph.value(graph.inputs[i]).name, inputs[i]);
  const auto outputs = session.run(recipe, named);
  if (outputs.empty()) return {};
  const core::Tensor scores = core::toFloat32(outputs.front().second);
  return likeliest(probabilitiesOf(scores.as<float>()), shownClasses);
}

/// At most `mostBars` values, each the one of largest magnitude in its stretch.
std::vector<float> shortened(std::span<const float> values) {
  if (values.size() <= mostBars) return {values.begin(), values.end()};
  std::vector<float> result;
  for (std::size_t i = 0; i < mostBars; ++i) {
    const std::size_t from = values.size() * i / mostBars, to = values.size() * (i + 1) / mostBars;
    result.push_back(*std::max_element(values.begin() + static_cast<std::ptrdiff_t>(from),
                                       values.begin() + static_cast<std::ptrdiff_t>(to),
                                       [](float a, float b) { return std::fabs(a) < std::fabs(b); }));
  }
  return result;
}

void describeLine(const core::Tensor& input, SampleExplanation& out) {
  if (core::isFloating(input.dtype())) {
    const core::Tensor real = core::toFloat32(input);
    out.signal = shortened(real.as<float>());
    for (auto* values : {&out.explanation.original.values, &out.explanation.cut.values, &out.difference})
      *values = shortened(*values);
    return;
  }
  if (input.size() > mostTokens) return;
  for (const std::int64_t token : core::toInt64(input)) out.tokens << QString::number(token);
}

/// Composes the answers of both, and their maps, as they are shown.
void compose(SampleExplanation& out, const core::Dataset& data, const std::vector<core::Tensor>& inputs) {
  const core::SaliencyMap &before = out.explanation.original, &after = out.explanation.cut;
  out.truth = data.labelled() ? data.source().label(out.request.sample) : -1;
  out.difference.resize(std::min(before.values.size(), after.values.size()));
  for (std::size_t i = 0; i < out.difference.size(); ++i)
    out.difference[i] = after.values[i] - before.values[i];
  out.limit = std::max(largestOf(before.values), largestOf(after.values));
  out.changeLimit = largestOf(out.difference);
  out.isSigned = core::rowOf(out.request.method).isSigned;
  if (before.height <= 1) {
    if (!inputs.empty()) describeLine(inputs.front(), out);
    return;
  }
  out.input = inputs.empty() ? QImage() : inputImage(inputs.front(), data.preprocess().layout);
  out.original = mapOf(before, before.values);
  out.cut = mapOf(after, after.values);
  out.change = mapOf(before, out.difference);
}

std::vector<core::Tensor> inputsOf(const core::Session& session, std::size_t sample) {
  const std::array<std::size_t, 1> one{sample};
  return session.data()->inputs(one);
}

}  // namespace

std::shared_ptr<const SampleExplanation> explainSample(const core::Session& session,
                                                       const core::Recipe& recipe,
                                                       const core::ExplainRequest& request,
                                                       const core::Progress& progress) {
  auto result = std::make_shared<SampleExplanation>();
  result->request = request;
  const std::vector<core::Tensor> inputs = inputsOf(session, request.sample);
  result->before = answersOf(session, {}, inputs);
  progress.check();
  result->after = answersOf(session, recipe, inputs);
  result->explanation = session.explain(recipe, request, progress);
  compose(*result, *session.data(), inputs);
  return result;
}

std::shared_ptr<const SampleExplanation> explainPair(const core::Session& teacher,
                                                     const core::Session& student,
                                                     const core::ExplainRequest& request,
                                                     const core::Progress& progress) {
  auto result = std::make_shared<SampleExplanation>();
  result->request = request;
  const std::vector<core::Tensor> inputs = inputsOf(teacher, request.sample);
  result->before = answersOf(teacher, {}, inputs);
  result->after = answersOf(student, {}, inputsOf(student, request.sample));
  progress.check();
  core::Explanation& both = result->explanation;
  both.original = teacher.explain({}, request, progress).original;
  core::ExplainRequest same = request;
  same.targetClass = both.original.targetClass;
  both.cut = student.explain({}, same, progress).original;
  if (both.original.width != both.cut.width || both.original.height != both.cut.height)
    throw core::Error(core::ErrorKind::Unsupported,
                      "the student's input has another size: the two maps cannot be laid over each other");
  both.kept = core::rankCorrelation(both.original, both.cut);
  compose(*result, *teacher.data(), inputs);
  return result;
}

}  // namespace lapidary::ui
