// SPDX-License-Identifier: GPL-3.0-or-later
// Loop: runs its body up to M times while a condition holds, with values carried from one to the next.
#include "core/ops/control/control.h"

namespace lapidary::core {
namespace {

constexpr const char* loopBody = "body";

/// Some exporters declare the iteration's number and the condition as vectors of one element.
Shape shapeOfOne(const Graph& body, std::size_t input) {
  const auto& declared = body.value(body.inputs[input]).shape;
  return declared && declared->size() == 1 ? Shape{1} : Shape{};
}

class LoopRun {
 public:
  explicit LoopRun(const OpCall& call) : m_call(call), m_body(subgraphOf(call.node, loopBody)) {
    const std::size_t carried = call.inputs.size() < 2 ? 0 : call.inputs.size() - 2;
    if (m_body.inputs.size() != carried + 2 || m_body.outputs.size() < carried + 1)
      failAttribute(loopBody, "has " + std::to_string(m_body.inputs.size()) + " inputs and " +
                                  std::to_string(m_body.outputs.size()) + " outputs for " +
                                  std::to_string(carried) + " values that are carried");
    for (std::size_t i = 0; i < carried; ++i) {
      if (!call.has(i + 2)) failInput(i + 2, "v_initial", "is missing");
      m_carried.push_back(call.inputs[i + 2]);
    }
    for (std::size_t i = carried + 1; i < m_body.outputs.size(); ++i)
      m_stacks.emplace_back(m_body.value(m_body.outputs[i]));
  }

  std::vector<Activation> run() {
    const bool bounded = m_call.has(0) && m_call.inputs[0].tensor.size() > 0;
    const std::int64_t most = bounded ? integerOf(m_call, 0, "M") : 0;
    bool going = !m_call.has(1) || m_call.inputs[1].tensor.size() == 0 || conditionOf(m_call.input(1));
    // The text of the standard passes over the body's condition where none is given to start with; its
    // reference implementation and ONNX Runtime heed it.
    for (std::int64_t i = 0; going && (!bounded || i < most); ++i) going = iterate(i);
    std::vector<Activation> outputs = std::move(m_carried);
    for (const Stack& stack : m_stacks) outputs.push_back(stack.build());
    return outputs;
  }

 private:
  /// Whether the body wants another iteration.
  bool iterate(std::int64_t number) {
    std::vector<Activation> inputs{Tensor::from<std::int64_t>(shapeOfOne(m_body, 0), {number}),
                                   Tensor::from<bool>(shapeOfOne(m_body, 1), {true})};
    inputs.insert(inputs.end(), m_carried.begin(), m_carried.end());
    const auto outputs = runSubgraph(m_call, loopBody, inputs);
    for (std::size_t i = 0; i < m_carried.size(); ++i) m_carried[i] = outputs.at(i + 1);
    for (std::size_t i = 0; i < m_stacks.size(); ++i)
      m_stacks[i].push(toPlain(outputs.at(m_carried.size() + 1 + i)));
    return conditionOf(toPlain(outputs.at(0)));
  }

  const OpCall& m_call;
  const Graph& m_body;
  std::vector<Activation> m_carried;
  std::vector<Stack> m_stacks;
};

}  // namespace

std::vector<Activation> loopForward(const OpCall& call) { return LoopRun(call).run(); }

}  // namespace lapidary::core
