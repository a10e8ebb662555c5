// SPDX-License-Identifier: GPL-3.0-or-later
// Cross-layer equalisation: the same function with ranges of channels that differ less.
#pragma once

#include <span>
#include <vector>

#include "core/compress/structure/equalize_pairs.h"

namespace lapidary::core {

/// The factors that a weight and a bias are multiplied by, a factor for every output and every input channel.
struct ChannelFactors {
  std::vector<double> outputs;
  std::vector<double> inputs;  ///< of the pair's channels; empty where the layer is no pair's second
};

/// By layer of the model; empty where a layer is in no pair. For every pair and channel i the scale
/// s = sqrt(r1 r2) / r2 divides the first layer's output and multiplies the second's input, r1 and r2 being
/// the greatest magnitudes of the two layers' weights of that channel (Nagel et al., "Data-free quantization
/// through weight equalization and bias correction", 2019), pair after pair until nothing moves. Channels
/// without weights above zero, or with weights that are not finite, stay as they are.
std::vector<ChannelFactors> equalizingFactors(const Model& model, std::span<const EqualizePair> pairs);

/// The model with the layers of these pairs equalised: weights and biases in Float32, rounded to half
/// precision where the file has that. Computes the same up to rounding.
Model equalized(const Model& model, std::span<const EqualizePair> pairs);

}  // namespace lapidary::core
