// SPDX-License-Identifier: GPL-3.0-or-later
// Clustering of numbers: the few values that stand for many with the least squared error. By hand: libraries
// cluster points of any dimension from random starts, and on a line the best partition can be found outright.
#pragma once

#include <cstdint>
#include <vector>

namespace lapidary::core {

/// A number and how much it counts.
struct WeightedValue {
  float value, weight;
};

/// At most `clusters` rising, distinct centres of one-dimensional k-means. Deterministic. The numbers
/// themselves where no more than `clusters` are distinct; else the optimal partition of cells of neighbouring
/// numbers (dynamic programming by divide and conquer: Wang, Song 2011; Grønlund et al. 2017), exact for up
/// to 8 * clusters (at least 512) numbers, and from there Lloyd's steps over all of them. O(n log n) for
/// sorting, O(cells log cells
/// * clusters), then O(clusters log n) a step. All numbers finite, weights above zero.
std::vector<float> kMeansCentres(std::vector<WeightedValue> values, std::size_t clusters);

}  // namespace lapidary::core
