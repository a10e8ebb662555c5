// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/recurrent/recurrent.h"

#include <algorithm>

#include "core/ops/checks.h"
#include "core/ops/families.h"
#include "core/ops/indexing/transpose.h"
#include "core/ops/kernels/gemm_kernel.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

/// Inputs by their index: X, W, R, B, sequence_lens, initial_h, initial_c, P.
constexpr const char* names[] = {"X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"};

class RecurrentRun {
 public:
  RecurrentRun(const OpCall& call, const Cell& cell) : m_call(call), m_node(call.node), m_cell(cell) {
    m_batchFirst = m_node.intOr("layout", 0) != 0;
    const std::string direction = m_node.textOr("direction", "forward");
    if (direction != "forward" && direction != "reverse" && direction != "bidirectional")
      failAttribute("direction", "is '" + direction + "', forward, reverse or bidirectional expected");
    m_directions = direction == "bidirectional" ? 2 : 1;
    m_firstReversed = direction == "reverse";
    readShapes();
    m_functions = gateFunctions(m_node, index(m_directions), m_cell.functions);
    readLengths();
  }

  std::vector<Activation> run() {
    m_y = filled({m_steps, m_directions, m_batch, m_hidden});
    m_h = stateOf(5);
    if (m_cell.memory) m_c = stateOf(6);
    for (std::int64_t d = 0; d < m_directions; ++d) runDirection(d);
    std::vector<Activation> outputs(m_cell.memory ? 3 : 2);
    outputs[0] = finished(0, std::move(*m_y), {2, 0, 1, 3});
    outputs[1] = finished(1, std::move(*m_h), {1, 0, 2});
    if (m_cell.memory) outputs[2] = finished(2, std::move(*m_c), {1, 0, 2});
    return outputs;
  }

 private:
  static std::optional<TensorBuilder> filled(Shape shape) { return zeros(checkedShape(std::move(shape))); }

  Tensor expect(std::size_t i, const Shape& shape) const {
    const Tensor tensor = floatInput(m_call, i);
    if (tensor.shape() != shape)
      failInput(i, names[i], "has shape " + toText(tensor.shape()) + ", " + toText(shape) + " expected");
    return tensor;
  }

  void readShapes() {
    m_x = floatInput(m_call, 0);
    const Tensor r = floatInput(m_call, 2);
    if (m_x.rank() != 3 || r.rank() != 3)
      invalid("X has shape " + toText(m_x.shape()) + " and R " + toText(r.shape()) +
              ", 3 dimensions each are expected");
    m_dtype = m_call.inputs[0].dtype;
    if (m_batchFirst) m_x = transposed(m_x, {1, 0, 2});
    m_steps = m_x.shape()[0], m_batch = m_x.shape()[1];
    const std::int64_t inputs = m_x.shape()[2];
    m_hidden = r.shape()[2];
    if (const auto* declared = m_node.find<std::int64_t>("hidden_size"); declared && *declared != m_hidden)
      failAttribute("hidden_size",
                    "is " + std::to_string(*declared) + ", R has " + std::to_string(m_hidden) + " columns");
    const std::int64_t rows = m_cell.gates * m_hidden;
    m_w = expect(1, {m_directions, rows, inputs});
    m_r = expect(2, {m_directions, rows, m_hidden});
    if (m_call.has(3)) m_b = expect(3, {m_directions, 2 * rows});
    if (m_cell.memory && m_call.has(7)) m_p = expect(7, {m_directions, 3 * m_hidden});
  }

  void readLengths() {
    m_lengths.assign(index(m_batch), m_steps);
    if (!m_call.has(4)) return;
    m_lengths = integersOf(m_call, 4, names[4]);
    if (m_lengths.size() != index(m_batch))
      failInput(
          4, names[4],
          "has " + std::to_string(m_lengths.size()) + " values for a batch of " + std::to_string(m_batch));
    for (const std::int64_t length : m_lengths)
      if (length < 0 || length > m_steps)
        failInput(4, names[4],
                  "holds " + std::to_string(length) + " for sequences of " + std::to_string(m_steps));
  }

  /// The initial state, [directions, batch, hidden] whatever the layout; zeros where it is not given.
  std::optional<TensorBuilder> stateOf(std::size_t i) const {
    auto state = filled({m_directions, m_batch, m_hidden});
    if (!m_call.has(i)) return state;
    const Tensor given = m_batchFirst ? transposed(expect(i, {m_batch, m_directions, m_hidden}), {1, 0, 2})
                                      : expect(i, {m_directions, m_batch, m_hidden});
    std::ranges::copy(given.as<float>(), state->as<float>().begin());
    return state;
  }

  /// The part of the biases that is added to W x: all of W's, and those of R that the step does not add
  /// itself.
  std::vector<float> earlyBias(std::int64_t direction) const {
    const std::int64_t rows = m_cell.gates * m_hidden;
    std::vector<float> bias(index(rows), 0.0f);
    if (!m_b.defined()) return bias;
    const float* b = m_b.as<float>().data() + direction * 2 * rows;
    for (std::int64_t i = 0; i < rows; ++i)
      bias[index(i)] = b[i] + (i < (m_cell.gates - m_cell.lateBiases) * m_hidden ? b[rows + i] : 0.0f);
    return bias;
  }

  /// W x + bias for all steps: [steps, batch, gates * hidden].
  TensorBuilder projected(std::int64_t direction) const {
    const std::int64_t rows = m_cell.gates * m_hidden, samples = m_steps * m_batch, inputs = m_x.shape()[2];
    TensorBuilder product(DType::Float32, checkedShape({m_steps, m_batch, rows}));
    const std::vector<float> bias = earlyBias(direction);
    float* to = product.as<float>().data();
    for (std::int64_t i = 0; i < samples; ++i) std::ranges::copy(bias, to + i * rows);
    multiply({.transB = true,
              .m = samples,
              .n = rows,
              .k = inputs,
              .a = m_x.as<float>().data(),
              .lda = inputs,
              .b = m_w.as<float>().data() + direction * rows * inputs,
              .ldb = inputs,
              .beta = 1,
              .c = to,
              .ldc = rows});
    return product;
  }

  void runDirection(std::int64_t direction) {
    const std::int64_t rows = m_cell.gates * m_hidden, states = m_batch * m_hidden;
    TensorBuilder product = projected(direction);
    std::vector<float> gates(index(m_batch * rows)), h(index(states)), c(index(states)),
        scratch(index(states));
    CellState state;
    state.batch = m_batch, state.hidden = m_hidden, state.clip = m_node.floatOr("clip", 0);
    state.gates = gates.data(), state.h = h.data(), state.c = c.data();
    state.recurrence = m_r.as<float>().data() + direction * rows * m_hidden;
    if (m_b.defined()) state.recurrentBias = m_b.as<float>().data() + (2 * direction + 1) * rows;
    if (m_p.defined()) state.peepholes = m_p.as<float>().data() + direction * 3 * m_hidden;
    state.functions = &m_functions[index(direction)];
    std::copy_n(m_h->as<float>().data() + direction * states, states, h.data());
    if (m_c) std::copy_n(m_c->as<float>().data() + direction * states, states, c.data());
    const bool reversed = direction == 1 || m_firstReversed;
    const std::int64_t longest = m_lengths.empty() ? 0 : std::ranges::max(m_lengths);
    for (std::int64_t step = 0; step < longest; ++step) {
      for (std::int64_t b = 0; b < m_batch; ++b)
        std::copy_n(product.as<float>().data() + (timeOf(step, b, reversed) * m_batch + b) * rows, rows,
                    gates.data() + b * rows);
      m_cell.step(m_node, state, scratch.data());
      keep(direction, step, reversed, state);
    }
  }

  /// A sequence is reversed within its own length; beyond its end anything will do.
  std::int64_t timeOf(std::int64_t step, std::int64_t sample, bool reversed) const {
    const std::int64_t length = m_lengths[index(sample)];
    return step < length ? (reversed ? length - 1 - step : step) : 0;
  }

  void keep(std::int64_t direction, std::int64_t step, bool reversed, const CellState& state) {
    for (std::int64_t b = 0; b < m_batch; ++b) {
      if (step >= m_lengths[index(b)]) continue;
      const float* h = state.h + b * m_hidden;
      const std::int64_t row = (timeOf(step, b, reversed) * m_directions + direction) * m_batch + b;
      std::copy_n(h, m_hidden, m_y->as<float>().data() + row * m_hidden);
      if (step + 1 != m_lengths[index(b)]) continue;
      const std::int64_t last = (direction * m_batch + b) * m_hidden;
      std::copy_n(h, m_hidden, m_h->as<float>().data() + last);
      if (m_c) std::copy_n(state.c + b * m_hidden, m_hidden, m_c->as<float>().data() + last);
    }
  }

  /// In the node's layout and element type.
  Activation finished(std::size_t output, TensorBuilder builder,
                      const std::vector<std::size_t>& batchFirst) const {
    if (omitted(m_call, output)) return {};
    const Tensor tensor = std::move(builder).build();
    return convert(m_batchFirst ? transposed(tensor, batchFirst) : tensor, m_dtype);
  }

  const OpCall& m_call;
  const Node& m_node;
  const Cell& m_cell;
  DType m_dtype = DType::Float32;
  bool m_batchFirst = false, m_firstReversed = false;
  std::int64_t m_directions = 1, m_steps = 0, m_batch = 0, m_hidden = 0;
  Tensor m_x, m_w, m_r, m_b, m_p;
  std::vector<std::int64_t> m_lengths;
  std::vector<GateFunctions> m_functions;
  std::optional<TensorBuilder> m_y, m_h, m_c;
};

std::vector<Activation> rnnForward(const OpCall& call) { return recurrentForward(call, rnnCell()); }
std::vector<Activation> gruForward(const OpCall& call) { return recurrentForward(call, gruCell(call.node)); }
std::vector<Activation> lstmForward(const OpCall& call) { return recurrentForward(call, lstmCell()); }

/// A product of every row of W and R with every step of every sample.
Cost recurrentCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  Cost cost;
  cost.bytes = floatBytes(inputs) + floatBytes(outputs);
  if (inputs.size() > 2 && inputs[0].size() == 3)
    cost.flops = 2.0 * static_cast<double>(inputs[0][0]) * static_cast<double>(inputs[0][1]) *
                 static_cast<double>(elementCount(inputs[1]) + elementCount(inputs[2]));
  return cost;
}

constexpr Op recurrentRows[] = {
    {"", "RNN", rnnForward, nullptr, recurrentCost},
    {"", "GRU", gruForward, nullptr, recurrentCost},
    {"", "LSTM", lstmForward, nullptr, recurrentCost},
};

}  // namespace

std::vector<Activation> recurrentForward(const OpCall& call, const Cell& cell) {
  return RecurrentRun(call, cell).run();
}

std::span<const Op> recurrentOps() { return recurrentRows; }

}  // namespace lapidary::core
