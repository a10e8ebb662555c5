// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic of a preprocess on 8-bit pixels: one table of 256 values a channel.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/data/preprocess.h"

namespace lapidary::core {

inline int channelCount(PixelChannels channels) { return channels == PixelChannels::Gray ? 1 : 3; }

/// (pixel * scale - mean) / std of channel `c`; one value stands for all channels, none for 0 and 1.
double normalised(const Preprocess& preprocess, double pixel, std::size_t c);

/// Whether values pass unchanged.
bool keepsValues(const Preprocess& preprocess);

using PixelTable = std::array<float, 256>;
/// A table per channel, rounded to whole numbers where `dtype` is an integer type.
std::vector<PixelTable> pixelTables(const Preprocess& preprocess, std::size_t channels, DType dtype);

/// 8-bit samples of `pixels` pixels to float32. Strides, in elements, tell planes from interleaved
/// channels; `reverse` swaps the first and the last channel of the source.
struct PixelRun {
  const std::uint8_t* from = nullptr;
  std::size_t pixels = 0, channels = 1;
  std::size_t fromPixel = 1, fromChannel = 1;
  std::size_t toPixel = 1, toChannel = 1;
  bool reverse = false;
};
void applyTables(const PixelRun& run, const std::vector<PixelTable>& tables, float* to);

/// Gives the dtype of a sample: the model's where it is declared. Throws Error(InvalidInput) where a
/// preprocess asks for an integer type that is not the model's.
DType sampleDType(const Preprocess& preprocess, const InputSpec& spec);

/// "Nx3x224x224 float32", with symbols and ? as declared.
std::string describe(const InputSpec& spec);

/// The sample in a shape that the input takes: as it is, without or with axes of length 1, or in a row.
/// Nothing where none fits.
std::optional<Shape> fittingShape(const Shape& sample, const InputSpec& spec);

}  // namespace lapidary::core
