// SPDX-License-Identifier: GPL-3.0-or-later
// Equalised models compute the same and quantize better, on networks put together by hand and on real ones.
#include "core/compress/structure/equalize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/compress/cut/cutter.h"
#include "core/files/bytes.h"
#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"
#include "core/model/weight_matrix.h"
#include "core/run/executor.h"
#include "tests/core/compress/structure/uneven_models.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core {
namespace {

using testing::GraphBuilder;
using testing::randomTensor;

/// Weights whose channels have ranges that lie far apart.
Tensor unevenWeight(const Shape& shape, unsigned seed) {
  const Tensor even = randomTensor(shape, seed);
  TensorBuilder builder(DType::Float32, shape);
  const std::int64_t inner = even.size() / shape[0];
  for (std::int64_t i = 0; i < even.size(); ++i)
    builder.as<float>()[static_cast<std::size_t>(i)] = even.as<float>()[static_cast<std::size_t>(i)] *
                                                       std::pow(10.0f, static_cast<float>(i / inner % 4) - 2);
  return std::move(builder).build();
}

Model modelOf(GraphBuilder& builder) {
  Model model = builder.model();
  model.layers = findLayers(*model.graph);
  return model;
}

using Attributes = std::map<std::string, Attribute>;

Attributes window(std::int64_t size) {
  return {{"kernel_shape", std::vector<std::int64_t>{size, size}},
          {"strides", std::vector<std::int64_t>{size, size}}};
}

/// conv -> `act` -> depthwise -> Relu -> grouped conv -> MaxPool -> conv -> AveragePool -> Flatten -> gemm ->
/// gemm.
Model network(const std::string& act) {
  GraphBuilder b;
  const ValueId x = b.input("x", {2, 3, 12, 12});
  const auto bias = [&](const std::string& name, std::int64_t n) {
    return b.weight(name, randomTensor({n}, 40 + static_cast<unsigned>(n)));
  };
  ValueId y = b.node("Conv", {x, b.weight("a", unevenWeight({8, 3, 3, 3}, 1)), bias("ab", 8)});
  if (!act.empty()) y = b.node(act, {y});
  y = b.node("Relu", {b.node("Conv", {y, b.weight("b", unevenWeight({8, 1, 1, 1}, 2)), bias("bb", 8)},
                             {{"group", std::int64_t{8}}})});
  y = b.node(
      "MaxPool",
      {b.node("Conv", {y, b.weight("c", unevenWeight({12, 4, 3, 3}, 3))}, {{"group", std::int64_t{2}}})},
      window(2));
  y = b.node("AveragePool",
             {b.node("Conv", {y, b.weight("d", unevenWeight({10, 12, 1, 1}, 4)), bias("db", 10)})},
             window(2));
  y = b.node("Flatten", {y});
  y = b.node("LeakyRelu", {b.node("Gemm", {y, b.weight("e", unevenWeight({14, 40}, 5)), bias("eb", 14)},
                                  {{"transB", std::int64_t{1}}})});
  b.output(b.node("Gemm", {y, b.weight("f", unevenWeight({14, 6}, 6)), bias("fb", 6)}));
  return modelOf(b);
}

Tensor outputOf(const Model& model, const Tensor& input) {
  return Executor(model, {}).run(model, std::span(&input, 1)).outputs.at(0);
}

double apart(const Tensor& a, const Tensor& b) {
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < a.as<float>().size(); ++i) {
    largest = std::max(largest, std::fabs(double{a.as<float>()[i]}));
    difference = std::max(difference, std::fabs(double{a.as<float>()[i]} - double{b.as<float>()[i]}));
  }
  return difference / largest;
}

TEST(Equalize, FindsPairsThroughWhatScalesAlong) {
  for (const std::string act : {"", "Relu", "LeakyRelu"}) {
    const auto pairs = equalizablePairs(network(act));
    ASSERT_EQ(pairs.size(), 5u) << act;
    const std::size_t channels[] = {8, 8, 12, 10, 14};
    for (std::uint32_t i = 0; i < 5; ++i)
      EXPECT_EQ(pairs[i], (EqualizePair{LayerId{i}, LayerId{i + 1}, channels[i]}));
  }
  // A Sigmoid does not scale along.
  EXPECT_EQ(equalizablePairs(network("Sigmoid")).size(), 4u);
}

TEST(Equalize, WhatOthersReadStays) {
  GraphBuilder b;
  const ValueId x = b.input("x", {1, 4});
  const ValueId y = b.node("Gemm", {x, b.weight("a", randomTensor({4, 5}, 1))});
  const ValueId z = b.node("Gemm", {y, b.weight("b", randomTensor({5, 3}, 2))});
  b.output(z);
  b.output(y);
  EXPECT_TRUE(equalizablePairs(modelOf(b)).empty());
  GraphBuilder shared;
  const ValueId in = shared.input("x", {1, 4});
  const ValueId w = shared.weight("w", randomTensor({4, 4}, 1));
  shared.output(shared.node("Gemm", {shared.node("Gemm", {in, w}), w}));
  EXPECT_TRUE(equalizablePairs(modelOf(shared)).empty());
}

TEST(Equalize, TheFunctionStays) {
  for (const std::string act : {"", "Relu", "LeakyRelu"}) {
    const Model model = network(act);
    const Model even = equalized(model, equalizablePairs(model));
    const Tensor input = randomTensor({2, 3, 12, 12}, 9);
    EXPECT_LT(apart(outputOf(model, input), outputOf(even, input)), 1e-5) << act;
    EXPECT_EQ(even.graph, model.graph);
  }
}

/// Afterwards both sides of every channel have the same greatest magnitude.
TEST(Equalize, RangesMeet) {
  GraphBuilder b;
  const ValueId x = b.input("x", {1, 4});
  const ValueId y = b.node(
      "Relu", {b.node("Gemm", {x, b.weight("a", unevenWeight({5, 4}, 1))}, {{"transB", std::int64_t{1}}})});
  b.output(b.node("Gemm", {y, b.weight("b", unevenWeight({5, 3}, 2))}));
  const Model model = modelOf(b), even = equalized(model, equalizablePairs(model));
  const Tensor first = layerWeight(even, even.layers[0]), second = layerWeight(even, even.layers[1]);
  const Tensor before1 = layerWeight(model, model.layers[0]), before2 = layerWeight(model, model.layers[1]);
  const auto greatest = [](const Tensor& t, std::size_t from, std::size_t count) {
    double most = 0;
    for (std::size_t i = from; i < from + count; ++i)
      most = std::max(most, std::fabs(double{t.as<float>()[i]}));
    return most;
  };
  for (std::size_t c = 0; c < 5; ++c) {
    EXPECT_NEAR(greatest(first, 4 * c, 4) / greatest(second, 3 * c, 3), 1, 1e-5);
    const double wanted = std::sqrt(greatest(before1, 4 * c, 4) * greatest(before2, 3 * c, 3));
    EXPECT_NEAR(greatest(first, 4 * c, 4) / wanted, 1, 1e-5);
  }
}

TEST(Equalize, ChannelsOfZerosStay) {
  GraphBuilder b;
  const ValueId x = b.input("x", {1, 2});
  const ValueId y = b.node("Gemm", {x, b.weight("a", Tensor::from<float>({2, 3}, {0, 1, 2, 0, 3, 4}))});
  b.output(b.node("Gemm", {y, b.weight("b", Tensor::from<float>({3, 1}, {7, 0, 8}))}));
  const Model model = modelOf(b), even = equalized(model, equalizablePairs(model));
  const Tensor second = layerWeight(even, even.layers[1]);
  EXPECT_EQ(second.as<float>()[0], 7);
  EXPECT_EQ(second.as<float>()[1], 0);
  EXPECT_NE(second.as<float>()[2], 8);
}

Recipe perTensor(const Model& model, int bits, bool equalize) {
  Recipe recipe;
  recipe.equalize = equalize;
  for (const Layer& layer : model.layers)
    recipe.set(layer.name,
               {{}, {.scheme = Scheme::Symmetric, .bits = bits, .granularity = Granularity::Tensor}});
  return recipe;
}

TEST(Equalize, RepairsRangesThatLieApart) {
  const Model model = readModel(LAPIDARY_SOURCE_DIR "/resources/demo/lenet300.onnx");
  const Model spread = test::spreadApart(model);
  Shape shape{4};
  for (const auto& d : std::span(*model.graph->value(model.graph->inputs[0]).shape).subspan(1))
    shape.push_back(d.size.value());
  const Tensor input = randomTensor(shape, 3), wanted = outputOf(model, input);
  ASSERT_LT(apart(wanted, outputOf(spread, input)), 1e-5);
  const Cutter cutter(spread);
  const double plain = apart(wanted, outputOf(cutter.apply(perTensor(spread, 8, false)), input));
  const double even = apart(wanted, outputOf(cutter.apply(perTensor(spread, 8, true)), input));
  const double before = apart(wanted, outputOf(Cutter(model).apply(perTensor(model, 8, false)), input));
  std::printf("  8 bits per tensor: %.4f, spread apart %.4f, equalised %.4f\n", before, plain, even);
  EXPECT_LT(even, 0.1 * plain);
  EXPECT_LT(even, 3 * before);
}

TEST(Equalize, OnlyLayersThatAreQuantizedTakePart) {
  const Model model = network("Relu");
  const Cutter cutter(model);
  Recipe recipe;
  recipe.equalize = true;
  const auto original = [&](std::size_t i) { return model.weights.at(model.layers[i].weight).id(); };
  EXPECT_EQ(cutter.apply(recipe).weights.at(model.layers[0].weight).id(), original(0));
  recipe.set(model.layers[0].name, {{}, {.scheme = Scheme::Symmetric}});
  EXPECT_TRUE(std::ranges::equal(cutter.apply(recipe).weights.at(model.layers[0].weight).as<float>(),
                                 cutter.cut({.edits = recipe.edits}, LayerId{0})->values.as<float>()));
  recipe.set(model.layers[1].name, {{PruneMode::Sparsity, 0.5}, {.scheme = Scheme::Affine}});
  const Model cut = cutter.apply(recipe), again = cutter.apply(recipe);
  EXPECT_EQ(cut.weights.at(model.layers[1].weight).id(), again.weights.at(model.layers[1].weight).id());
  EXPECT_EQ(cut.weights.at(model.layers[2].weight).id(), original(2));
  EXPECT_NE(cut.weights.at(model.layers[0].bias).id(), model.weights.at(model.layers[0].bias).id());
  EXPECT_EQ(cutter.prunedZeros(recipe, LayerId{1}), 4);
  EXPECT_EQ(std::ranges::count(cut.weights.at(model.layers[1].weight).as<float>(), 0.0f), 4);
}

TEST(Equalize, RealNetworksStayTheSame) {
  const std::pair<std::string, std::size_t> networks[] = {
      {LAPIDARY_SOURCE_DIR "/resources/demo/lenet5.onnx", 3},
      {LAPIDARY_SOURCE_DIR "/resources/demo/lenet300.onnx", 2},
      {LAPIDARY_ASSETS_DIR "/resnet/resnet20_cifar10.onnx", 9}};
  for (const auto& [path, count] : networks) {
    if (!std::filesystem::exists(path)) continue;
    const Model model = readModel(path);
    const auto pairs = equalizablePairs(model);
    EXPECT_EQ(pairs.size(), count) << path;
    Shape shape{4};
    for (const auto& d : std::span(*model.graph->value(model.graph->inputs[0]).shape).subspan(1))
      shape.push_back(d.size.value());
    const Tensor input = randomTensor(shape, 3);
    EXPECT_LT(apart(outputOf(model, input), outputOf(equalized(model, pairs), input)), 1e-5) << path;
  }
}

/// Trained without batch normalisation in the file, its channels' ranges differ by themselves.
TEST(Equalize, SpokenDigitsErrLessPerTensor) {
  const std::string folder = LAPIDARY_ASSETS_DIR "/digits-audio/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(folder + "fsdd_cnn.onnx");
  const Tensor input = toFloat32(readNpz(mapFile(folder + "fsdd_test.npz")).at("x")),
               wanted = outputOf(model, input);
  const Cutter cutter(model);
  for (const int bits : {5, 6}) {
    double error[2] = {};
    for (const bool equalize : {false, true}) {
      const Tensor made = outputOf(cutter.apply(perTensor(model, bits, equalize)), input);
      for (std::size_t i = 0; i < made.as<float>().size(); ++i)
        error[equalize] += std::pow(double{made.as<float>()[i]} - double{wanted.as<float>()[i]}, 2);
    }
    std::printf("  %d bits per tensor: squared error of the outputs %.4g, equalised %.4g\n", bits, error[0],
                error[1]);
    EXPECT_LT(error[1], (bits == 6 ? 0.3 : 1) * error[0]);
  }
}

}  // namespace
}  // namespace lapidary::core
