// SPDX-License-Identifier: GPL-3.0-or-later
// Weights as codes of a small table of values, times a scale a group.
#pragma once

#include <span>
#include <vector>

#include "core/compress/quantize/scale_groups.h"
#include "core/compress/recipe/recipe.h"
#include "core/model/model.h"

namespace lapidary::core {

/// The 16 values of NormalFloat, rising from -1 to 1 with 0 as code 7.
std::span<const float> normalFloatValues();

/// The values of all 256 codes of an 8-bit float (E4M3 without infinities, E5M2 like a short float16:
/// Micikevicius et al., "FP8 formats for deep learning", 2022); 0 for infinities and not-a-numbers.
std::vector<float> float8Values(Scheme scheme);

/// NormalFloat, Float8E4M3, Float8E5M2 and Codebook: codes of the values to the nearest entry, with scales of
/// shape `scaleShape` (one for the tensor where that is empty); replaces the values by what the codes mean.
/// Ties go to the lower entry, of 8-bit floats to the even one. Codebook takes k-means centres of all
/// weights, each group's brought to a greatest magnitude of 1 and counting with the square of its scale, or
/// as they are where there is one group; exact zeros have code 0 to themselves, where there are any. All
/// values finite.
void encodeByCodebook(std::span<float> values, const ScaleGroups& groups, const Quantize& quantize,
                      const Shape& scaleShape, const Shape& shape, WeightEncoding& encoding);

}  // namespace lapidary::core
