// SPDX-License-Identifier: GPL-3.0-or-later
// Quantization of one weight: ranges per channel, then scale and zero point, then codes and values.
#pragma once

#include <memory>
#include <span>

#include "core/compress/quantize/scale_groups.h"
#include "core/compress/recipe/recipe.h"
#include "core/model/model.h"

namespace lapidary::core {

/// The plan of which weights share a scale, and how the scales are laid out in a WeightEncoding.
struct ScalePlan {
  ScaleGroups groups;
  Shape shape;  ///< of the scales; empty for one
  int axis;
  std::int64_t blockSize;
};
/// Blocks are no longer than there are inputs. Weights of rank 0 or 1 have one scale.
ScalePlan scalePlan(const Shape& shape, int channelAxis, const Quantize& quantize);

/// Encodes `values` (Float32, finite, of this shape; pruned ones exactly zero) as recipe.h says, and
/// replaces them by what the codes mean. `keepZeros` (pruning took place) reserves a code of MinMax
/// for the zeros. Throws Error(Unsupported) where a value is not finite.
std::shared_ptr<const WeightEncoding> quantizeInPlace(std::span<float> values, const Shape& shape,
                                                      int channelAxis, const Quantize& quantize,
                                                      bool keepZeros);

/// One bit of every code as 0 or 1 (UInt8, the weight's shape): bit `plane` of the magnitude of signed
/// codes, of the code itself for unsigned ones.
Tensor bitPlane(const WeightEncoding& encoding, int plane);

}  // namespace lapidary::core
