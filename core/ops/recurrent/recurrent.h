// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that RNN, GRU and LSTM share: their attributes, and one direction's pass over a batch of
// sequences.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/ops/op.h"

namespace lapidary::core {

/// Changes an array in place.
using GateFunction = std::function<void(float* x, std::int64_t count)>;

/// The activations of one direction, in the order f, g, h.
using GateFunctions = std::vector<GateFunction>;

/// For each direction the functions that the node names, or `standard`. Throws Error for unknown names.
std::vector<GateFunctions> gateFunctions(const Node& node, std::size_t directions,
                                         const std::vector<std::string>& standard);

/// One direction's parameters and state, while it steps through time. Arrays are row-major.
struct CellState {
  std::int64_t batch = 0, hidden = 0;
  float* gates = nullptr;             ///< batch x gates x hidden: W x + all biases that may be added at once
  float* h = nullptr;                 ///< batch x hidden
  float* c = nullptr;                 ///< likewise; LSTM alone
  const float* recurrence = nullptr;  ///< gates x hidden x hidden
  const float* recurrentBias = nullptr;  ///< gates x hidden; null where there is none
  const float* peepholes = nullptr;      ///< 3 x hidden (i, o, f); null where there are none
  const GateFunctions* functions = nullptr;
  float clip = 0;  ///< 0: none
};

/// The parts in which the three operators differ.
struct Cell {
  std::int64_t gates = 1;
  bool memory = false;  ///< has a cell state c beside h
  std::vector<std::string> functions;
  /// Replaces h and c by those after one step. `scratch` holds batch x hidden floats.
  void (*step)(const Node& node, const CellState& state, float* scratch) = nullptr;
  /// The number of last gates whose recurrent biases must not be added before the step.
  std::int64_t lateBiases = 0;
};

Cell rnnCell();
Cell gruCell(const Node& node);
Cell lstmCell();

/// gates[batch, first .. first + count) += h * recurrence^T for these gates.
void addRecurrence(const CellState& state, std::int64_t gatesInAll, std::int64_t first, std::int64_t count,
                   const float* h);
/// Bounds to [-clip, clip] and applies the function.
void activate(const CellState& state, std::size_t function, float* x, std::int64_t count);

/// Y, Y_h and, with a memory, Y_c; undefined where the node omits them.
std::vector<Activation> recurrentForward(const OpCall& call, const Cell& cell);

}  // namespace lapidary::core
