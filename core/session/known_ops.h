// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a model can run at all, as far as its operators say, and the warning that names those that are
// missing.
#pragma once

#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

/// Whether there is a graph, all operators of which are in the table, in the version that the model asks for;
/// those of subgraphs count too.
bool canRun(const Model& model);

/// Those of the model, and one of kind UnknownOp where operators are missing. Its detail names each once with
/// the number of its nodes, in the order of the graph: "my.domain::Twist ×2, Swirl ×1".
std::vector<Warning> warningsOf(const Model& model);

}  // namespace lapidary::core
