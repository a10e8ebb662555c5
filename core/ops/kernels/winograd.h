// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions 3 x 3 of stride 1 by Winograd's minimal filtering F(4x4, 3x3): 36 products for 16 results
// instead of 144 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015). By hand: oneDNN
// has this for AVX-512 alone, and on other processors nothing of oneDNN's is as quick on most layers
// (bench_winograd, whose ratios stand in tests/bench/FIGURES.md).
#pragma once

#include <cstdint>
#include <vector>

namespace lapidary::core {

/// Channels of one block of the layout nChw8c, which the kernel reads and writes.
constexpr std::int64_t winogradBlock = 8;

/// Weights in the transformed domain, as the kernel reads them: [36][pairs of blocks][in][16].
struct WinogradWeights {
  std::int64_t in = 0, out = 0;  ///< channels, multiples of winogradBlock
  std::vector<float> values;
};

/// `weight` is out x in x 3 x 3, row-major.
WinogradWeights winogradWeights(const float* weight, std::int64_t out, std::int64_t in);

/// One convolution over a batch. Everything but the bias lies as nChw8c.
struct WinogradCall {
  std::int64_t batch = 0, height = 0, width = 0;  ///< of the input
  std::int64_t outHeight = 0, outWidth = 0;
  std::int64_t padTop = 0, padLeft = 0;
  const WinogradWeights* weights = nullptr;
  const float* input = nullptr;
  const float* bias = nullptr;               ///< one value an output channel; may be null
  const float* residual = nullptr;           ///< added to the result; may be null
  float lowest = 0, highest = 0, slope = 1;  ///< result = clamp(x < 0 ? slope * x : x)
  float* output = nullptr;
};

/// Runs on the calling thread. A result depends on its own sample alone.
void runWinograd(const WinogradCall& call);

}  // namespace lapidary::core
