// SPDX-License-Identifier: GPL-3.0-or-later
// Recognises operators that exporters write out as several nodes: layer normalisation and GELU.
#pragma once

#include <memory>

#include "core/model/model.h"

namespace lapidary::core {

/// The graph with each such group's last node replaced by the one operator; ids of nodes and values stay,
/// and the other nodes of the group have no reader any more. Groups whose inner values are among
/// `results`, or are read elsewhere, stay as they are. The same graph where nothing was found.
std::shared_ptr<const Graph> simplified(const Model& model, const std::vector<ValueId>& results);

/// The number that the value always is: a scalar weight or the output of a Constant node.
std::optional<float> scalarOf(const Model& model, ValueId value);

}  // namespace lapidary::core
