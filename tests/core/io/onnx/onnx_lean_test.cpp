// SPDX-License-Identifier: GPL-3.0-or-later
// Large values stay out of the parsed message and still arrive in the model, whatever else the file holds.
#include "core/io/onnx/onnx_lean.h"

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <cstring>

#include "core/io/onnx/onnx.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using testing::viewOf;

constexpr std::size_t many = 20000;

std::string rawOf(std::size_t count, float first) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = first + static_cast<float>(i);
  std::string raw(count * sizeof(float), '\0');
  std::memcpy(raw.data(), values.data(), raw.size());
  return raw;
}

/// Gemm of x with a weight of [1, count] whose raw values are given.
onnx::ModelProto modelWith(std::size_t count, const std::string& raw) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  auto& graph = *model.mutable_graph();
  graph.add_input()->set_name("x");
  auto& tensor = *graph.add_initializer();
  tensor.set_name("w");
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(1);
  tensor.add_dims(static_cast<std::int64_t>(count));
  tensor.set_raw_data(raw);
  auto& node = *graph.add_node();
  node.set_op_type("Gemm");
  node.add_input("x");
  node.add_input("w");
  node.add_output("y");
  graph.add_output()->set_name("y");
  return model;
}

Model readText(const std::string& text) {
  auto owner = std::make_shared<std::string>(text);
  const auto view = viewOf(*owner);
  return readOnnx({Bytes{owner, view}, "model.onnx", ""}, {});
}

float lastWeight(const std::string& text) {
  const Model model = readText(text);
  return model.weights.begin()->second.as<float>().back();
}

TEST(OnnxLean, LeavesLargeValuesOut) {
  const std::string file = modelWith(many, rawOf(many, 1)).SerializeAsString();
  const auto lean = leanOnnx(viewOf(file));
  ASSERT_TRUE(lean);
  EXPECT_LT(lean->message.size(), 200u);
  ASSERT_EQ(lean->values.size(), 1u);
  EXPECT_EQ(lean->values[0].size(), many * sizeof(float));
  EXPECT_EQ(lastWeight(file), static_cast<float>(many));
}

TEST(OnnxLean, KeepsSmallValuesInTheMessage) {
  const std::string file = modelWith(10, rawOf(10, 1)).SerializeAsString();
  const auto lean = leanOnnx(viewOf(file));
  ASSERT_TRUE(lean);
  EXPECT_EQ(lean->message, file);
  EXPECT_TRUE(lean->values[0].empty());
}

/// A field of a message in a message.
std::string wrap(char tag, const std::string& inner) {
  std::string out(1, tag);
  std::size_t size = inner.size();
  for (; size >= 0x80; size >>= 7) out.push_back(static_cast<char>((size & 0x7f) | 0x80));
  out.push_back(static_cast<char>(size));
  return out + inner;
}

/// A file whose one initialiser has the raw values of every given model, one after another.
std::string withRawOfAll(std::vector<onnx::ModelProto> models) {
  std::string tensors;
  for (onnx::ModelProto& model : models) {
    auto& tensor = *model.mutable_graph()->mutable_initializer(0);
    if (!tensors.empty()) tensor.clear_dims();
    tensors += tensor.SerializeAsString();
  }
  onnx::ModelProto& outer = models.front();
  outer.mutable_graph()->clear_initializer();
  const std::string graph = outer.graph().SerializeAsString() + wrap(0x2a, tensors);
  outer.clear_graph();
  return outer.SerializeAsString() + wrap(0x3a, graph);
}

TEST(OnnxLean, TheLastOfSeveralFieldsCounts) {
  const auto with = [](float first) { return modelWith(many, rawOf(many, first)); };
  const std::string file = withRawOfAll({with(1), with(3)});
  onnx::ModelProto judge;
  ASSERT_TRUE(judge.ParseFromString(file));
  ASSERT_EQ(judge.graph().initializer(0).raw_data(), rawOf(many, 3));
  EXPECT_EQ(lastWeight(file), static_cast<float>(many) + 2);
  const std::string small = withRawOfAll({with(1), modelWith(many, rawOf(10, 3))});
  EXPECT_THROW((void)readText(small), Error) << "the last one is too small";
}

TEST(OnnxLean, RefusesValuesThatDoNotFitTheShape) {
  const std::string file = modelWith(many + 1, rawOf(many, 1)).SerializeAsString();
  EXPECT_THROW((void)readText(file), Error);
}

TEST(OnnxLean, GivesUpOnACutMessage) {
  const std::string file = modelWith(many, rawOf(many, 1)).SerializeAsString();
  for (const std::size_t size : {std::size_t{5}, file.size() / 2, file.size() - 1}) {
    EXPECT_FALSE(leanOnnx(viewOf(file).first(size))) << size;
    EXPECT_THROW((void)readText(file.substr(0, size)), Error) << size;
  }
}

}  // namespace
}  // namespace lapidary::core
