// SPDX-License-Identifier: GPL-3.0-or-later
// The coalitions of players that a Shapley regression looks at, their weights, and the regression.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary::core {

struct Coalition {
  std::vector<char> members;  ///< by player
  double weight = 0;
};

/// Neither the empty nor the full one. Sizes s and n - s together, from s = 1 up, with the kernel's weight
/// (n - 1) / (C(n, s) s (n - s)) each, as far as `budget` reaches; of the sizes left pairs of complements are
/// drawn and share their weight evenly.
std::vector<Coalition> chosenCoalitions(std::size_t players, std::size_t budget, std::uint64_t seed);

/// The values, one for each player, that sum to `full` - `empty` and fit the coalitions' worths best. Where
/// coalitions do not settle them, the smallest ones.
std::vector<double> shapleyRegression(std::span<const Coalition> coalitions, std::span<const double> worths,
                                      double empty, double full, std::size_t players);

}  // namespace lapidary::core
