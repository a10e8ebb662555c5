// SPDX-License-Identifier: GPL-3.0-or-later
// Every form in which ONNX stores a tensor's values.
#include "core/io/onnx/onnx_tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/core/io/onnx/onnx_builder.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;
using Proto = onnx::TensorProto;

Proto proto(int type, const std::vector<std::int64_t>& shape) {
  Proto tensor;
  tensor.set_data_type(type);
  for (const auto size : shape) tensor.add_dims(size);
  return tensor;
}

Tensor readProto(Proto tensor) {
  ExternalFiles none("");
  return readTensorProto(tensor, none);
}

Tensor fromInt32Data(int type, const std::vector<std::int32_t>& values, std::int64_t size) {
  Proto tensor = proto(type, {size});
  for (const auto value : values) tensor.add_int32_data(value);
  return readProto(tensor);
}

TEST(OnnxTensor, TypedFields) {
  EXPECT_THAT(fromInt32Data(Proto::INT8, {-128, 127}, 2).as<std::int8_t>(), ElementsAre(-128, 127));
  EXPECT_THAT(fromInt32Data(Proto::UINT8, {0, 255}, 2).as<std::uint8_t>(), ElementsAre(0, 255));
  EXPECT_THAT(fromInt32Data(Proto::INT16, {-32768, 1}, 2).as<std::int16_t>(), ElementsAre(-32768, 1));
  EXPECT_THAT(fromInt32Data(Proto::UINT16, {65535, 1}, 2).as<std::uint16_t>(), ElementsAre(65535, 1));
  EXPECT_THAT(fromInt32Data(Proto::INT32, {-7}, 1).as<std::int32_t>(), ElementsAre(-7));
  EXPECT_THAT(fromInt32Data(Proto::BOOL, {0, 2}, 2).as<bool>(), ElementsAre(false, true));
  EXPECT_THAT(toFloat32(fromInt32Data(Proto::FLOAT16, {0x3c00, 0xc000}, 2)).as<float>(), ElementsAre(1, -2));
  EXPECT_THAT(toFloat32(fromInt32Data(Proto::BFLOAT16, {0x3f80, 0xc000}, 2)).as<float>(), ElementsAre(1, -2));
  EXPECT_THAT(toInt64(fromInt32Data(22, {0x7f, 0x08}, 3)), ElementsAre(-1, 7, -8));
  EXPECT_THAT(toInt64(fromInt32Data(21, {0x7f}, 2)), ElementsAre(15, 7));
  Proto wide = proto(Proto::INT64, {1});
  wide.add_int64_data(-5);
  EXPECT_THAT(readProto(wide).as<std::int64_t>(), ElementsAre(-5));
  Proto big = proto(Proto::UINT64, {1});
  big.add_uint64_data(~std::uint64_t{0});
  EXPECT_THAT(readProto(big).as<std::uint64_t>(), ElementsAre(~std::uint64_t{0}));
  Proto middle = proto(Proto::UINT32, {1});
  middle.add_uint64_data(4'000'000'000u);
  EXPECT_THAT(readProto(middle).as<std::uint32_t>(), ElementsAre(4'000'000'000u));
  Proto fine = proto(Proto::DOUBLE, {1});
  fine.add_double_data(0.1);
  EXPECT_THAT(readProto(fine).as<double>(), ElementsAre(0.1));
}

TEST(OnnxTensor, RawBytesAreMovedNotCopied) {
  Proto tensor = floatTensor("w", {100}, std::vector<float>(100, 2.0f));
  const void* before = tensor.raw_data().data();
  ExternalFiles none("");
  const Tensor read = readTensorProto(tensor, none);
  EXPECT_EQ(static_cast<const void*>(read.bytes().data()), before);
  EXPECT_EQ(read.as<float>()[99], 2.0f);
}

TEST(OnnxTensor, EmptyAndScalarTensors) {
  EXPECT_EQ(readProto(proto(Proto::FLOAT, {0, 3})).size(), 0);
  EXPECT_THAT(readProto(floatTensor("", {}, {4})).as<float>(), ElementsAre(4));
}

TEST(OnnxTensor, SparseBecomesDense) {
  onnx::SparseTensorProto sparse;
  *sparse.mutable_values() = floatTensor("s", {2}, {5, 6});
  sparse.add_dims(2), sparse.add_dims(3);
  *sparse.mutable_indices() = proto(Proto::INT64, {2, 2});
  for (const int i : {0, 2, 1, 0}) sparse.mutable_indices()->add_int64_data(i);
  ExternalFiles none("");
  auto copy = sparse;
  EXPECT_THAT(readSparseTensorProto(copy, none).as<float>(), ElementsAre(0, 0, 5, 6, 0, 0));
  *sparse.mutable_indices() = proto(Proto::INT64, {2});
  for (const int i : {1, 5}) sparse.mutable_indices()->add_int64_data(i);
  EXPECT_THAT(readSparseTensorProto(sparse, none).as<float>(), ElementsAre(0, 5, 0, 0, 0, 6));
}

TEST(OnnxTensor, ExternalDataAreViewsOfTheMappedFile) {
  const auto folder =
      std::filesystem::path(::testing::TempDir()) / ("external_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "sub");
  const float values[] = {1, 2, 3, 4, 5};
  std::ofstream(folder / "sub/w.bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(values), sizeof values);
  auto model = smallModel();
  auto& tensor = *model.mutable_graph()->mutable_initializer(0);
  tensor.clear_raw_data(), tensor.set_data_location(Proto::EXTERNAL);
  for (const auto& [key, value] : {std::pair{"location", "sub/w.bin"}, {"offset", "4"}, {"length", "16"}}) {
    auto* entry = tensor.add_external_data();
    entry->set_key(key), entry->set_value(value);
  }
  const std::string bytes = model.SerializeAsString();
  std::ofstream(folder / "m.onnx", std::ios::binary) << bytes;
  const Model read = readModel((folder / "m.onnx").string());
  EXPECT_THAT(layerWeight(read, read.layers[0]).as<float>(), ElementsAre(2, 3, 4, 5));
  EXPECT_EQ(read.source.fileBytes, bytes.size() + sizeof values);
  EXPECT_EQ(read.warnings.at(0).kind, WarningKind::ExternalData);
  std::filesystem::remove_all(folder);
  EXPECT_EQ(reread(read).weights.size(),
            1u);  // the mapping outlives the file's name; written inside the model
}

}  // namespace
}  // namespace lapidary::core::testing
