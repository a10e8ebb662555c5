// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/control/control.h"

#include <cstring>

#include "core/ops/families.h"

namespace lapidary::core {
namespace {

Shape declaredShape(const Value& value) {
  Shape shape;
  if (value.shape)
    for (const Dimension& dimension : *value.shape) shape.push_back(dimension.size.value_or(0));
  return shape;
}

std::vector<Activation> ifForward(const OpCall& call) {
  return runSubgraph(call, conditionOf(call.input(0)) ? "then_branch" : "else_branch", {});
}

/// What is inside decides, and its cost is counted when it runs.
Cost noOwnCost(const Node&, std::span<const Shape>, std::span<const Shape>) { return {}; }

constexpr Op controlRows[] = {
    {"", "If", ifForward, nullptr, noOwnCost},
    {"", "Loop", loopForward, nullptr, noOwnCost},
    {"", "Scan", scanForward, nullptr, noOwnCost, false, false, 8},
};

}  // namespace

const Graph& subgraphOf(const Node& node, const std::string& attribute) {
  const auto* graph = node.find<std::shared_ptr<const Graph>>(attribute);
  if (graph == nullptr) failAttribute(attribute, "is missing");
  return **graph;
}

std::vector<Activation> runSubgraph(const OpCall& call, const std::string& attribute,
                                    std::span<const Activation> inputs) {
  const Graph& graph = subgraphOf(call.node, attribute);
  if (call.subgraphs == nullptr) unsupported("an operator with subgraphs needs the executor");
  return withContext("attribute '" + attribute + "'", [&] { return call.subgraphs->run(graph, inputs); });
}

bool conditionOf(const Tensor& condition) {
  if (condition.dtype() != DType::Bool || condition.size() != 1)
    invalid("the condition is " + std::string(name(condition.dtype())) + " of shape " +
            toText(condition.shape()) + ", one bool is expected");
  return condition.as<bool>()[0];
}

void Stack::push(const Tensor& tensor) {
  if (!m_first.defined()) {
    m_first = tensor;
  } else if (tensor.dtype() != m_first.dtype() || tensor.shape() != m_first.shape()) {
    invalid("'" + m_declared.name + "' is " + std::string(name(tensor.dtype())) + " of shape " +
            toText(tensor.shape()) + " in iteration " + std::to_string(m_count) + ", and was " +
            std::string(name(m_first.dtype())) + " of shape " + toText(m_first.shape()));
  }
  Shape shape = tensor.shape();
  shape.insert(shape.begin(), m_count + 1);
  checkedShape(shape);
  const Tensor whole = bitsOf(tensor.dtype()) < 8 ? convert(tensor, DType::Int8) : tensor;
  m_bytes.insert(m_bytes.end(), whole.bytes().begin(), whole.bytes().end());
  ++m_count;
}

Tensor Stack::build(bool reversed, std::int64_t length) const {
  const DType dtype = m_first.defined() ? m_first.dtype() : m_declared.dtype.value_or(DType::Float32);
  const DType stored = bitsOf(dtype) < 8 ? DType::Int8 : dtype;
  Shape shape = m_first.defined() ? m_first.shape() : declaredShape(m_declared);
  shape.insert(shape.begin(), std::max(m_count, length));
  TensorBuilder builder(stored, checkedShape(shape));
  const std::span<std::byte> to = builder.bytes();
  std::ranges::fill(to.subspan(std::min(m_bytes.size(), to.size())), std::byte{0});
  const std::size_t count = static_cast<std::size_t>(m_count);
  const std::size_t each = count == 0 ? 0 : m_bytes.size() / count;
  for (std::size_t i = 0; i < count && each > 0; ++i)
    std::memcpy(to.data() + i * each, m_bytes.data() + (reversed ? count - 1 - i : i) * each, each);
  return convert(std::move(builder).build(), dtype);
}

std::span<const Op> controlOps() { return controlRows; }

}  // namespace lapidary::core
