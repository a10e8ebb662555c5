// SPDX-License-Identifier: GPL-3.0-or-later
// Rewrites a model's graph so that chosen layers read quantized activations.
#pragma once

#include <optional>
#include <vector>

#include "core/compress/quantize/activation_range.h"
#include "core/compress/recipe/recipe.h"
#include "core/model/model.h"

namespace lapidary::core {

/// The value whose codes a layer would read: the data input of a Conv, Gemm or MatMul that computes in
/// 32-bit floats; nothing for any other layer.
std::optional<ValueId> quantizableInput(const Model& model, const Layer& layer);

struct QuantizedInput {
  LayerId layer;
  ActivationMode mode = ActivationMode::Static;
  ActivationCodes codes;  ///< Static only
  auto operator<=>(const QuantizedInput&) const = default;
};

/// The inputs that the recipe quantizes, without codes, in the order of the layers. Throws
/// Error(InvalidInput) naming the layer where its activations cannot be quantized.
std::vector<QuantizedInput> quantizedInputs(const Model& model, const Recipe& recipe);

/// The model with, before each of these layers: QuantizeLinear, DequantizeLinear with constant scale and zero
/// point (Static), or DynamicQuantizeLinear, DequantizeLinear (Dynamic). Layers that read one value with the
/// same codes share one pair. All else, residual adds and pools among it, reads the value as it was. The
/// weights and their encodings stay; ids of values stay, ids of nodes move and the layers with them.
/// Pure: the graph depends on the graph and the inputs alone, never on weights.
/// DynamicQuantizeLinear takes the range of all that is fed at once, so the figures of such a model depend
/// on the batch: BatchRunner feeds it one sample at a time.
Model quantizeActivations(const Model& model, const std::vector<QuantizedInput>& inputs);

/// Whether the graph holds a DynamicQuantizeLinear, so that samples of one batch depend on each other.
bool rangesSpanBatch(const Graph& graph);

/// Gives what the file of this recipe would hold but for the values of the scales: same bytes in number.
Model withPlaceholderRanges(const Model& cut, const Recipe& recipe);

}  // namespace lapidary::core
