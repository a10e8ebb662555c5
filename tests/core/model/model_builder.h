// SPDX-License-Identifier: GPL-3.0-or-later
// Graphs put together by hand, for tests of the model's own functions.
#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core::testing {

class ModelBuilder {
 public:
  ModelBuilder& input(const std::string& name) {
    graph.inputs.push_back(value(name));
    return *this;
  }
  ModelBuilder& constant(const std::string& name, Tensor tensor) {
    graph.initializers[value(name)] = std::move(tensor);
    return *this;
  }
  Node& node(const std::string& op, const std::vector<std::string>& inputs,
             const std::vector<std::string>& outputs, const std::string& name = "") {
    Node added;
    added.opType = op;
    added.name = name;
    for (const auto& each : inputs) added.inputs.push_back(each.empty() ? ValueId{} : value(each));
    for (const auto& each : outputs) {
      added.outputs.push_back(value(each));
      graph.values[added.outputs.back().index].producer =
          NodeId{static_cast<std::uint32_t>(graph.nodes.size())};
    }
    graph.nodes.push_back(std::move(added));
    return graph.nodes.back();
  }
  ModelBuilder& output(const std::string& name) {
    graph.outputs.push_back(value(name));
    return *this;
  }
  ValueId value(const std::string& name) {
    const ValueId known = graph.findValue(name);
    if (known.valid()) return known;
    graph.values.push_back({name, std::nullopt, std::nullopt, {}});
    return ValueId{static_cast<std::uint32_t>(graph.values.size() - 1)};
  }
  Model model() const {
    Model result;
    result.graph = std::make_shared<const Graph>(graph);
    result.weights = graph.initializers;
    result.layers = findLayers(graph);
    return result;
  }

  Graph graph;
};

/// Shape filled with 1, 2, 3 ...
inline Tensor counting(Shape shape) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  float next = 0;
  for (float& value : builder.as<float>()) value = ++next;
  return std::move(builder).build();
}

}  // namespace lapidary::core::testing
