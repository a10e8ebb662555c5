// SPDX-License-Identifier: GPL-3.0-or-later
// Scan: runs its body over the slices of its inputs along an axis, with states carried from one to the next.
#include <numeric>

#include "core/ops/control/control.h"
#include "core/ops/indexing/transpose.h"

namespace lapidary::core {
namespace {

constexpr const char* scanBody = "body";

/// The axis moved to the front.
Tensor axisFirst(const Tensor& tensor, std::int64_t axis) {
  const std::size_t from = axisOf(axis, tensor.rank());
  std::vector<std::size_t> permutation{from};
  for (std::size_t i = 0; i < tensor.rank(); ++i)
    if (i != from) permutation.push_back(i);
  return transposed(tensor, permutation);
}

/// The first axis moved to that index.
Tensor axisTo(const Tensor& tensor, std::int64_t axis) {
  const std::size_t to = axisOf(axis, tensor.rank());
  std::vector<std::size_t> permutation;
  for (std::size_t i = 1; i < tensor.rank(); ++i) permutation.push_back(i);
  permutation.insert(permutation.begin() + static_cast<std::ptrdiff_t>(to), 0);
  return transposed(tensor, permutation);
}

/// Slice i along the first axis; shares the bytes.
Tensor sliceOf(const Tensor& tensor, std::int64_t i) {
  if (bitsOf(tensor.dtype()) < 8) return convert(sliceOf(convert(tensor, DType::Int8), i), tensor.dtype());
  const Shape shape(tensor.shape().begin() + 1, tensor.shape().end());
  const std::size_t bytes = byteCount(tensor.dtype(), elementCount(shape));
  return Tensor(tensor.dtype(), shape,
                {tensor.owner(), tensor.bytes().subspan(static_cast<std::size_t>(i) * bytes, bytes)});
}

/// One pass over one sequence: the inputs lie with the axis that is scanned in front.
struct Pass {
  std::vector<Activation> states;
  std::vector<Tensor> sequences;
  std::int64_t length = 0;
};

class ScanRun {
 public:
  explicit ScanRun(const OpCall& call) : m_call(call), m_body(subgraphOf(call.node, scanBody)) {
    m_batched = call.opset < 9;  // until version 8 there was a batch axis, and optional lengths before all
    const std::size_t first = m_batched ? 1 : 0,
                      given = call.inputs.size() - std::min(first, call.inputs.size());
    const std::int64_t sequences = call.node.intOr("num_scan_inputs", 0);
    if (sequences < 1 || static_cast<std::size_t>(sequences) > given)
      failAttribute("num_scan_inputs",
                    "is " + std::to_string(sequences) + " of " + std::to_string(given) + " inputs");
    m_sequences = static_cast<std::size_t>(sequences);
    m_states = given - m_sequences;
    if (m_body.inputs.size() != given || m_body.outputs.size() < m_states)
      failAttribute(scanBody, "has " + std::to_string(m_body.inputs.size()) + " inputs and " +
                                  std::to_string(m_body.outputs.size()) + " outputs for " +
                                  std::to_string(given) + " inputs and " + std::to_string(m_states) +
                                  " states");
    m_stacked = m_body.outputs.size() - m_states;
    m_inputDirections = listOf(m_batched ? "directions" : "scan_input_directions", m_sequences);
    m_inputAxes = listOf("scan_input_axes", m_sequences);
    m_outputDirections = listOf("scan_output_directions", m_stacked);
    m_outputAxes = listOf("scan_output_axes", m_stacked);
  }

  std::vector<Activation> run() { return m_batched ? runBatch() : runWhole(); }

 private:
  /// One number for each of `count`, zeros where the attribute is not given.
  std::vector<std::int64_t> listOf(const char* key, std::size_t count) const {
    const auto values = m_call.node.intsOr(key, std::vector<std::int64_t>(count, 0));
    if (values.size() != count)
      failAttribute(
          key, "has " + std::to_string(values.size()) + " values, " + std::to_string(count) + " expected");
    return values;
  }

  std::vector<Activation> runWhole() {
    Pass pass;
    for (std::size_t i = 0; i < m_states; ++i) {
      if (!m_call.has(i)) failInput(i, "initial state", "is missing");
      pass.states.push_back(m_call.inputs[i]);
    }
    for (std::size_t i = 0; i < m_sequences; ++i)
      pass.sequences.push_back(axisFirst(m_call.input(m_states + i), m_inputAxes[i]));
    pass.length = commonLength(pass.sequences, 0);
    const std::vector<Stack> stacks = scan(pass);
    std::vector<Activation> outputs = std::move(pass.states);
    for (std::size_t i = 0; i < m_stacked; ++i)
      outputs.push_back(axisTo(stacks[i].build(m_outputDirections[i] == 1), m_outputAxes[i]));
    return outputs;
  }

  std::int64_t commonLength(const std::vector<Tensor>& sequences, std::size_t axis) const {
    for (const Tensor& sequence : sequences) {
      requireRank(sequence, axis + 1, "what is scanned");
      if (sequence.shape()[axis] != sequences[0].shape()[axis])
        invalid("scans sequences of " + std::to_string(sequences[0].shape()[axis]) + " and of " +
                std::to_string(sequence.shape()[axis]) + " slices together");
    }
    return sequences[0].shape()[axis];
  }

  /// Leaves the last states in `pass`.
  std::vector<Stack> scan(Pass& pass) {
    std::vector<Stack> stacks;
    for (std::size_t i = 0; i < m_stacked; ++i)
      stacks.emplace_back(m_body.value(m_body.outputs[m_states + i]));
    for (std::int64_t step = 0; step < pass.length; ++step) {
      std::vector<Activation> inputs = pass.states;
      for (std::size_t i = 0; i < m_sequences; ++i)
        inputs.emplace_back(
            sliceOf(pass.sequences[i], m_inputDirections[i] == 1 ? pass.length - 1 - step : step));
      const auto outputs = runSubgraph(m_call, scanBody, inputs);
      for (std::size_t i = 0; i < m_states; ++i) pass.states[i] = outputs.at(i);
      for (std::size_t i = 0; i < m_stacked; ++i) stacks[i].push(toPlain(outputs.at(m_states + i)));
    }
    return stacks;
  }

  /// Every sample of the batch by itself, up to its own length; what is missing is filled up with zeros.
  std::vector<Activation> runBatch() {
    std::vector<Tensor> given;
    for (std::size_t i = 1; i < m_call.inputs.size(); ++i) given.push_back(m_call.input(i));
    const std::int64_t batch = commonLength(given, 0);
    const std::vector<Tensor> sequences(given.begin() + static_cast<std::ptrdiff_t>(m_states), given.end());
    const std::int64_t longest = commonLength(sequences, 1);
    const auto lengths = m_call.has(0) ? integersOf(m_call, 0, "sequence_lens")
                                       : std::vector<std::int64_t>(static_cast<std::size_t>(batch), longest);
    if (lengths.size() != static_cast<std::size_t>(batch))
      failInput(0, "sequence_lens",
                "has " + std::to_string(lengths.size()) + " values for a batch of " + std::to_string(batch));
    std::vector<Stack> results;
    for (const ValueId output : m_body.outputs) results.emplace_back(m_body.value(output));
    for (std::int64_t b = 0; b < batch; ++b) {
      const std::int64_t length = lengths[static_cast<std::size_t>(b)];
      if (length < 0 || length > longest)
        failInput(0, "sequence_lens",
                  "holds " + std::to_string(length) + " for sequences of " + std::to_string(longest));
      runSample(given, b, length, longest, results);
    }
    std::vector<Activation> outputs;
    for (const Stack& result : results) outputs.push_back(result.build());
    return outputs;
  }

  void runSample(const std::vector<Tensor>& given, std::int64_t sample, std::int64_t length,
                 std::int64_t longest, std::vector<Stack>& results) {
    Pass pass;
    pass.length = length;
    for (std::size_t i = 0; i < given.size(); ++i) {
      const Tensor slice = sliceOf(given[i], sample);
      if (i < m_states)
        pass.states.emplace_back(slice);
      else
        pass.sequences.push_back(slice);
    }
    const std::vector<Stack> stacks = scan(pass);
    for (std::size_t i = 0; i < m_states; ++i) results[i].push(toPlain(pass.states[i]));
    for (std::size_t i = 0; i < m_stacked; ++i) results[m_states + i].push(stacks[i].build(false, longest));
  }

  const OpCall& m_call;
  const Graph& m_body;
  bool m_batched;
  std::size_t m_sequences = 0, m_states = 0, m_stacked = 0;
  std::vector<std::int64_t> m_inputAxes, m_inputDirections, m_outputAxes, m_outputDirections;
};

}  // namespace

std::vector<Activation> scanForward(const OpCall& call) { return ScanRun(call).run(); }

}  // namespace lapidary::core
