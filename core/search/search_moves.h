// SPDX-License-Identifier: GPL-3.0-or-later
// The moves of the search: what may be done to one layer, as two tables of settings that go together.
#pragma once

#include <vector>

#include "core/search/search.h"

namespace lapidary::core {

/// Shares of a layer's weights to prune, each with every quantizer; another kind of pruning is a row more.
std::vector<CutSetting> searchPrunings();
/// Ways to quantize a layer, each with every pruning; another scheme, or another way to round, is a row
/// more. `integerActivations`: also with 8-bit activations, which make the model faster. Rows that learn
/// from calibration samples (GPTQ) are among them.
std::vector<CutSetting> searchQuantizers(bool integerActivations);

/// All of them joined, the empty edit first; no edit twice.
std::vector<CutSetting> joinedMoves(const SearchRequest& request);

}  // namespace lapidary::core
