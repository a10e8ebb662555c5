// SPDX-License-Identifier: GPL-3.0-or-later
// The space that attacks move in: one input of the model, what a unit of strength is there, and its bounds.
#pragma once

#include <vector>

#include "core/data/dataset.h"

namespace lapidary::core {

/// The unit that strengths are counted in.
enum class StrengthUnit {
  Pixel,  ///< levels of 0 to 255, before the preprocess
  Input,  ///< the numbers that the model reads, after it
};

/// One of the model's inputs, by channel. All of it is in units of the preprocessed input.
struct InputBox {
  std::size_t input = 0;  ///< which of the graph's inputs
  ValueId value;
  StrengthUnit unit = StrengthUnit::Input;
  std::size_t elements = 0;       ///< of one sample
  std::size_t channels = 1;       ///< whose bounds and units differ
  std::size_t channelStride = 1;  ///< elements from one channel to the next
  std::vector<float> perUnit;     ///< by channel: how far one unit of strength moves the input
  std::vector<float> low, high;   ///< by channel: what pixels of 0 and 255 become; infinite where not pixels

  std::size_t channelOf(std::size_t element) const { return element / channelStride % channels; }
  bool clips = false;  ///< the bounds are those of pixels
};

/// Whether samples are 8-bit pictures, so that strengths can be counted in levels of them.
bool holdsPixels(const Dataset& data);

/// The first floating input. Inputs that pixels feed are clipped to what pixels can become, whatever the
/// unit. Throws Error(Unsupported) where the model reads tokens alone, and Error(Usage) where levels of
/// pixels are asked for and there are none.
InputBox inputBox(const Model& model, const Dataset& data, StrengthUnit unit);

}  // namespace lapidary::core
