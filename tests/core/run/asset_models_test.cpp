// SPDX-License-Identifier: GPL-3.0-or-later
// Whole models against numbers that ONNX Runtime 1.30 gave for the same inputs (graph optimisations off).
#include <gtest/gtest.h>

#include <filesystem>

#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core::testing {
namespace {

/// Element k is ((7919 k) mod 2001) / 1000 - 1.
Tensor sawtooth(Shape shape) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  const auto values = builder.as<float>();
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] = static_cast<float>(static_cast<double>(k * 7919 % 2001) / 1000.0 - 1.0);
  return std::move(builder).build();
}

Tensor tokens(std::int64_t batch) {
  TensorBuilder builder(DType::Int64, {batch, 64});
  const auto ids = builder.as<std::int64_t>();
  for (std::size_t k = 0; k < ids.size(); ++k)
    ids[k] = k % 64 == 0 ? 2 : (k % 64 >= 50 ? 0 : static_cast<std::int64_t>(k * 7919 % 2048));
  return std::move(builder).build();
}

struct AssetCase {
  std::string name, path;
  Tensor input;
  std::vector<float> expected;
  float tolerance = 2e-4f;
};

void PrintTo(const AssetCase& row, std::ostream* out) { *out << row.name; }

const std::vector<float> resnet{-4.011446f, -2.121404f,  8.681166f,  1.375304f,  4.732115f,  -5.651331f,
                                7.931406f,  -5.222209f,  -4.175982f, -1.523577f, -2.564798f, -2.053980f,
                                11.26834f,  -0.1069390f, 4.396303f,  -7.167910f, 8.426304f,  -6.494082f,
                                -4.781389f, -0.8956764f, -4.839241f, -3.038475f, 10.28138f,  2.038411f,
                                4.867937f,  -5.123224f,  7.575566f,  -5.468814f, -4.669548f, -1.609774f};
const std::string assets = LAPIDARY_ASSETS_DIR;

const AssetCase cases[] = {
    {"ResNet20", assets + "/resnet/resnet20_cifar10.onnx", sawtooth({3, 3, 32, 32}), resnet},
    {"ResNet20WithNorms", assets + "/resnet/resnet20_cifar10_nofold_bn.onnx", sawtooth({3, 3, 32, 32}),
     resnet},
    {"ResNet20Int8",
     assets + "/resnet/resnet20_cifar10_w8_dq.onnx",
     sawtooth({3, 3, 32, 32}),
     {-3.883271f, -2.099746f, 8.699340f,  1.367916f,   4.682322f,  -5.788896f,  8.041920f, -5.380506f,
      -4.134324f, -1.437366f, -2.352258f, -2.041862f,  11.28504f,  -0.1547798f, 4.368579f, -7.336183f,
      8.579310f,  -6.698180f, -4.774476f, -0.7829709f, -4.722507f, -3.032688f,  10.25997f, 2.042803f,
      4.881104f,  -5.175401f, 7.667773f,  -5.647199f,  -4.672875f, -1.538051f}},
    {"Transformer",
     assets + "/sms/sms_bert.onnx",
     tokens(3),
     {2.090582f, -1.699158f, 1.995322f, -1.492016f, 2.400835f, -1.852504f}},
    {"SpokenDigits",
     assets + "/digits-audio/fsdd_cnn.onnx",
     sawtooth({3, 1, 40, 62}),
     {4.076748f,  7.744284f,  -18.29084f, -12.44605f, 2.468493f,  7.181760f,  -36.00311f, 0.3778219f,
      -13.26237f, 17.87298f,  3.709837f,  8.114023f,  -18.71958f, -12.35552f, 2.798051f,  7.604079f,
      -36.29177f, 0.1310173f, -13.43265f, 18.09728f,  4.142701f,  7.678255f,  -18.45090f, -12.39563f,
      2.823035f,  7.716008f,  -35.81784f, 0.1678585f, -13.53724f, 17.64762f},
     1e-3f},
};

class AssetModel : public ::testing::TestWithParam<AssetCase> {};

TEST_P(AssetModel, MatchesOnnxRuntime) {
  const AssetCase& row = GetParam();
  if (!std::filesystem::exists(row.path)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(row.path);
  for (const bool fuse : {true, false}) {
    const Executor executor(model, {.fuse = fuse, .cache = nullptr});
    const Tensor output = executor.run(model, std::vector{row.input}).outputs.at(0);
    ASSERT_EQ(static_cast<std::size_t>(output.size()), row.expected.size());
    for (std::size_t i = 0; i < row.expected.size(); ++i)
      EXPECT_NEAR(output.as<float>()[i], row.expected[i], row.tolerance)
          << "element " << i << (fuse ? " fused" : "");
  }
}

INSTANTIATE_TEST_SUITE_P(Assets, AssetModel, ::testing::ValuesIn(cases),
                         [](const auto& row) { return row.param.name; });

TEST(AssetModelTest, HalfPrecisionSqueezeNetMatchesOnnxRuntime) {
  const std::string path = assets + "/squeezenet/SqueezeNet_fp16.onnx";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(path);
  TensorBuilder builder(DType::Float32, {1, 3, 224, 224});
  const auto values = builder.as<float>();
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<float>(k * 7919 % 201) - 100;
  const Tensor output = Executor(model, {}).run(model, std::vector{std::move(builder).build()}).outputs.at(0);
  EXPECT_EQ(output.dtype(), DType::Float16);
  const Tensor scores = toFloat32(output);
  const std::pair<std::size_t, float> highest[] = {
      {904, 0.1927490f}, {608, 0.06137085f}, {905, 0.06106567f}, {669, 0.04803467f}, {885, 0.02711487f}};
  for (const auto& [index, expected] : highest)
    EXPECT_NEAR(scores.as<float>()[index], expected, 0.01f * expected + 1e-3f) << index;
}

TEST(AssetModelTest, DemoNetworkMatchesOnnxRuntime) {
  const Model model = readModel(std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/lenet5.onnx");
  const Tensor output = Executor(model, {}).run(model, std::vector{sawtooth({3, 1, 28, 28})}).outputs.at(0);
  EXPECT_EQ(output.shape(), (Shape{3, 10}));
  const Tensor plain = Executor(model, {.fuse = false, .cache = nullptr})
                           .run(model, std::vector{sawtooth({3, 1, 28, 28})})
                           .outputs.at(0);
  EXPECT_LT(largestDifference(output, plain), 1e-4);
}

}  // namespace
}  // namespace lapidary::core::testing
