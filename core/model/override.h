// SPDX-License-Identifier: GPL-3.0-or-later
// A model's graph with its edited weights in place: what a writer writes.
#pragma once

#include "core/model/model.h"

namespace lapidary::core {

/// The graph with Model::weights as its initialisers. Where an overridden value had a producer, that
/// output is cut off, and whatever only served to compute it (nodes and initialisers) is left out.
Graph withWeights(const Model& model);

/// The floating type in which the value's weight stands in the file it came from; nothing where the value is
/// not a floating constant of the graph.
std::optional<DType> storedType(const Graph& graph, ValueId value);

}  // namespace lapidary::core
