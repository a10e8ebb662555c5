// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers that methods of explaining leave to whoever asks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lapidary::core {

struct SaliencyOptions {
  std::uint64_t seed = 1;  ///< of everything that is drawn
  unsigned workers = 1;    ///< threads for methods that run many masked inputs; never changes a map

  std::size_t smoothSamples = 32;
  double smoothNoise = 0.15;  ///< deviation as a share of the input's range

  std::size_t pathSteps = 64;  ///< of integrated gradients

  double lrpEpsilon = 0.01;  ///< as a share of the root mean square of a step's output
  double lrpGamma = 0.25;    ///< how much positive weights are favoured

  std::size_t riseMasks = 2000;
  int riseCells = 7;      ///< of a mask, along each side
  double riseKept = 0.5;  ///< chance of a cell to be shown

  std::size_t shapCoalitions = 1000;  ///< all there are, where they are no more
  std::size_t shapSegments = 48;      ///< superpixels wanted
};

}  // namespace lapidary::core
