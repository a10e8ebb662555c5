// SPDX-License-Identifier: GPL-3.0-or-later
// Rewriting a graph for a newer version of ONNX's standard operators.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/model/graph.h"

namespace lapidary::core {

/// The opset that every rewrite here starts from at the earliest, and the one it can reach.
inline constexpr std::int64_t oldestUpgradable = 1;
inline constexpr std::int64_t newestUpgrade = 21;

/// Changes the nodes (of subgraphs too) so that they mean at opset `to` what they meant at `from`.
/// Throws Error(Unsupported) naming the node that has no such form.
void upgradeOpset(Graph& graph, std::int64_t from, std::int64_t to);

/// The same where nodes were written for different versions: those whose first output has a name in
/// `versions` (and what stands in their subgraphs) for that one, the others for `from`.
void unifyOpsets(Graph& graph, std::int64_t from, const std::map<std::string, std::int64_t>& versions,
                 std::int64_t to);

}  // namespace lapidary::core
