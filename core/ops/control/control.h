// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that the operators with subgraphs share: finding a subgraph, running it, and stacking what it
// yields.
#pragma once

#include <span>
#include <string>

#include "core/ops/checks.h"
#include "core/ops/op.h"

namespace lapidary::core {

std::vector<Activation> loopForward(const OpCall& call);  // control_loop.cpp
std::vector<Activation> scanForward(const OpCall& call);  // control_scan.cpp

/// The graph of that attribute. Throws Error where it is missing.
const Graph& subgraphOf(const Node& node, const std::string& attribute);

/// Runs it with the call's runner; errors name the attribute.
std::vector<Activation> runSubgraph(const OpCall& call, const std::string& attribute,
                                    std::span<const Activation> inputs);

/// The one bool of the tensor; throws Error for any other.
bool conditionOf(const Tensor& condition);

/// Tensors of one dtype and shape, one after the other along a new first axis. Grows as it is filled: the
/// number of iterations that a model announces is never trusted.
class Stack {
 public:
  /// `declared` gives dtype and shape where nothing is ever pushed; an unknown dimension is then 0.
  explicit Stack(const Value& declared) : m_declared(declared) {}

  /// Throws Error where the tensor is unlike the first one, or the stack holds more than a result may.
  void push(const Tensor& tensor);
  /// The last one first where `reversed`; filled up with zeros where `length` is more than was pushed.
  Tensor build(bool reversed = false, std::int64_t length = 0) const;

 private:
  const Value& m_declared;
  Tensor m_first;
  std::int64_t m_count = 0;
  std::vector<std::byte> m_bytes;  ///< 4-bit elements one to a byte
};

}  // namespace lapidary::core
