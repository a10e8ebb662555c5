// SPDX-License-Identifier: GPL-3.0-or-later
// How many channels a block of the layout holds that convolutions run in on this processor.
#pragma once

namespace lapidary::core {

/// Eight where there is no AVX-512, and on AMD's processors, on which oneDNN's convolutions for AVX-512 run
/// at half the rate of those for AVX2; else sixteen.
bool blocksOfEight();

/// Whether oneDNN would choose kernels for blocks of sixteen by itself although eight are better.
bool mustAskForBlocksOfEight();

}  // namespace lapidary::core
