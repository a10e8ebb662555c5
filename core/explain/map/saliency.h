// SPDX-License-Identifier: GPL-3.0-or-later
// Maps of which parts of an input the model's answer rests on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/explain/map/saliency_options.h"

namespace lapidary::core {

/// One row each in saliency_methods.cpp; the numbers stand in session files: new ones go last.
enum class SaliencyMethod {
  Gradient,
  GradientInput,
  GradCam,
  Occlusion,
  SmoothGrad,
  IntegratedGradients,
  GradCamPlusPlus,
  GuidedBackpropagation,
  LrpEpsilon,
  LrpGamma,
  Rise,
  KernelShap,
  AttentionRollout
};

/// Of methods whose values should sum to a known figure: integrated gradients and SHAP to the score less
/// that of the baseline, relevance propagation to the score.
struct Completeness {
  double attributed = 0;  ///< sum of the map
  double expected = 0;
  double error() const { return attributed - expected; }
};

struct SaliencyMap {
  SaliencyMethod method = SaliencyMethod::Gradient;
  int width = 0, height = 0;  ///< height 1 for one-dimensional input
  std::vector<float> values;  ///< row-major; signed where the method's row says so, else >= 0
  std::int64_t targetClass = 0;
  double probability = 0;  ///< of the target class
  std::optional<Completeness> completeness = {};
};

/// Spearman's rank correlation of two maps of the same size; 1 where both are constant.
double rankCorrelation(const SaliencyMap& a, const SaliencyMap& b);

}  // namespace lapidary::core
