// SPDX-License-Identifier: GPL-3.0-or-later
// The result of one edit of one weight, and of the output of its layer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/compress/recipe/recipe.h"
#include "core/model/model.h"

namespace lapidary::core {

/// The result of one edit of one weight: dense values and, where quantized, their integer form.
struct CutWeight {
  Tensor values;                                   ///< Float32, the weight's shape
  std::shared_ptr<const WeightEncoding> encoding;  ///< null where not quantized
  std::int64_t zeros = 0;                          ///< of `values`
  std::optional<double> snrDb;  ///< 10 log10(|w|^2 / |w - w'|^2); absent where nothing changed
  ValueId biasOf = {};     ///< the constant that makes up for the mean error of the output; invalid for most
  Tensor bias = {};        ///< what it becomes
  bool keptCodes = false;  ///< those of the file, which hold all that the edit would have kept
};

/// Relative squared errors of a layer's output, ||X (W - W')^T||^2 / ||X W^T||^2, X its inputs on the
/// calibration samples.
struct OutputErrors {
  double chosen = 0;
  double plain = 0;  ///< with pruning by magnitude and rounding to nearest in place of the chosen methods
};

/// Cuts one Float32 weight, in this order: zero where |w| < threshold; zero the first by index of those
/// with |w| == threshold until `pruneCount` are pruned in all (a smaller count has no effect); quantize.
/// Weights that are not finite are never pruned. Pure. Throws Error(Unsupported) where there are such
/// and `quantize` asks for a scheme.
CutWeight cutWeight(const Tensor& weight, int channelAxis, double threshold, std::int64_t pruneCount,
                    const Quantize& quantize);
/// The same with weights pruned in a shape by themselves: see pruneInShape.
CutWeight cutWeight(const Tensor& weight, int channelAxis, const Prune& shape, const Quantize& quantize);

}  // namespace lapidary::core
