// SPDX-License-Identifier: GPL-3.0-or-later
// The options by which `compress` cuts all layers alike, and the recipe that they make.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "core/session/session.h"

namespace lapidary::cli {

struct CutOptions {
  std::string recipe;  ///< path of a JSON file; the others are then not given
  double sparsity = 0, channels = 0, heads = 0, energy = 0;
  bool perLayer = false, correctBias = false, scaleInputs = false, equalize = false;
  int bits = 0, rank = 0;  ///< 0: not given
  std::string pattern, block, criterion;
  std::string scheme, per, weightRange, rounding;
  std::string activations, range;
  std::vector<std::string> include;  ///< patterns of names
};

void addCut(CLI::App& command, CutOptions& options);

/// Channels, heads and low rank are of the layers that can have them. Norms, biases and statistics of a file
/// without a graph are left as they are, unless --include names them; a warning tells of both. Throws
/// Error(Usage) naming the option that does not go with the others.
core::Recipe recipeOf(const CutOptions& options, const core::Session& session);

}  // namespace lapidary::cli
