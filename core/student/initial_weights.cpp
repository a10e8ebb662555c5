// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/student/initial_weights.h"

#include <cmath>
#include <numbers>
#include <set>

namespace lapidary::core {
namespace {

double unit(std::mt19937_64& random) {
  return (static_cast<double>(random() >> 11) + 0.5) / static_cast<double>(std::uint64_t{1} << 53);
}

std::int64_t inputsOf(const Node& node, const Shape& shape) {
  const auto rank = shape.size();
  if (node.opType == "MatMul") return shape[rank - 2];
  if (node.opType == "Gemm") return shape[node.intOr("transB", 0) != 0 ? 1 : 0];
  std::int64_t inputs = shape[node.opType == "ConvTranspose" ? 0 : 1];
  for (std::size_t axis = 2; axis < rank; ++axis) inputs *= shape[axis];
  return inputs;
}

/// Draws the constants of a graph's nodes anew, each once.
class Redraw {
 public:
  Redraw(Model model, std::uint64_t seed) : m_model(std::move(model)), m_weights(seed) {}

  Model run() {
    for (const Node& node : m_model.graph->nodes) redraw(node);
    return std::move(m_model);
  }

 private:
  void redraw(const Node& node) {
    static const std::set<std::string> products{"Conv", "ConvTranspose", "Gemm", "MatMul"},
        norms{"BatchNormalization", "InstanceNormalization", "LayerNormalization", "GroupNormalization"};
    if (products.contains(node.opType)) {
      for (std::size_t i = 0; i < node.inputs.size(); ++i)
        replace(node, i, [&](const Shape& shape) {
          return i == 2 || shape.size() < 2 ? filled(shape, 0) : m_weights.he(shape, inputsOf(node, shape));
        });
    } else if (norms.contains(node.opType)) {
      const float values[]{1, 0, 0, 1};  // scale, bias, mean, variance
      for (std::size_t i = 1; i < std::min<std::size_t>(5, node.inputs.size()); ++i)
        replace(node, i, [&](const Shape& shape) { return filled(shape, values[i - 1]); });
    } else if (node.opType == "Gather") {
      replace(node, 0, [&](const Shape& shape) { return m_weights.normal(shape, 0.02); });
    } else if (node.opType == "Add" || node.opType == "PRelu") {
      for (std::size_t i = 0; i < node.inputs.size(); ++i)
        replace(node, i, [&](const Shape& shape) { return filled(shape, node.opType == "Add" ? 0 : 0.25f); });
    }
  }

  template <class Make>
  void replace(const Node& node, std::size_t input, const Make& make) {
    if (input >= node.inputs.size() || !node.inputs[input].valid()) return;
    const auto found = m_model.weights.find(node.inputs[input]);
    if (found == m_model.weights.end() || found->second.dtype() != DType::Float32) return;
    if (found->second.size() > 1 && m_done.insert(found->first).second)
      found->second = make(Shape(found->second.shape()));
  }

  Model m_model;
  InitialWeights m_weights;
  std::set<ValueId> m_done;
};

}  // namespace

Tensor InitialWeights::normal(Shape shape, double deviation) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  const auto values = builder.as<float>();
  for (std::size_t i = 0; i < values.size(); i += 2) {
    const double radius = deviation * std::sqrt(-2 * std::log(unit(m_random))),
                 angle = 2 * std::numbers::pi * unit(m_random);
    values[i] = static_cast<float>(radius * std::cos(angle));
    if (i + 1 < values.size()) values[i + 1] = static_cast<float>(radius * std::sin(angle));
  }
  return std::move(builder).build();
}

Tensor InitialWeights::he(Shape shape, std::int64_t inputs) {
  return normal(std::move(shape), std::sqrt(2.0 / static_cast<double>(inputs)));
}

Tensor InitialWeights::glorot(Shape shape, std::int64_t inputs, std::int64_t outputs) {
  return normal(std::move(shape), std::sqrt(2.0 / static_cast<double>(inputs + outputs)));
}

Tensor filled(Shape shape, float value) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  std::ranges::fill(builder.as<float>(), value);
  return std::move(builder).build();
}

Model reinitialised(const Model& model, std::uint64_t seed) { return Redraw(model, seed).run(); }

}  // namespace lapidary::core
