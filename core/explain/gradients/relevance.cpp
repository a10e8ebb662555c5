// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/relevance.h"

#include <numeric>

#include "core/explain/gradients/relevance_rules.h"
#include "core/explain/map/saliency_map.h"
#include "core/explain/map/score_gradient.h"

namespace lapidary::core {
namespace {

/// All rules are linear in the relevance: it starts as 1 and is scaled by the score in the end.
SaliencyMap relevanceMap(const SaliencyTask& task, BackwardRule rule) {
  const Explained explained = explainedValue(task.model, task.inputs);
  const ScoreGradient found =
      scoreGradient(task.model, {task.inputs, task.targetClass, {explained.value}, {}, std::move(rule)},
                    task.progress.stop);
  const Tensor& relevance = found.result.gradients[0];
  const MapGeometry geometry = geometryOf(relevance.shape(), explained.embedded);
  SaliencyMap map{task.method, geometry.width, geometry.height, {}, found.target, found.probability};
  map.values = sumOverChannels(relevance.as<float>(), geometry);
  const double score = found.scores.at(0);
  for (float& value : map.values) value = static_cast<float>(score * static_cast<double>(value));
  map.completeness = {std::accumulate(map.values.begin(), map.values.end(), 0.0), score};
  return map;
}

}  // namespace

SaliencyMap relevanceEpsilonMap(const SaliencyTask& task) {
  return relevanceMap(task, epsilonRule(task.options.lrpEpsilon));
}

SaliencyMap relevanceGammaMap(const SaliencyTask& task) {
  return relevanceMap(task, gammaRule(task.options.lrpGamma, task.options.lrpEpsilon));
}

}  // namespace lapidary::core
