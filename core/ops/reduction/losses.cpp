// SPDX-License-Identifier: GPL-3.0-or-later
// NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ops/checks.h"
#include "core/ops/families.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

enum class Reduction { None, Mean, Sum };

Reduction reductionOf(const Node& node) {
  const std::string name = node.textOr("reduction", "mean");
  if (name == "none") return Reduction::None;
  if (name == "mean") return Reduction::Mean;
  if (name == "sum") return Reduction::Sum;
  failAttribute("reduction", "is '" + name + "', none, mean or sum expected");
}

/// Classes along axis 1, their labels and what each label counts.
struct Labelled {
  Lines lines;                       ///< samples x classes x positions
  std::vector<std::int64_t> labels;  ///< -1: ignored
  std::vector<double> weights;       ///< by label, 0 where it is ignored
  Shape shape;                       ///< of the labels
};

Labelled labelledOf(const OpCall& call, const Shape& scores) {
  if (scores.size() < 2)
    failInput(0, "scores", "has shape " + toText(scores) + ", samples x classes was expected");
  Labelled result{linesAlong(scores, 1), integersOf(call, 1, "labels"), {}, call.inputs[1].shape};
  Shape expected = scores;
  expected.erase(expected.begin() + 1);
  if (result.shape != expected)
    failInput(1, "labels", "has shape " + toText(result.shape) + ", " + toText(expected) + " was expected");
  const Tensor weights = call.has(2) ? floatInput(call, 2) : Tensor();
  if (weights.defined() && weights.size() != scores[1])
    failInput(
        2, "weights",
        "holds " + std::to_string(weights.size()) + " values for " + std::to_string(scores[1]) + " classes");
  const auto* ignored = call.node.find<std::int64_t>("ignore_index");
  for (std::int64_t& label : result.labels) {
    if (ignored && label == *ignored) {
      label = -1;
      result.weights.push_back(0);
      continue;
    }
    if (label < 0 || label >= scores[1])
      failInput(1, "labels",
                "holds " + std::to_string(label) + " for " + std::to_string(scores[1]) + " classes");
    result.weights.push_back(
        weights.defined() ? static_cast<double>(weights.as<float>()[static_cast<std::size_t>(label)]) : 1.0);
  }
  return result;
}

/// Minus the weighted logarithm at every label, reduced.
Tensor lossOf(const Labelled& labelled, const Tensor& logs, Reduction reduction) {
  TensorBuilder each(DType::Float32, labelled.shape);
  double sum = 0, weight = 0;
  for (std::size_t i = 0; i < labelled.labels.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i), inner = labelled.lines.inner;
    const std::int64_t line = at / inner * labelled.lines.length;
    const auto index =
        static_cast<std::size_t>((line + std::max<std::int64_t>(labelled.labels[i], 0)) * inner + at % inner);
    const double loss =
        labelled.labels[i] < 0 ? 0 : -labelled.weights[i] * static_cast<double>(logs.as<float>()[index]);
    each.as<float>()[i] = static_cast<float>(loss);
    sum += loss;
    weight += labelled.weights[i];
  }
  if (reduction == Reduction::None) return std::move(each).build();
  return Tensor::scalar(static_cast<float>(reduction == Reduction::Sum ? sum : sum / weight));
}

std::vector<Activation> negativeLogLikelihood(const OpCall& call) {
  const Tensor logs = floatInput(call, 0);
  const Tensor loss = lossOf(labelledOf(call, logs.shape()), logs, reductionOf(call.node));
  return oneOutput(convert(loss, call.inputs[0].dtype));
}

/// log(softmax) along the lines.
Tensor logSoftmaxAlong(const Tensor& scores, const Lines& lines) {
  TensorBuilder out(DType::Float32, scores.shape());
  for (std::int64_t o = 0; o < lines.outer * lines.inner; ++o) {
    const std::int64_t start = o / lines.inner * lines.length * lines.inner + o % lines.inner;
    const auto at = [&](std::int64_t k) { return static_cast<std::size_t>(start + k * lines.inner); };
    float top = -std::numeric_limits<float>::infinity();
    for (std::int64_t k = 0; k < lines.length; ++k) top = std::max(top, scores.as<float>()[at(k)]);
    double sum = 0;
    for (std::int64_t k = 0; k < lines.length; ++k)
      sum += std::exp(static_cast<double>(scores.as<float>()[at(k)] - top));
    for (std::int64_t k = 0; k < lines.length; ++k)
      out.as<float>()[at(k)] =
          static_cast<float>(static_cast<double>(scores.as<float>()[at(k)] - top) - std::log(sum));
  }
  return std::move(out).build();
}

std::vector<Activation> softmaxCrossEntropy(const OpCall& call) {
  const Tensor scores = floatInput(call, 0);
  const Labelled labelled = labelledOf(call, scores.shape());
  const Tensor logs = logSoftmaxAlong(scores, labelled.lines);
  const DType type = call.inputs[0].dtype;
  std::vector<Activation> outputs = oneOutput(convert(lossOf(labelled, logs, reductionOf(call.node)), type));
  if (!omitted(call, 1)) outputs.emplace_back(convert(logs, type));
  return outputs;
}

constexpr Op lossesRows[] = {
    {.domain = "", .type = "NegativeLogLikelihoodLoss", .forward = negativeLogLikelihood, .sinceOpset = 12},
    {.domain = "", .type = "SoftmaxCrossEntropyLoss", .forward = softmaxCrossEntropy, .sinceOpset = 12},
};

}  // namespace

std::span<const Op> lossOps() { return lossesRows; }

}  // namespace lapidary::core
