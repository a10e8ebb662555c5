// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/map/score_gradient.h"

#include <algorithm>

#include "core/analyze/answers/class_scores.h"

namespace lapidary::core {
namespace {

bool isConstant(const Model& model, ValueId value) { return value.valid() && model.weights.contains(value); }

bool takesReals(const Graph& graph, std::span<const Tensor> inputs, std::size_t i) {
  return isFloating(i < inputs.size() ? inputs[i].dtype()
                                      : graph.value(graph.inputs[i]).dtype.value_or(DType::Float32));
}

/// 1 at the target of every row.
Tensor targetSeed(const ClassScores& scores, const Shape& shape, std::int64_t target) {
  TensorBuilder seed(DType::Float32, shape);
  std::ranges::fill(seed.as<float>(), 0.0f);
  for (std::size_t row = 0; row < scores.samples; ++row) seed.as<float>()[scores.indexOf(row, target)] = 1.0f;
  return std::move(seed).build();
}

}  // namespace

Explained explainedValue(const Model& model, std::span<const Tensor> inputs) {
  const Graph& graph = *model.graph;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i)
    if (takesReals(graph, inputs, i)) return {graph.inputs[i], i, false};
  for (const Node& node : graph.nodes) {
    if (node.opType != "Gather" || node.inputs.size() < 2 || !isConstant(model, node.inputs[0])) continue;
    const auto fed = std::ranges::find(graph.inputs, node.inputs[1]);
    if (fed != graph.inputs.end())
      return {node.outputs.at(0), static_cast<std::size_t>(fed - graph.inputs.begin()), true};
  }
  throw Error(ErrorKind::Unsupported,
              "gradients need a floating-point input or an embedding of the tokens; this model has neither "
              "(occlusion, RISE and Kernel SHAP still work)");
}

ScoreGradient scoreGradient(const Model& model, const ScoreRequest& request, const std::stop_token& stop) {
  ScoreGradient found;
  GradientRequest wanted;
  wanted.inputs.assign(request.inputs.begin(), request.inputs.end());
  wanted.wrt = request.wrt;
  wanted.alsoKeep = request.keep;
  wanted.rule = request.rule;
  wanted.seed = [&](std::span<const Tensor> outputs) {
    const ClassScores scores = classScores(outputs, model.scoresOutput);
    found.target = request.target >= 0 ? request.target : scores.top1(0);
    found.probability = scores.probability(0, found.target);
    for (std::size_t row = 0; row < scores.samples; ++row)
      found.scores.push_back(scores.values[scores.indexOf(row, found.target)]);
    std::vector<Tensor> seeds(outputs.size());
    seeds[scores.output] = targetSeed(scores, outputs[scores.output].shape(), found.target);
    return seeds;
  };
  found.result = gradients(model, wanted, stop);
  return found;
}

}  // namespace lapidary::core
