// SPDX-License-Identifier: GPL-3.0-or-later
// Integer weights in ONNX files: their types, the opset and IR version they ask for, and the floats they
// stand for.
#include "core/io/onnx/onnx_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>

#include "core/compress/cut/cutter.h"
#include "core/model/constants.h"
#include "core/model/dequantize.h"
#include "core/model/weight_matrix.h"
#include "tests/core/io/onnx/onnx_builder.h"

namespace lapidary::core::testing {
namespace {

struct Kind {
  unsigned bits;
  DType codes;
  bool perChannel;
  int offset;           ///< 0 none, 1 but at the zero point, 2 everywhere
  std::string element;  ///< type in the file
  std::int64_t opset;
};

const std::vector<Kind> kinds{
    {1, DType::Int8, true, 0, "int4", 21},     {2, DType::Int8, false, 0, "int4", 21},
    {4, DType::Int8, true, 0, "int4", 21},     {4, DType::UInt8, true, 1, "uint4", 21},
    {3, DType::UInt8, false, 0, "uint4", 21},  {5, DType::Int8, true, 0, "int8", 13},
    {8, DType::UInt8, true, 0, "uint8", 13},   {8, DType::Int8, false, 0, "int8", 13},
    {8, DType::UInt8, true, 1, "uint8", 13},   {7, DType::UInt8, false, 2, "uint8", 13},
    {9, DType::Int16, true, 0, "int16", 21},   {16, DType::UInt16, false, 0, "uint16", 21},
    {12, DType::UInt16, true, 2, "uint16", 21}};

Tensor randomCodes(const Kind& kind, const Shape& shape) {
  const bool isSigned = kind.codes == DType::Int8 || kind.codes == DType::Int16;
  const int most = isSigned ? std::max(1, (1 << (kind.bits - 1)) - 1) : (1 << kind.bits) - 1;
  std::mt19937 random(7);
  std::uniform_int_distribution<int> pick(isSigned ? -most : 0, most);
  TensorBuilder builder(DType::Int32, shape);
  for (auto& code : builder.as<std::int32_t>()) code = pick(random);
  return convert(std::move(builder).build(), kind.codes);
}

std::shared_ptr<const WeightEncoding> encodingOf(const Kind& kind, const Shape& shape, int axis) {
  auto encoding = std::make_shared<WeightEncoding>();
  encoding->bits = kind.bits;
  encoding->codes = randomCodes(kind, shape);
  encoding->axis = kind.perChannel ? axis : -1;
  const std::int64_t count = kind.perChannel ? shape[static_cast<std::size_t>(axis)] : 1;
  const Shape scales = kind.perChannel ? Shape{count} : Shape{};
  TensorBuilder scale(DType::Float32, scales), zero(DType::Int32, scales), offset(DType::Float32, scales);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    scale.as<float>()[i] = 0.01f * static_cast<float>(i + 1);
    zero.as<std::int32_t>()[i] =
        kind.codes == DType::UInt8 || kind.codes == DType::UInt16 ? static_cast<std::int32_t>(i % 3) : 0;
    offset.as<float>()[i] = 0.125f * static_cast<float>(i) - 0.3f;
  }
  encoding->scale = std::move(scale).build();
  encoding->zeroPoint = convert(std::move(zero).build(), kind.codes);
  if (kind.offset > 0) encoding->offset = std::move(offset).build();
  encoding->offsetEverywhere = kind.offset == 2;
  return encoding;
}

Model encoded(const Model& original, const Kind& kind) {
  Model model = original;
  for (const Layer& layer : model.layers) {
    const auto encoding = encodingOf(kind, layer.shape, layer.channelAxis);
    model.encodings[layer.weight] = encoding;
    model.weights[layer.weight] = dequantized(*encoding);
  }
  return model;
}

/// How many initialisers of each type the file holds, by libonnx's own reading of it.
std::map<std::int32_t, int> typesIn(const std::string& file) {
  onnx::ModelProto proto;
  EXPECT_TRUE(proto.ParseFromString(file));
  std::map<std::int32_t, int> types;
  for (const auto& tensor : proto.graph().initializer()) ++types[tensor.data_type()];
  return types;
}

const std::map<std::string, std::int32_t> codeOfName{{"int4", 22}, {"uint4", 21}, {"int8", 3},
                                                     {"uint8", 2}, {"int16", 5},  {"uint16", 4}};

void expectEncoded(const Model& original, const Kind& kind) {
  const Model model = encoded(original, kind);
  const std::string file = written(model);
  EXPECT_EQ(formatForPath("m.onnx")->sizeOf(model), file.size());
  EXPECT_GE(typesIn(file)[codeOfName.at(kind.element)], static_cast<int>(original.layers.size()));
  const Model back = readModel(ReadSource{bytesOf(file), "m.onnx", ""});
  EXPECT_EQ(back.opset(), std::max(original.opset(), kind.opset));
  EXPECT_GE(back.source.irVersion, back.opset() >= 21 ? 10 : 4);
  ASSERT_EQ(back.layers.size(), original.layers.size());
  for (std::size_t i = 0; i < back.layers.size(); ++i) {
    EXPECT_EQ(back.layers[i].name, original.layers[i].name);
    EXPECT_EQ(back.layers[i].channelAxis, original.layers[i].channelAxis);
    const Tensor found = layerWeight(back, back.layers[i]);
    const Tensor wanted = toFloat32(model.weights.at(original.layers[i].weight));
    ASSERT_EQ(found.shape(), wanted.shape());
    EXPECT_TRUE(std::ranges::equal(found.as<float>(), wanted.as<float>())) << back.layers[i].name;
  }
}

TEST(OnnxEncoding, EveryKindComesBackAsTheSameFloats) {
  const auto demo = std::filesystem::path(LAPIDARY_SOURCE_DIR) / "resources/demo/lenet5.onnx";
  const Model lenet = readModel(demo.string());
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(std::to_string(kind.bits) + " " + kind.element + (kind.perChannel ? " channel" : " tensor"));
    expectEncoded(lenet, kind);
  }
}

TEST(OnnxEncoding, ResNetIsRaisedToOpset21) {
  const auto path = std::filesystem::path(LAPIDARY_ASSETS_DIR) / "resnet/resnet20_cifar10.onnx";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no ../shared";
  const Model resnet = readModel(path.string());
  for (const Kind& kind : kinds) expectEncoded(resnet, kind);
}

/// What the cutter makes: codebooks, blocks of inputs with short last ones, and offsets of blocks.
std::vector<std::pair<std::string, Quantize>> cutterKinds() {
  std::vector<std::pair<std::string, Quantize>> cases;
  for (const Scheme scheme :
       {Scheme::Symmetric, Scheme::Affine, Scheme::MinMax, Scheme::PowerOfTwo, Scheme::Ternary,
        Scheme::NormalFloat, Scheme::Float8E4M3, Scheme::Float8E5M2, Scheme::Codebook})
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
      for (const int bits : {3, 6}) {
        if (bits == 6 && fixedBits(scheme) != 0) continue;
        cases.push_back(
            {std::string(name(scheme)) + " " + std::string(name(granularity)) + std::to_string(bits),
             {.scheme = scheme, .bits = bits, .granularity = granularity, .groupSize = 16}});
      }
  return cases;
}

void expectRoundTrip(const Model& original, const Recipe& recipe) {
  const Cutter cutter(original);
  const Model cut = cutter.apply(recipe);
  const std::string file = written(cut);
  EXPECT_EQ(formatForPath("m.onnx")->sizeOf(cut), file.size());
  const Model back = readModel(ReadSource{bytesOf(file), "m.onnx", ""});
  ASSERT_EQ(back.layers.size(), original.layers.size());
  for (std::size_t i = 0; i < back.layers.size(); ++i) {
    EXPECT_EQ(back.layers[i].name, original.layers[i].name);
    EXPECT_EQ(back.layers[i].shape, original.layers[i].shape);
    const Tensor found = layerWeight(back, back.layers[i]);
    EXPECT_TRUE(std::ranges::equal(found.as<float>(),
                                   toFloat32(cut.weights.at(original.layers[i].weight)).as<float>()))
        << back.layers[i].name;
  }
}

TEST(OnnxEncoding, CodebooksAndBlocksComeBackAsTheSameLayers) {
  const auto demo = std::filesystem::path(LAPIDARY_SOURCE_DIR) / "resources/demo/lenet5.onnx";
  const auto sms = std::filesystem::path(LAPIDARY_ASSETS_DIR) / "sms/sms_bert.onnx";
  for (const auto& path : {demo, sms}) {
    if (!std::filesystem::exists(path)) continue;
    const Model model = readModel(path.string());
    for (const auto& [what, quantize] : cutterKinds())
      for (const bool pruned : {false, true}) {
        SCOPED_TRACE(what + (pruned ? " pruned" : ""));
        Recipe recipe;
        for (const Layer& layer : model.layers)
          recipe.set(layer.name, {pruned ? Prune{PruneMode::Sparsity, 0.5} : Prune{}, quantize});
        expectRoundTrip(model, recipe);
      }
  }
}

TEST(OnnxEncoding, CodebooksOfBytesNeedNoNewOpset) {
  const Model model = read(smallModel());
  const Cutter cutter(model);
  Recipe recipe;
  recipe.set(model.layers[0].name,
             {{}, {.scheme = Scheme::Codebook, .bits = 5, .granularity = Granularity::Tensor}});
  const Model back = reread(cutter.apply(recipe));
  EXPECT_EQ(back.opset(), model.opset());
  EXPECT_EQ(back.graph->nodes[0].opType, "Cast");
  EXPECT_EQ(back.graph->nodes[1].opType, "Gather");
}

TEST(OnnxEncoding, ScalesOfInputsAreAProduct) {
  for (const Shape& shape : {Shape{4, 6}, Shape{4, 2, 3, 1}, Shape{2, 3, 4}}) {
    const int axis = shape.size() == 3 ? 2 : 0;
    auto encoding = std::make_shared<WeightEncoding>(*encodingOf(kinds[5], shape, axis));
    const WeightMatrix matrix = weightMatrix(shape, axis);
    std::vector<float> scales;
    for (std::size_t i = 0; i < matrix.inputs; ++i) scales.push_back(0.5f + static_cast<float>(i));
    encoding->inputScale = Tensor::from<float>({static_cast<std::int64_t>(matrix.inputs)}, scales);
    const Tensor meant = dequantized(*encoding);
    const Tensor plain = dequantized(encoding->codes, encoding->scale, encoding->zeroPoint, axis);
    for (std::size_t o = 0; o < matrix.outputs; ++o)
      for (std::size_t i = 0; i < matrix.inputs; ++i)
        EXPECT_EQ(meant.as<float>()[matrix.indexOf(o, i)],
                  plain.as<float>()[matrix.indexOf(o, i)] * encoding->inputScale.as<float>()[i]);
    OnnxContent content;
    content.graph.values.push_back({"w", std::nullopt, std::nullopt, {}});
    content.graph.initializers[ValueId{0}] = meant;
    EncodingWriter writer(content);
    writer.add(ValueId{0}, *encoding, DType::Float32);
    writer.finish();
    EXPECT_TRUE(
        std::ranges::equal(foldConstant(content.graph, {}, ValueId{0}).as<float>(), meant.as<float>()));
  }
}

/// Sizes on both sides of every length at which a protobuf length takes one byte more.
TEST(OnnxEncoding, SizeIsExactAtLengthBoundaries) {
  for (const std::int64_t columns : {1,   2,   3,    50,   51,   52,   53,   54,   55,   63,   64,
                                     127, 128, 2030, 2040, 2047, 2048, 4090, 4096, 8191, 8192, 8200}) {
    auto proto = smallModel();
    *proto.mutable_graph()->mutable_initializer(0) =
        floatTensor("w", {2, columns}, std::vector<float>(static_cast<std::size_t>(2 * columns), 1.0f));
    const Model model = read(proto);
    EXPECT_EQ(formatForPath("m.onnx")->sizeOf(model), written(model).size());
    for (const Kind& kind : kinds) {
      const Model cut = encoded(model, kind);
      EXPECT_EQ(formatForPath("m.onnx")->sizeOf(cut), written(cut).size()) << columns << " " << kind.element;
    }
  }
}

TEST(OnnxEncoding, ZeroPointsStayExactZerosEvenWhereAScaleIsZero) {
  const Model model = read(smallModel());
  auto encoding = std::make_shared<WeightEncoding>();
  encoding->bits = 8;
  encoding->codes = Tensor::from<std::uint8_t>({2, 2}, {0, 1, 2, 0});
  encoding->scale = Tensor::scalar(0.0f);
  encoding->zeroPoint = Tensor::scalar<std::uint8_t>(0);
  encoding->offset = Tensor::scalar(0.5f);
  Model cut = model;
  const ValueId weight = model.layers[0].weight;
  cut.encodings[weight] = encoding;
  cut.weights[weight] = dequantized(*encoding);
  EXPECT_THAT(cut.weights[weight].as<float>(), ::testing::ElementsAre(0.0f, 0.5f, 0.5f, 0.0f));
  const Model back = reread(cut);
  EXPECT_THAT(layerWeight(back, back.layers[0]).as<float>(), ::testing::ElementsAre(0.0f, 0.5f, 0.5f, 0.0f));
}

TEST(OnnxEncoding, HalfPrecisionModelsStayHalfPrecision) {
  auto proto = smallModel();
  auto& graph = *proto.mutable_graph();
  for (auto* value : {graph.mutable_input(0), graph.mutable_output(0)})
    value->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT16);
  auto& weight = *graph.mutable_initializer(0);
  weight.clear_raw_data(), weight.set_data_type(onnx::TensorProto::FLOAT16);
  for (int i = 0; i < 4; ++i) weight.add_int32_data(floatToHalf(static_cast<float>(i)));
  const Model model = read(proto);
  Model pruned = model;
  pruned.weights[model.layers[0].weight] = Tensor::from<float>({2, 2}, {0, 1, 0, 3});
  const Model back = reread(pruned);
  EXPECT_EQ(back.weights.at(back.layers[0].weight).dtype(), DType::Float16);
  EXPECT_THAT(layerWeight(back, back.layers[0]).as<float>(), ::testing::ElementsAre(0, 1, 0, 3));
  const Model quantized = reread(encoded(model, kinds[2]));
  EXPECT_EQ(quantized.graph->nodes[0].opType, "DequantizeLinear");
  EXPECT_EQ(quantized.graph->nodes[1].opType, "Cast");
  EXPECT_EQ(quantized.graph->nodes[1].intOr("to", 0), 10);
  EXPECT_EQ(constantInfo(*quantized.graph, quantized.layers[0].weight)->dtype, DType::Float16);
}

TEST(OnnxEncoding, AnOverriddenWeightLosesWhatOnlyComputedIt) {
  auto proto = smallModel();
  auto& graph = *proto.mutable_graph();
  addNode(graph, "Transpose", {"w"}, {"wt"}, "turn");
  graph.mutable_node(0)->set_input(1, "wt");
  const Model model = read(proto);
  ASSERT_EQ(model.layers.size(), 1u);
  Model cut = model;
  cut.weights[model.layers[0].weight] = Tensor::from<float>({2, 2}, {9, 8, 7, 6});
  const Model back = reread(cut);
  ASSERT_EQ(back.graph->nodes.size(), 1u);
  EXPECT_EQ(back.graph->initializers.size(), 1u);
  EXPECT_THAT(layerWeight(back, back.layers[0]).as<float>(), ::testing::ElementsAre(9, 8, 7, 6));
}

TEST(OnnxEncoding, NewNamesAvoidTakenOnes) {
  auto proto = smallModel();
  *proto.mutable_graph()->add_initializer() = floatTensor("w_q", {1}, {1});
  addNode(*proto.mutable_graph(), "Mul", {"y", "w_q"}, {"w_scale"});
  EXPECT_NO_THROW(reread(encoded(read(proto), kinds[5])));
}

TEST(OnnxEncoding, ModelsWithoutAGraphHaveNoOnnxForm) {
  const Model weights = reread(read(smallModel()), ".safetensors");
  try {
    written(weights, ".onnx");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Unsupported);
    EXPECT_STREQ(error.what(),
                 "an ONNX file needs a graph, and this model has weights only: choose .safetensors or .npz");
  }
}

}  // namespace
}  // namespace lapidary::core::testing
