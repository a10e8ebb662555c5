// SPDX-License-Identifier: GPL-3.0-or-later
// The table of normalising operators, and the moments of a row.
#include "core/ops/normalization/normalization.h"

#include <cmath>

#include "core/ops/checks.h"
#include "core/ops/families.h"
#include "core/ops/kernels/vector_sums.h"

namespace lapidary::core {
namespace {

/// Two passes for the moments, one to normalise: about eight operations an element.
Cost normCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costPerOutput(8, inputs, outputs);
}

Cost batchNormCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costPerOutput(2, inputs, outputs);
}

Cost lrnCost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costPerOutput(2.0 * static_cast<double>(node.intOr("size", 1)) + 4, inputs, outputs);
}

}  // namespace

Moments momentsOf(const float* x, std::int64_t count, float epsilon) {
  const float mean = sumOf(x, count) / static_cast<float>(count);
  const float variance = squaresAround(x, count, mean) / static_cast<float>(count);
  return {mean, 1.0f / std::sqrt(variance + epsilon)};
}

float epsilonOf(const Node& node, float fallback) {
  const float epsilon = node.floatOr("epsilon", fallback);
  if (!(epsilon >= 0)) invalid("epsilon is " + std::to_string(epsilon) + ", at least 0 was expected");
  return epsilon;
}

LAPIDARY_VECTORIZED void normalizedGradient(const float* x, const float* g, std::int64_t count,
                                            Moments moments, float* dx) {
  const float size = static_cast<float>(count);
  const float sum = sumOf(g, count);
  const float along = (dotOf(g, x, count) - moments.mean * sum) * moments.inverse / size;
  const float mean = sum / size;
  for (std::int64_t i = 0; i < count; ++i)
    dx[i] = moments.inverse * (g[i] - mean - (x[i] - moments.mean) * moments.inverse * along);
}

std::span<const Op> normalizationOps() {
  static const Op ops[] = {
      {.domain = "",
       .type = "BatchNormalization",
       .forward = batchNormForward,
       .backward = batchNormBackward,
       .cost = batchNormCost,
       .takesBlocked = true},
      {.domain = "",
       .type = "LayerNormalization",
       .forward = layerNormForward,
       .backward = layerNormBackward,
       .cost = normCost},  // since opset 17; ONNX Runtime writes it into models of any opset
      {.domain = "",
       .type = "RMSNormalization",
       .forward = rmsNormForward,
       .backward = rmsNormBackward,
       .cost = normCost,
       .sinceOpset = 23},
      // What ONNX Runtime calls it, in the standard domain and in any opset.
      {.domain = "",
       .type = "SimplifiedLayerNormalization",
       .forward = rmsNormForward,
       .backward = rmsNormBackward,
       .cost = normCost},
      {.domain = "",
       .type = "InstanceNormalization",
       .forward = instanceNormForward,
       .backward = instanceNormBackward,
       .cost = normCost},
      {.domain = "",
       .type = "GroupNormalization",
       .forward = groupNormForward,
       .backward = groupNormBackward,
       .cost = normCost,
       .sinceOpset = 18},
      {.domain = "", .type = "LRN", .forward = lrnForward, .backward = lrnBackward, .cost = lrnCost},
      {.domain = "",
       .type = "LpNormalization",
       .forward = lpNormForward,
       .backward = lpNormBackward,
       .cost = normCost},
      {.domain = "",
       .type = "MeanVarianceNormalization",
       .forward = meanVarianceNormForward,
       .backward = meanVarianceNormBackward,
       .cost = normCost},
  };
  return ops;
}

}  // namespace lapidary::core
