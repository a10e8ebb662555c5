// SPDX-License-Identifier: GPL-3.0-or-later
// Removing channels is held against the same model with those channels set to zero: equal outputs.
#include "core/compress/structure/structured.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <numeric>

#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/core/compress/structure/removal.h"

namespace lapidary::core::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// conv, norm, ReLU, pool, flatten (with `reshape`: by a Reshape), linear, linear.
Built plain(bool reshape) {
  GraphBuilder b;
  ValueId x = b.input("x", {-1, 3, 8, 8});
  x = testing::addNorm(b, "bn", conv(b, x, {6, 3, 3, 3}, 1), 6, 5);
  x = b.node("MaxPool", {b.node("Relu", {x})}, {{"kernel_shape", ints({2, 2})}, {"strides", ints({2, 2})}});
  x = conv(b, x, {5, 6, 3, 3}, 2);
  x = reshape ? b.node("Reshape", {x, numbers(b, "shape", {-1, 80})}) : b.node("Flatten", {x});
  x = linear(b, b.node("Sigmoid", {linear(b, x, 80, 7, 3)}), 7, 4, 4);
  b.output(x);
  return {finished(b), picture(3)};
}

/// Two convolutions added to what they came from.
Built residual() {
  GraphBuilder b;
  const ValueId first = b.node("Relu", {conv(b, b.input("x", {-1, 3, 8, 8}), {8, 3, 3, 3}, 1)});
  const ValueId inner = b.node("Relu", {conv(b, first, {5, 8, 3, 3}, 2)});
  const ValueId sum = b.node("Add", {conv(b, inner, {8, 5, 3, 3}, 3), first});
  const ValueId scaled = b.node("Mul", {b.node("Relu", {sum}), b.weight("k", randomTensor({1, 8, 1, 1}, 8))});
  b.output(linear(b, b.node("Flatten", {b.node("GlobalAveragePool", {scaled})}), 8, 4, 5));
  return {finished(b), picture(3)};
}

/// A shortcut that is strided and padded with new channels, as in the CIFAR ResNets.
Built paddedShortcut() {
  GraphBuilder b;
  const ValueId first = b.node("Relu", {conv(b, b.input("x", {-1, 3, 8, 8}), {6, 3, 3, 3}, 1)});
  const ValueId wide = b.node("Relu", {conv(b, first, {10, 6, 3, 3}, 2)});
  const ValueId padded = b.node("Pad", {first, numbers(b, "pads", {0, 2, 0, 0, 0, 2, 0, 0})});
  const ValueId sum = b.node("Relu", {b.node("Add", {wide, padded})});
  b.output(linear(b, b.node("Flatten", {b.node("GlobalAveragePool", {sum})}), 10, 4, 5));
  return {finished(b), picture(3)};
}

Built concatenated() {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 3, 8, 8});
  const ValueId squeezed = b.node("Relu", {conv(b, x, {4, 3, 1, 1}, 1)});
  const ValueId joined =
      b.node("Concat", {conv(b, squeezed, {6, 4, 1, 1}, 2), x, conv(b, squeezed, {5, 4, 3, 3}, 3)},
             {{"axis", std::int64_t{1}}});
  b.output(b.node("GlobalAveragePool", {conv(b, b.node("Relu", {joined}), {4, 14, 3, 3}, 4)}));
  return {finished(b), picture(3)};
}

/// Parts of unequal size, each with its own way on.
Built parted() {
  GraphBuilder b;
  const ValueId x = conv(b, b.input("x", {-1, 3, 8, 8}), {9, 3, 3, 3}, 1);
  const auto parts = b.nodes("Split", {x, numbers(b, "sizes", {4, 5})}, 2, {{"axis", std::int64_t{1}}});
  const ValueId left = b.node("Relu", {parts[0]}), right = conv(b, parts[1], {4, 5, 1, 1}, 2);
  const ValueId tail =
      b.node("Slice", {x, numbers(b, "from", {3}), numbers(b, "to", {7}), numbers(b, "axis", {1})});
  const ValueId sum = b.node("Add", {b.node("Mul", {left, b.node("Sigmoid", {right})}), tail});
  b.output(b.node("GlobalAveragePool", {conv(b, sum, {3, 4, 3, 3}, 3)}));
  return {finished(b), picture(3)};
}

/// Expand, depthwise, project, with a squeeze-and-excite gate and a residual sum.
Built depthwise() {
  GraphBuilder b;
  const ValueId x = conv(b, b.input("x", {-1, 3, 8, 8}), {6, 3, 3, 3}, 1);
  const ValueId wide = b.node("HardSwish", {conv(b, x, {12, 6, 1, 1}, 2)});
  const ValueId deep = b.node("Relu", {conv(b, wide, {12, 1, 3, 3}, 3, 12)});
  const ValueId pooled = b.node("GlobalAveragePool", {deep});
  const ValueId gate =
      b.node("HardSigmoid", {conv(b, b.node("Relu", {conv(b, pooled, {5, 12, 1, 1}, 4)}), {12, 5, 1, 1}, 5)});
  const ValueId narrow = conv(b, b.node("Mul", {deep, gate}), {6, 12, 1, 1}, 6);
  b.output(b.node("GlobalAveragePool", {conv(b, b.node("Add", {narrow, x}), {4, 6, 3, 3}, 7)}));
  return {finished(b), picture(3)};
}

/// Two groups of three channels each, then a norm over two groups.
Built grouped() {
  GraphBuilder b(21);
  ValueId x = conv(b, b.input("x", {-1, 3, 8, 8}), {6, 3, 3, 3}, 1);
  x = b.node("Relu", {conv(b, x, {8, 3, 3, 3}, 2, 2)});
  x = conv(b, x, {8, 8, 1, 1}, 3);
  x = b.node("GroupNormalization",
             {x, b.weight("s", randomTensor({8}, 5)), b.weight("t", randomTensor({8}, 6))},
             {{"num_groups", std::int64_t{4}}});
  b.output(b.node("GlobalAveragePool", {conv(b, b.node("Elu", {x}), {4, 8, 3, 3}, 4)}));
  return {finished(b), picture(3)};
}

/// Up again by a transposed convolution and by pixel shuffling; a slope for every channel.
Built upwards() {
  GraphBuilder b;
  ValueId x = conv(b, b.input("x", {-1, 3, 8, 8}), {5, 3, 3, 3}, 1);
  x = b.node("PRelu", {x, b.weight("slope", randomTensor({5, 1, 1}, 9))});
  x = b.node("ConvTranspose",
             {x, b.weight("up", randomTensor({5, 8, 2, 2}, 2)), b.weight("upb", randomTensor({8}, 3))},
             {{"strides", ints({2, 2})}});
  x = b.node("DepthToSpace", {b.node("Relu", {x})}, {{"blocksize", std::int64_t{2}}});
  b.output(conv(b, x, {3, 2, 3, 3}, 4));
  return {finished(b), picture(3)};
}

/// Channels shuffled between two groups, through Reshape, Transpose, Reshape.
Built shuffled() {
  GraphBuilder b;
  ValueId x = conv(b, b.input("x", {2, 3, 8, 8}), {8, 3, 3, 3}, 1);
  x = b.node("Reshape", {x, numbers(b, "apart", {2, 2, 4, 8, 8})});
  x = b.node("Transpose", {x}, {{"perm", ints({0, 2, 1, 3, 4})}});
  x = b.node("Reshape", {x, numbers(b, "together", {2, 8, 8, 8})});
  b.output(b.node("GlobalAveragePool", {conv(b, b.node("Relu", {x}), {4, 8, 3, 3}, 2)}));
  return {finished(b), picture(3)};
}

/// The shape of the flattened value is put together while it runs.
Built dynamicShape() {
  GraphBuilder b;
  const ValueId x = conv(b, b.input("x", {-1, 3, 8, 8}), {6, 3, 3, 3}, 1);
  const ValueId batch =
      b.node("Gather", {b.node("Shape", {x}), b.weight("zero", Tensor::scalar<std::int64_t>(0))},
             {{"axis", std::int64_t{0}}});
  const ValueId shape =
      b.node("Concat", {b.node("Unsqueeze", {batch, numbers(b, "ax", {0})}), numbers(b, "rest", {384})},
             {{"axis", std::int64_t{0}}});
  b.output(linear(b, b.node("Reshape", {b.node("Relu", {x}), shape}), 384, 4, 3));
  return {finished(b), picture(3)};
}

/// Self-attention with `heads` of size 4 over tokens of 12 numbers, as PyTorch writes it; `packed`: queries,
/// keys and values from one matrix.
Built attention(std::int64_t heads, bool packed) {
  GraphBuilder b;
  const std::int64_t inner = heads * 4;
  const ValueId x = b.input("x", {-1, 5, 12});
  std::vector<ValueId> parts;
  const auto project = [&](unsigned seed, std::int64_t width) {
    const ValueId y =
        b.node("MatMul", {x, b.weight("w" + std::to_string(seed), randomTensor({12, width}, seed))});
    return b.node("Add", {b.weight("b" + std::to_string(seed), randomTensor({width}, seed + 9)), y});
  };
  if (packed) {
    const ValueId apart =
        b.node("Reshape", {project(1, 3 * inner), numbers(b, "apart", {0, 5, 3, heads, 4})});
    const ValueId moved = b.node("Transpose", {apart}, {{"perm", ints({2, 0, 3, 1, 4})}});
    for (std::int64_t i = 0; i < 3; ++i)
      parts.push_back(b.node("Gather",
                             {moved, b.weight("i" + std::to_string(i), Tensor::scalar<std::int64_t>(i))},
                             {{"axis", std::int64_t{0}}}));
    parts[1] = b.node("Transpose", {parts[1]}, {{"perm", ints({0, 1, 3, 2})}});
  } else {
    const ValueId shape = numbers(b, "apart", {0, 5, heads, 4});
    for (unsigned i = 0; i < 3; ++i)
      parts.push_back(b.node("Transpose", {b.node("Reshape", {project(i + 1, inner), shape})},
                             {{"perm", i == 1 ? ints({0, 2, 3, 1}) : ints({0, 2, 1, 3})}}));
  }
  const ValueId scores =
      b.node("Mul", {b.node("MatMul", {parts[0], parts[1]}), b.weight("half", Tensor::scalar(0.5f))});
  const ValueId mixed =
      b.node("MatMul", {b.node("Softmax", {scores}, {{"axis", std::int64_t{-1}}}), parts[2]});
  const ValueId back = b.node("Reshape", {b.node("Transpose", {mixed}, {{"perm", ints({0, 2, 1, 3})}}),
                                          numbers(b, "back", {0, 5, inner})});
  b.output(b.node("MatMul", {back, b.weight("out", randomTensor({inner, 12}, 7))}));
  return {finished(b), {randomTensor({2, 5, 12}, 99)}};
}

struct Case {
  std::string name;
  Built (*build)();
  std::size_t cuttable;  ///< layers that lose something
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

class Removal : public ::testing::TestWithParam<Case> {};

TEST_P(Removal, EqualsTheModelWithZeros) {
  expectRemovalEqualsZeros(GetParam().build(), GetParam().cuttable);
}

INSTANTIATE_TEST_SUITE_P(Graphs, Removal,
                         ::testing::Values(Case{"Flatten", [] { return plain(false); }, 3},
                                           Case{"Reshape", [] { return plain(true); }, 3},
                                           Case{"Residual", residual, 3},
                                           Case{"PaddedShortcut", paddedShortcut, 2},
                                           Case{"Concat", concatenated, 3}, Case{"Split", parted, 2},
                                           Case{"Depthwise", depthwise, 6}, Case{"Groups", grouped, 3},
                                           Case{"Upwards", upwards, 2}, Case{"Shuffle", shuffled, 1},
                                           Case{"DynamicShape", dynamicShape, 1},
                                           Case{"Attention", [] { return attention(3, false); }, 3},
                                           Case{"PackedAttention", [] { return attention(3, true); }, 1}),
                         [](const auto& row) { return row.param.name; });

TEST(ChannelGroups, TellWhatGoesTogether) {
  const Built built = residual();
  const ChannelGroups groups(built.model);
  const ChannelGroup group = groups.group(LayerId{0});
  EXPECT_EQ(group.channels, 8);
  EXPECT_EQ(group.units, 8u);
  EXPECT_EQ(group.removable, 8u);
  std::vector<std::string> names;
  for (const auto& member : group.members)
    names.push_back(built.model.graph->value(member.tensor).name + " " + std::to_string(member.axis) +
                    (member.produces ? " made" : ""));
  EXPECT_THAT(names, ElementsAre("w1 0 made", "b1 0", "w2 1", "w3 0 made", "b3 0", "k 1", "g5 1"));
}

TEST(ChannelGroups, TellWhyChannelsStay) {
  const Built built = plain(false);
  const ChannelGroup last = ChannelGroups(built.model).group(LayerId{3});
  EXPECT_EQ(last.removable, 0u);
  EXPECT_THAT(last.reason, HasSubstr("an output of the model"));

  GraphBuilder b;
  const ValueId x = conv(b, b.input("x", {-1, 3, 8, 8}), {6, 3, 3, 3}, 1);
  b.output(conv(b, b.node("LRN", {x}, {{"size", std::int64_t{3}}}), {2, 6, 1, 1}, 2));
  const ChannelGroup mixed = ChannelGroups(finished(b)).group(LayerId{0});
  EXPECT_EQ(mixed.removable, 0u);
  EXPECT_THAT(mixed.reason, HasSubstr("(LRN), which needs all of them"));
  EXPECT_TRUE(mixed.members.empty());
}

TEST(ChannelGroups, AreNotThereWithoutAGraph) {
  Model model;
  auto graph = std::make_shared<Graph>();
  graph->values.push_back({"w", DType::Float32, std::nullopt, {}});
  graph->initializers[ValueId{0}] = randomTensor({4, 4}, 1);
  model.weights = graph->initializers;
  model.graph = graph;
  model.layers = findLayers(*graph);
  EXPECT_THAT(ChannelGroups(model).group(LayerId{0}).reason, HasSubstr("without a graph"));
}

TEST(Structured, RemovesTheFiltersOfLeastNormFromTheWholeGroup) {
  const Built built = residual();
  const ChannelGroups groups(built.model);
  const Model& model = groups.model();
  const ChannelCut cut{LayerId{0}, 0.26};  // floor(0.26 * 8) = 2
  const auto gone = leastUnits(groups, {&cut, 1}, magnitudes(model));
  std::vector<double> norms(8, 0);
  for (const LayerId layer : {LayerId{0}, LayerId{2}}) {
    const Tensor weight = layerWeight(model, model.layer(layer));
    const std::size_t each = weight.as<float>().size() / 8;
    for (std::size_t i = 0; i < weight.as<float>().size(); ++i)
      norms[i / each] += std::fabs(weight.as<float>()[i]);
  }
  std::vector<std::size_t> order(8);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return norms[i]; });
  const auto kept = keptPositions(groups, LayerId{0}, gone)[0];
  EXPECT_EQ(kept.size(), 6u);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(std::ranges::count(kept, order[i]), 0) << order[i];
}

TEST(Structured, LeavesTheOriginalAndSharesWhatDoesNotChange) {
  const Built built = plain(true);
  const ChannelGroups groups(built.model);
  const ChannelCut cut{LayerId{1}, 0.5};
  SliceMemo memo(1 << 20);
  const auto gone = leastUnits(groups, {&cut, 1}, magnitudes(groups.model()));
  const Model less = withoutChannels(groups, gone, &memo), again = withoutChannels(groups, gone, &memo);
  EXPECT_EQ(groups.model().layer(LayerId{1}).shape, (Shape{5, 6, 3, 3}));
  EXPECT_EQ(less.layer(LayerId{1}).shape, (Shape{3, 6, 3, 3}));
  EXPECT_EQ(less.layer(LayerId{2}).shape, (Shape{7, 48}));
  const ValueId first = less.layer(LayerId{0}).weight, second = less.layer(LayerId{1}).weight;
  EXPECT_EQ(less.weights.at(first).id(), built.model.weights.at(first).id());
  EXPECT_EQ(less.weights.at(second).id(), again.weights.at(second).id());
  EXPECT_EQ(less.layer(LayerId{1}).name, built.model.layer(LayerId{1}).name);
}

TEST(Structured, GreatestShareOfAGroupCounts) {
  const Built built = residual();
  const ChannelGroups groups(built.model);
  const FilterScores scores = magnitudes(groups.model());
  const std::vector<ChannelCut> both{{LayerId{0}, 0.25}, {LayerId{2}, 0.5}}, one{{LayerId{2}, 0.5}};
  EXPECT_EQ(leastUnits(groups, both, scores), leastUnits(groups, one, scores));
}

TEST(Structured, SaysWhyItRefuses) {
  const Built built = plain(false);
  const ChannelGroups groups(built.model);
  const auto refusal = [&](const ChannelCut& cut) -> std::string {
    try {
      leastUnits(groups, {&cut, 1}, magnitudes(groups.model()));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(refusal({LayerId{3}, 0.5}), HasSubstr("an output of the model"));
  EXPECT_THAT(refusal({LayerId{0}, 0.5, Criterion::Magnitude, true}), HasSubstr("no attention heads"));
}

// ---- real models
// -------------------------------------------------------------------------------------------

struct Real {
  std::string name, path;
  Tensor input;
  std::size_t cuttable;
  double tolerance = 1e-5;
};

void PrintTo(const Real& row, std::ostream* out) { *out << row.name; }

Tensor tokens(std::int64_t batch) {
  TensorBuilder builder(DType::Int64, {batch, 64});
  const auto ids = builder.as<std::int64_t>();
  for (std::size_t k = 0; k < ids.size(); ++k)
    ids[k] = k % 64 == 0 ? 2 : (k % 64 >= 50 ? 0 : static_cast<std::int64_t>(k * 7919 % 2048));
  return std::move(builder).build();
}

class RealRemoval : public ::testing::TestWithParam<Real> {};

TEST_P(RealRemoval, EqualsTheModelWithZeros) {
  const Real& row = GetParam();
  if (!fs::exists(row.path)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(row.path);
  const ChannelGroups groups(model);
  std::vector<ChannelCut> all;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const ChannelGroup group = groups.group(LayerId{i});
    if (group.removable > 0) all.push_back({LayerId{i}, 0.5});
  }
  EXPECT_EQ(all.size(), row.cuttable);
  const auto gone = leastUnits(groups, all, magnitudes(model));
  const Model less = withoutChannels(groups, gone, nullptr);
  const double difference = differenceFromMasked(groups, gone, {row.input});
  std::printf("  %lld of %lld parameters, largest difference %.2e\n",
              static_cast<long long>(less.parameters()), static_cast<long long>(model.parameters()),
              difference);
  EXPECT_LT(difference, row.tolerance);
  const Model zero = masked(groups, gone);
  EXPECT_GT(relativeDifference(Executor(model, {}).run(model, {{row.input}}).outputs[0],
                               Executor(zero, {}).run(zero, {{row.input}}).outputs[0]),
            1e-3)
      << "the channels matter";
  EXPECT_LT(less.parameters(), 0.8 * static_cast<double>(model.parameters()));
}

const std::string assets = LAPIDARY_ASSETS_DIR;

INSTANTIATE_TEST_SUITE_P(
    Models, RealRemoval,
    ::testing::Values(
        Real{"ResNet20", assets + "/resnet/resnet20_cifar10.onnx", randomTensor({2, 3, 32, 32}, 1), 19},
        Real{"ResNet20WithNorms", assets + "/resnet/resnet20_cifar10_nofold_bn.onnx",
             randomTensor({2, 3, 32, 32}, 1), 19},
        Real{"ResNet20Int8", assets + "/resnet/resnet20_cifar10_w8_dq.onnx", randomTensor({2, 3, 32, 32}, 1),
             19},
        Real{"Transformer", assets + "/sms/sms_bert.onnx", tokens(3), 4},
        Real{"SpokenDigits", assets + "/digits-audio/fsdd_cnn.onnx", randomTensor({2, 1, 40, 62}, 1), 3},
        Real{"SqueezeNet", assets + "/squeezenet/SqueezeNet_fp16.onnx",
             convert(randomTensor({1, 3, 224, 224}, 1, 30), DType::Float16), 25, 5e-3}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace lapidary::core::test
