// SPDX-License-Identifier: GPL-3.0-or-later
// Small models at old opsets, one for every change of an operator that the upgrade rewrites.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/core/io/onnx/onnx_builder.h"

namespace lapidary::core::testing {

struct UpgradeCase {
  std::string name;
  std::int64_t opset;
  std::vector<std::int64_t> input;
  /// Builds nodes from "x" to "y".
  std::function<void(onnx::GraphProto&)> build;
  std::vector<std::string> operators;  ///< expected at opset 21
};

inline void setInts(onnx::NodeProto* node, const std::string& key, const std::vector<std::int64_t>& values) {
  auto* attribute = addAttribute(*node, key, onnx::AttributeProto::INTS);
  for (const auto value : values) attribute->add_ints(value);
}
inline void setInt(onnx::NodeProto* node, const std::string& key, std::int64_t value) {
  addAttribute(*node, key, onnx::AttributeProto::INT)->set_i(value);
}
inline void setFloat(onnx::NodeProto* node, const std::string& key, float value) {
  addAttribute(*node, key, onnx::AttributeProto::FLOAT)->set_f(value);
}
inline void setText(onnx::NodeProto* node, const std::string& key, const std::string& value) {
  addAttribute(*node, key, onnx::AttributeProto::STRING)->set_s(value);
}
inline void setFloats(onnx::NodeProto* node, const std::string& key, const std::vector<float>& values) {
  auto* attribute = addAttribute(*node, key, onnx::AttributeProto::FLOATS);
  for (const auto value : values) attribute->add_floats(value);
}

inline const std::vector<UpgradeCase>& upgradeCases() {
  using G = onnx::GraphProto&;
  static const std::vector<UpgradeCase> cases{
      {"batch_norm",
       7,
       {2, 2, 3},
       [](G g) {
         for (const char* name : {"s", "b", "m"}) *g.add_initializer() = floatTensor(name, {2}, {0.5f, 1.5f});
         *g.add_initializer() = floatTensor("v", {2}, {2, 3});
         setInt(addNode(g, "BatchNormalization", {"x", "s", "b", "m", "v"}, {"y"}), "spatial", 1);
       },
       {"BatchNormalization"}},
      {"clip",
       7,
       {2, 3},
       [](G g) {
         auto* node = addNode(g, "Clip", {"x"}, {"y"});
         setFloat(node, "min", -0.25f), setFloat(node, "max", 0.5f);
       },
       {"Clip"}},
      {"clip_above_only",
       7,
       {2, 3},
       [](G g) { setFloat(addNode(g, "Clip", {"x"}, {"y"}), "max", 0.5f); },
       {"Clip"}},
      {"dropout",
       7,
       {2, 3},
       [](G g) { setFloat(addNode(g, "Dropout", {"x"}, {"y"}), "ratio", 0.3f); },
       {"Dropout"}},
      {"group_norm",
       18,
       {2, 6, 2},
       [](G g) {
         *g.add_initializer() = floatTensor("s", {3}, {1, 2, 3});
         *g.add_initializer() = floatTensor("b", {3}, {0.5f, 0, -1});
         setInt(addNode(g, "GroupNormalization", {"x", "s", "b"}, {"y"}), "num_groups", 3);
       },
       {"Shape", "Div", "Concat", "Reshape", "Expand", "Reshape", "Reshape", "Expand", "Reshape",
        "GroupNormalization"}},
      {"pad",
       7,
       {2, 3},
       [](G g) {
         auto* node = addNode(g, "Pad", {"x"}, {"y"});
         setInts(node, "pads", {0, 1, 1, 2}), setFloat(node, "value", 2.5f);
       },
       {"Pad"}},
      {"pad_reflect",
       10,
       {2, 3},
       [](G g) {
         auto* node = addNode(g, "Pad", {"x"}, {"y"});
         setInts(node, "pads", {0, 1, 0, 1}), setText(node, "mode", "reflect");
       },
       {"Pad"}},
      {"reduce_mean",
       11,
       {2, 3, 4},
       [](G g) { setInts(addNode(g, "ReduceMean", {"x"}, {"y"}), "axes", {1}); },
       {"ReduceMean"}},
      {"reduce_max_all", 12, {2, 3, 4}, [](G g) { addNode(g, "ReduceMax", {"x"}, {"y"}); }, {"ReduceMax"}},
      {"reduce_sum",
       11,
       {2, 3, 4},
       [](G g) {
         auto* node = addNode(g, "ReduceSum", {"x"}, {"y"});
         setInts(node, "axes", {-1, 0}), setInt(node, "keepdims", 0);
       },
       {"ReduceSum"}},
      {"resize_10",
       10,
       {1, 1, 3, 3},
       [](G g) {
         *g.add_initializer() = floatTensor("s", {4}, {1, 1, 2, 1.5f});
         setText(addNode(g, "Resize", {"x", "s"}, {"y"}), "mode", "linear");
       },
       {"Resize"}},
      {"resize_10_nearest_down",
       10,
       {1, 1, 6, 6},
       [](G g) {
         *g.add_initializer() = floatTensor("s", {4}, {1, 1, 0.5f, 0.4f});
         addNode(g, "Resize", {"x", "s"}, {"y"});
       },
       {"Resize"}},
      {"slice",
       9,
       {4, 5},
       [](G g) {
         auto* node = addNode(g, "Slice", {"x"}, {"y"});
         setInts(node, "starts", {1, -3}), setInts(node, "ends", {3, 1000}), setInts(node, "axes", {0, 1});
       },
       {"Slice"}},
      {"softmax_last", 9, {2, 3}, [](G g) { addNode(g, "Softmax", {"x"}, {"y"}); }, {"Softmax"}},
      {"softmax_flattened",
       9,
       {2, 3, 4},
       [](G g) { addNode(g, "Softmax", {"x"}, {"y"}); },
       {"Flatten", "Softmax", "Shape", "Reshape"}},
      {"log_softmax_first",
       11,
       {2, 3, 4},
       [](G g) { setInt(addNode(g, "LogSoftmax", {"x"}, {"y"}), "axis", 0); },
       {"Flatten", "LogSoftmax", "Shape", "Reshape"}},
      {"hardmax",
       11,
       {2, 3, 2},
       [](G g) { setInt(addNode(g, "Hardmax", {"x"}, {"y"}), "axis", 1); },
       {"Flatten", "Hardmax", "Shape", "Reshape"}},
      {"split",
       11,
       {4, 3},
       [](G g) {
         auto* node = addNode(g, "Split", {"x"}, {"a", "b"});
         setInts(node, "split", {1, 3});
         addNode(g, "Concat", {"b", "a"}, {"y"})->add_attribute()->CopyFrom([] {
           onnx::AttributeProto axis;
           axis.set_name("axis"), axis.set_type(onnx::AttributeProto::INT), axis.set_i(0);
           return axis;
         }());
       },
       {"Split", "Concat"}},
      {"split_evenly",
       13,
       {4, 3},
       [](G g) {
         addNode(g, "Split", {"x"}, {"a", "b"});
         addNode(g, "Sub", {"b", "a"}, {"y"});
       },
       {"Split", "Sub"}},
      {"squeeze",
       11,
       {1, 3, 1},
       [](G g) { setInts(addNode(g, "Squeeze", {"x"}, {"y"}), "axes", {0}); },
       {"Squeeze"}},
      {"squeeze_all", 11, {1, 3, 1}, [](G g) { addNode(g, "Squeeze", {"x"}, {"y"}); }, {"Squeeze"}},
      {"top_k",
       9,
       {2, 5},
       [](G g) {
         setInt(addNode(g, "TopK", {"x"}, {"y", "indices"}), "k", 2);
       },
       {"TopK"}},
      {"unsqueeze",
       11,
       {2, 3},
       [](G g) {
         setInts(addNode(g, "Unsqueeze", {"x"}, {"y"}), "axes", {0, 3});
       },
       {"Unsqueeze"}},
      {"upsample_7",
       7,
       {1, 1, 2, 2},
       [](G g) {
         auto* node = addNode(g, "Upsample", {"x"}, {"y"});
         setFloats(node, "scales", {1, 1, 2, 3}), setText(node, "mode", "nearest");
       },
       {"Resize"}},
      {"upsample_9",
       9,
       {1, 1, 2, 2},
       [](G g) {
         *g.add_initializer() = floatTensor("s", {4}, {1, 1, 2, 2});
         setText(addNode(g, "Upsample", {"x", "s"}, {"y"}), "mode", "linear");
       },
       {"Resize"}},
      {"scatter",
       10,
       {2, 3},
       [](G g) {
         auto* indices = g.add_initializer();
         indices->set_name("i"), indices->set_data_type(onnx::TensorProto::INT64);
         indices->add_dims(1), indices->add_dims(3);
         for (const int i : {1, 0, 1}) indices->add_int64_data(i);
         *g.add_initializer() = floatTensor("u", {1, 3}, {7, 8, 9});
         addNode(g, "Scatter", {"x", "i", "u"}, {"y"});
       },
       {"ScatterElements"}},
      {"grid_sample",
       16,
       {1, 1, 3, 3},
       [](G g) {
         *g.add_initializer() = floatTensor("g", {1, 2, 1, 2}, {-0.5f, 0.2f, 0.9f, -0.3f});
         setText(addNode(g, "GridSample", {"x", "g"}, {"y"}), "mode", "bilinear");
       },
       {"GridSample"}},
      {"roi_align",
       10,
       {1, 1, 6, 6},
       [](G g) {
         *g.add_initializer() = floatTensor("r", {1, 4}, {0.5f, 0.5f, 4, 5});
         auto* batch = g.add_initializer();
         batch->set_name("i"), batch->set_data_type(onnx::TensorProto::INT64);
         batch->add_dims(1), batch->add_int64_data(0);
         auto* node = addNode(g, "RoiAlign", {"x", "r", "i"}, {"y"});
         setInt(node, "output_height", 2), setInt(node, "output_width", 2), setInt(node, "sampling_ratio", 2);
       },
       {"RoiAlign"}},
      {"add_at_axis",
       6,
       {2, 3, 4, 5},
       [](G g) {
         *g.add_initializer() = floatTensor("b", {3}, {1, 2, 3});
         auto* node = addNode(g, "Add", {"x", "b"}, {"y"});
         setInt(node, "broadcast", 1), setInt(node, "axis", 1);
       },
       {"Reshape", "Add"}},
      {"prelu",
       6,
       {2, 3, 4},
       [](G g) {
         *g.add_initializer() = floatTensor("s", {3}, {0.1f, 0.2f, 0.3f});
         addNode(g, "PRelu", {"x", "s"}, {"y"});
       },
       {"Reshape", "PRelu"}},
      {"relu_and_cast",
       1,
       {2, 3},
       [](G g) {
         setInts(addNode(g, "Relu", {"x"}, {"r"}), "consumed_inputs", {0});
         setText(addNode(g, "Cast", {"r"}, {"y"}), "to", "FLOAT");
       },
       {"Relu", "Cast"}},
      {"reshape_and_concat",
       1,
       {2, 6},
       [](G g) {
         setInts(addNode(g, "Reshape", {"x"}, {"r"}), "shape", {0, -1});
         addNode(g, "Concat", {"r", "x"}, {"y"});
       },
       {"Reshape", "Concat"}},
      {"tile_along_one_axis",
       1,
       {2, 3},
       [](G g) {
         *g.add_initializer() = floatTensor("n", {1}, {3});
         *g.add_initializer() = floatTensor("a", {1}, {1});
         addNode(g, "Tile", {"x", "n", "a"}, {"y"});
       },
       {"Tile"}},
      {"paddings",
       1,
       {2, 3},
       [](G g) {
         setInts(addNode(g, "Pad", {"x"}, {"y"}), "paddings", {0, 1, 1, 2});
       },
       {"Pad"}},
      {"split_by_input",
       1,
       {3, 2},
       [](G g) {
         *g.add_initializer() = floatTensor("l", {2}, {1, 2});
         addNode(g, "Split", {"x", "l"}, {"y", "z"});
       },
       {"Split"}},
      {"upsample_1",
       1,
       {1, 1, 2, 2},
       [](G g) {
         auto* node = addNode(g, "Upsample", {"x"}, {"y"});
         setFloat(node, "height_scale", 2), setFloat(node, "width_scale", 3);
       },
       {"Resize"}},
      {"selu", 1, {2, 3}, [](G g) { addNode(g, "Selu", {"x"}, {"y"}); }, {"Selu"}},
      {"pool_of_floats",
       1,
       {1, 2, 3, 3},
       [](G g) { setFloat(addNode(g, "GlobalLpPool", {"x"}, {"y"}), "p", 3); },
       {"GlobalLpPool"}},
      {"gemm",
       6,
       {2, 3},
       [](G g) {
         *g.add_initializer() = floatTensor("b", {3, 2}, {1, 2, 3, 4, 5, 6});
         *g.add_initializer() = floatTensor("c", {2}, {1, 2});
         setInt(addNode(g, "Gemm", {"x", "b", "c"}, {"y"}), "broadcast", 1);
       },
       {"Gemm"}},
  };
  return cases;
}

inline onnx::ModelProto modelOf(const UpgradeCase& test) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(test.opset);
  auto& graph = *model.mutable_graph();
  graph.set_name(test.name);
  *graph.add_input() = floatValue("x", test.input);
  test.build(graph);
  auto* output = graph.add_output();
  output->set_name("y");
  output->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
  return model;
}

}  // namespace lapidary::core::testing
