// SPDX-License-Identifier: GPL-3.0-or-later
// The one list of what was tried in ONNX Runtime at every level of its optimiser, with our answers: whatever
// a written graph holds besides is named.
#pragma once

#include <span>
#include <string_view>

#include "core/model/model.h"
#include "core/model/unproved_node.h"

namespace lapidary::core {

struct TriedOperator {
  std::string_view domain, opType;
  auto operator<=>(const TriedOperator&) const = default;
};

// tests/interop/optimizer_test.cpp runs each of these, and fails where it tries another or one stands here
// that it does not try.

/// Operators that read a weight.
std::span<const TriedOperator> triedReaders();
/// Operators without a weight that read activations from codes.
std::span<const TriedOperator> triedBetweenCodes();
/// Nodes on the way from the codes of a weight to its reader.
std::span<const TriedOperator> triedSteps();
/// Types of the codes of a weight.
std::span<const DType> triedCodes();
/// Types of the codes of activations.
std::span<const DType> triedActivations();

/// The nodes of a graph, as it was read from the file that was written, that no rule covers: readers of
/// weights that are no operator of the list; weights whose codes, or what stands between these and the
/// reader, are not on it; what reads activations from other codes; and every product that a rule of the
/// optimiser would compute with other numbers (see onnx_guard.h). In the order of the nodes.
UnprovedNodes unprovedNodes(const Model& written);

}  // namespace lapidary::core
