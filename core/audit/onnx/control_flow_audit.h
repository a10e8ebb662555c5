// SPDX-License-Identifier: GPL-3.0-or-later
// Branches and loops of an ONNX graph that hold a model of their own.
#pragma once

#include <set>
#include <string>

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// Every name that a node of the graph, or of a graph inside it, reads, and the graphs' outputs.
std::set<std::string> namesUsed(std::span<const std::byte> graph);

/// Tells of If, Loop and Scan whose graphs hold a tenth of the model's weights or more, and whether the
/// input's values decide which of them run. `graph` lies in the part.
void auditControlFlow(AuditRun& run, const AuditPart& part, std::span<const std::byte> graph);

}  // namespace lapidary::core
