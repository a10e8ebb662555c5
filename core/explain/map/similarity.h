// SPDX-License-Identifier: GPL-3.0-or-later
// How alike two saliency maps of one size are: structure and the positions that matter most.
#pragma once

#include "core/explain/map/saliency.h"

namespace lapidary::core {

/// Mean structural similarity in [-1, 1] (Wang, Bovik, Sheikh and Simoncelli 2004): Gaussian window of 11 x
/// 11 with a deviation of 1.5, K1 = 0.01, K2 = 0.03. At the edges, and where a map is smaller than the
/// window, the window is cut off and its weights sum to 1 again; a map of height 1 has a window of 1 x 11.
/// Each map is first divided by its own largest magnitude (a map of zeros stays), so that where the model
/// looks counts and not how steep it is there; the dynamic range is 1, or 2 where a value is negative. Equal
/// maps give exactly 1. Throws Error(Usage) for maps of different sizes.
double structuralSimilarity(const SaliencyMap& a, const SaliencyMap& b);

/// Of the k positions of largest magnitude in each map the share that is in both; k is `share` of all
/// positions, rounded up, and of equal magnitudes the first positions count. Throws Error(Usage) for maps of
/// different sizes.
double topOverlap(const SaliencyMap& a, const SaliencyMap& b, double share);

/// The k of the above: at least 1, at most all.
std::size_t topCount(std::size_t positions, double share);

}  // namespace lapidary::core
