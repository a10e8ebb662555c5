// SPDX-License-Identifier: GPL-3.0-or-later
// Graphs that make no sense, as a hostile file may hold them: followed or refused, never more.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "core/compress/cut/restructure.h"
#include "core/io/common/format.h"
#include "tests/core/compress/masked_model.h"

namespace lapidary::core::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* operators[] = {"Conv",
                                     "ConvTranspose",
                                     "Gemm",
                                     "MatMul",
                                     "MaxPool",
                                     "GlobalAveragePool",
                                     "BatchNormalization",
                                     "Concat",
                                     "Split",
                                     "Slice",
                                     "Gather",
                                     "Pad",
                                     "GroupNormalization",
                                     "LayerNormalization",
                                     "Shape",
                                     "Reshape",
                                     "Flatten",
                                     "Transpose",
                                     "Squeeze",
                                     "ConstantOfShape",
                                     "DepthToSpace",
                                     "Expand",
                                     "Resize",
                                     "Unsqueeze",
                                     "Softmax",
                                     "LSTM",
                                     "ReduceMean",
                                     "DequantizeLinear",
                                     "Add",
                                     "Where",
                                     "Div",
                                     "Cast",
                                     "PRelu",
                                     "ReduceSum",
                                     "CumSum"};
constexpr const char* attributes[] = {"axis",      "group",  "num_groups", "blocksize",
                                      "allowzero", "transA", "to"};
constexpr const char* lists[] = {"axes", "split",        "starts",  "ends",     "pads",
                                 "perm", "kernel_shape", "strides", "dilations"};

/// Changes a graph at random, the same way for the same seed.
class Vandal {
 public:
  explicit Vandal(unsigned seed) : m_random(seed) {}

  Model damaged(const Model& model) {
    Graph graph = *model.graph;
    for (std::size_t left = 1 + below(6); left > 0; --left) damage(graph);
    Model result = model;
    result.weights = graph.initializers;
    result.graph = std::make_shared<const Graph>(std::move(graph));
    result.layers = findLayers(*result.graph);
    return result;
  }

 private:
  std::size_t below(std::size_t count) { return m_random() % count; }

  std::int64_t number() {
    constexpr std::int64_t odd[] = {-1,
                                    0,
                                    1,
                                    2,
                                    3,
                                    5,
                                    8,
                                    64,
                                    -2,
                                    -7,
                                    100'000,
                                    std::int64_t{1} << 40,
                                    std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::int64_t>::min()};
    return odd[below(std::size(odd))];
  }

  std::vector<std::int64_t> numbers() {
    std::vector<std::int64_t> result(below(7));
    for (std::int64_t& each : result) each = number();
    return result;
  }

  void damage(Graph& graph) {
    const auto at = static_cast<std::uint32_t>(below(graph.nodes.size()));
    Node& node = graph.nodes[at];
    switch (below(6)) {
      case 0:
        if (node.opType != "Constant") node.opType = operators[below(std::size(operators))];
        return;
      case 1:
        node.attributes[attributes[below(std::size(attributes))]] = number();
        return;
      case 2:
        node.attributes[lists[below(std::size(lists))]] = numbers();
        return;
      case 3: {  // reads something else that is known by then
        const auto other = static_cast<std::uint32_t>(below(graph.values.size()));
        const NodeId producer = graph.values[other].producer;
        if (node.inputs.empty() || (producer.valid() && producer.index >= at)) return;
        node.inputs[below(node.inputs.size())] = ValueId{other};
        return;
      }
      case 4:
        if (!node.inputs.empty()) node.inputs.pop_back();
        return;
      default:
        for (auto& [id, tensor] : graph.initializers)
          if (tensor.dtype() == DType::Int64 && below(4) == 0) replace(tensor);
        for (Node& each : graph.nodes)
          if (auto it = each.attributes.find("value"); it != each.attributes.end() && below(12) == 0)
            if (auto* tensor = std::get_if<Tensor>(&it->second); tensor && tensor->dtype() == DType::Int64)
              replace(*tensor);
    }
  }

  void replace(Tensor& tensor) {
    std::vector<std::int64_t> values = toInt64(tensor);
    for (std::int64_t& each : values)
      if (below(2) == 0) each = number();
    tensor = Tensor::from<std::int64_t>(tensor.shape(), values);
  }

  std::mt19937 m_random;
};

void cutAll(const Model& model) {
  const ChannelGroups groups(model);
  std::vector<ChannelCut> cuts;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i)
    if (groups.group(LayerId{i}).removable > 0) cuts.push_back({LayerId{i}, 0.5});
  const auto gone = leastUnits(groups, cuts, magnitudes(groups.model()));
  const Model less = withoutChannels(groups, gone, nullptr);
  for (const Layer& layer : less.layers) {
    EXPECT_EQ(layerWeight(less, layer).shape(), layer.shape) << layer.name;
    for (const std::int64_t size : layer.shape) EXPECT_GT(size, 0);
  }
}

TEST(StructuredDamage, OddGraphsAreFollowedOrRefused) {
  std::vector<Model> models{readModel(std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/lenet5.onnx")};
  for (const char* name : {"/resnet/resnet20_cifar10_w8_dq.onnx", "/sms/sms_bert.onnx"})
    if (fs::exists(std::string(LAPIDARY_ASSETS_DIR) + name))
      models.push_back(readModel(std::string(LAPIDARY_ASSETS_DIR) + name));
  std::size_t refused = 0;
  for (unsigned seed = 0; seed < 1500; ++seed) {
    SCOPED_TRACE(seed);
    try {
      cutAll(Vandal(seed).damaged(models[seed % models.size()]));
    } catch (const Error&) {
      ++refused;  // in words; anything else fails the test
    }
  }
  std::printf("  %zu of 1500 refused\n", refused);
}

}  // namespace
}  // namespace lapidary::core::test
