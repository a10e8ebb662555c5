// SPDX-License-Identifier: GPL-3.0-or-later
// A model as large as wanted and its samples.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/files/bytes.h"
#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"

namespace lapidary::test {

constexpr std::int64_t largeWidth = 4096;
/// Of the weights of one layer.
constexpr std::size_t largeLayerBytes = std::size_t{largeWidth} * largeWidth * sizeof(float);

inline core::Tensor normalTensor(const core::Shape& shape, float deviation) {
  core::TensorBuilder builder(core::DType::Float32, shape);
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, deviation);
  for (float& value : builder.as<float>()) value = normal(random);
  return std::move(builder).build();
}

/// `layers` times Gemm and Relu. All layers have the same values, but each its own in the file.
inline core::Model largeModel(int layers) {
  using namespace core;
  auto graph = std::make_shared<Graph>();
  const auto add = [&](const std::string& name) {
    graph->values.push_back({name, DType::Float32, std::nullopt, {}});
    return ValueId{static_cast<std::uint32_t>(graph->values.size() - 1)};
  };
  const auto addNode = [&](const std::string& type, std::vector<ValueId> inputs) {
    const ValueId out = add(type + std::to_string(graph->nodes.size()));
    graph->values[out.index].producer = NodeId{static_cast<std::uint32_t>(graph->nodes.size())};
    Node node;
    node.opType = type;
    node.inputs = std::move(inputs);
    node.outputs = {out};
    graph->nodes.push_back(std::move(node));
    return out;
  };
  ValueId at = add("x");
  const std::vector<Dimension> declared{{std::nullopt, "N"}, {largeWidth, ""}};
  graph->values[at.index].shape = declared;
  graph->inputs = {at};
  const Tensor weight = normalTensor({largeWidth, largeWidth}, 0.02f);
  for (int i = 0; i < layers; ++i) {
    const ValueId weights = add("weight" + std::to_string(i));
    graph->initializers[weights] = weight;
    at = addNode("Gemm", {at, weights});
    if (i + 1 < layers) at = addNode("Relu", {at});
  }
  graph->values[at.index].shape = declared;
  graph->outputs = {at};
  Model model;
  model.weights = graph->initializers;
  model.graph = graph;
  model.layers = findLayers(*graph);
  model.source.opsets = {{"", 17}};
  return model;
}

inline void writeLargeFiles(int layers, std::int64_t samples, const std::string& model,
                            const std::string& data) {
  using namespace core;
  writeModel(largeModel(layers), model);
  TensorBuilder labels(DType::Int64, {samples});
  for (std::int64_t& label : labels.as<std::int64_t>()) label = 1;
  const std::map<std::string, Tensor> arrays{{"x", normalTensor({samples, largeWidth}, 1)},
                                             {"y", std::move(labels).build()}};
  writeFileAtomically(data, [&](const Append& append) { writeNpz(arrays, append); });
}

/// In a process of its own: the highest mark of memory passes on to later children.
inline bool runApart(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      work();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      _exit(1);
    }
    _exit(0);
  }
  int status = -1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

inline bool writeLargeFilesApart(int layers, std::int64_t samples, const std::string& model,
                                 const std::string& data) {
  return runApart([&] { writeLargeFiles(layers, samples, model, data); });
}

/// Weights of that size without a graph, each tensor the same.
inline bool writeLargeWeightsApart(int tensors, const std::string& path) {
  return runApart([&] {
    using namespace core;
    auto graph = std::make_shared<Graph>();
    const Tensor weight = normalTensor({largeWidth, largeWidth}, 0.02f);
    for (int i = 0; i < tensors; ++i) {
      graph->values.push_back({"layer" + std::to_string(i) + ".weight", std::nullopt, std::nullopt, {}});
      graph->initializers[ValueId{static_cast<std::uint32_t>(i)}] = weight;
    }
    Model model;
    model.weights = graph->initializers;
    model.graph = graph;
    writeModel(model, path);
  });
}

}  // namespace lapidary::test
