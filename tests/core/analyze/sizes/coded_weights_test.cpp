// SPDX-License-Identifier: GPL-3.0-or-later
// A weight that comes as codes and is only pruned, or cut to bits that it has, stays in the codes of the
// file: what is shown is what is written, in answers and in bytes.
#include "tests/support/coded_weights.h"

#include <gtest/gtest.h>

#include "core/analyze/sizes/footprint.h"
#include "core/io/common/format.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

using tests::CodedModel;
using tests::CodedWeight;

struct Written {
  Model model;
  std::uint64_t bytes;
};

Written written(const Model& model, const std::string& name = "model.onnx") {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/" + name;
  writeModel(model, path);
  return {readModel(path), std::filesystem::file_size(path)};
}

/// As it is written anew: nodes that hold constants are none any more.
Written coded(const CodedWeight& form) { return written(written(CodedModel(form).model()).model); }

Tensor answer(const Model& model, const Tensor& x) {
  return Executor(model, {}).run(model, std::vector<Tensor>{x}).outputs.at(0);
}

/// What a file spends on constants.
std::uint64_t tensorBytes(const Model& model) {
  std::uint64_t bytes = 0;
  for (const auto& [id, tensor] : model.graph->initializers) bytes += tensor.bytes().size();
  return bytes;
}

Recipe recipeFor(const Model& model, double sparsity, const Quantize& quantize = {}) {
  return uniformRecipe(model, {sparsity, true, quantize});
}

class CodedWeightOf : public ::testing::TestWithParam<CodedWeight> {};

TEST_P(CodedWeightOf, IsPrunedInItsCodes) {
  const Written whole = coded(GetParam());
  const Tensor x = CodedModel(GetParam()).input();
  const Cutter cutter(whole.model);
  const FootprintMeter meter(cutter);
  ASSERT_EQ(cutter.original().layers.size(), 1u);
  const Recipe recipe = recipeFor(cutter.original(), 0.5);
  const Footprint shown = meter.measure(recipe);
  const Model cut = cutter.apply(recipe);
  const Written again = written(cut);
  EXPECT_EQ(shown.fileBefore, whole.bytes);
  EXPECT_EQ(shown.fileAfter, again.bytes);
  EXPECT_EQ(again.bytes, whole.bytes) << "zeros take what the codes took";
  EXPECT_EQ(shown.layers[0].bytesAfter, shown.layers[0].bytesBefore);
  EXPECT_EQ(shown.layers[0].bits, bitsOf(GetParam().codes));
  EXPECT_EQ(meter.measure({}).layers[0].bits, bitsOf(GetParam().codes));
  EXPECT_EQ(tensorBytes(again.model), tensorBytes(whole.model));
  const Layer& layer = again.model.layers.at(0);
  EXPECT_TRUE(testing::sameBits(layerWeight(again.model, layer), cut.weights.at(cut.layers[0].weight)));
  // The run computes in float32 what the file has rounded to 16 bits.
  const double apart = GetParam().scale == DType::Float32 ? 0 : 5e-3;
  EXPECT_LE(testing::largestDifference(answer(again.model, x), answer(cut, x)), apart);
  EXPECT_GT(testing::largestDifference(answer(again.model, x), answer(whole.model, x)), 1e-3);
}

TEST_P(CodedWeightOf, IsNotCutAgainToTheBitsThatItHas) {
  const Written whole = coded(GetParam());
  const Cutter cutter(whole.model);
  const FootprintMeter meter(cutter);
  const auto bits = static_cast<int>(bitsOf(GetParam().codes));
  for (const Scheme scheme : {Scheme::Symmetric, Scheme::Affine, Scheme::MinMax})
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group}) {
      const Recipe recipe = recipeFor(cutter.original(), 0, {scheme, bits, granularity, 0, 32});
      const Footprint shown = meter.measure(recipe);
      const Written again = written(cutter.apply(recipe));
      EXPECT_EQ(shown.fileAfter, again.bytes);
      EXPECT_EQ(again.bytes, whole.bytes);
      EXPECT_FALSE(shown.layers[0].snrDb) << "nothing was lost";
      EXPECT_NE(shown.layers[0].note, "") << "that nothing was done is said";
      EXPECT_TRUE(testing::sameBits(layerWeight(again.model, again.model.layers.at(0)),
                                    layerWeight(whole.model, whole.model.layers.at(0))));
    }
}

TEST_P(CodedWeightOf, IsCutToFewerBits) {
  if (bitsOf(GetParam().codes) <= 4) return;
  const Written whole = coded(GetParam());
  const Cutter cutter(whole.model);
  const Recipe recipe = recipeFor(cutter.original(), 0, {Scheme::Symmetric, 4, Granularity::Channel, 0});
  const Written again = written(cutter.apply(recipe));
  EXPECT_LT(again.bytes, whole.bytes);
  EXPECT_EQ(FootprintMeter(cutter).measure(recipe).fileAfter, again.bytes);
}

INSTANTIATE_TEST_SUITE_P(Kinds, CodedWeightOf, ::testing::ValuesIn(tests::codedWeights()),
                         [](const auto& each) { return each.param.name; });

/// Types that nothing rounds to here, and scales of fewer bits.
INSTANTIATE_TEST_SUITE_P(
    Rare, CodedWeightOf,
    ::testing::Values(CodedWeight{"floats", "Gemm", DType::Float8E4M3, 0},
                      CodedWeight{"floats_in_blocks", "MatMul", DType::Float8E5M2, 0, 32},
                      CodedWeight{"four_bit_floats", "Gemm", DType::Float4E2M1, 1, 32},
                      CodedWeight{"two_bits", "Gemm", DType::UInt2, 1, 32, true},
                      CodedWeight{"half_scales", "Gemm", DType::UInt4, 1, 32, true, "", DType::Float16}),
    [](const auto& each) { return each.param.name; });

/// Two weights out of one constant: each has to be written for itself once they differ.
TEST(CodedWeights, OfOneConstantAreCutApart) {
  testing::GraphBuilder b(21);
  const ValueId x = b.input("x", {3, 96});
  const ValueId codes = b.weight("codes", tests::drawnCodes({96, 10}, DType::Int8, 1));
  const auto product = [&](const std::string& scale, unsigned seed) {
    return b.node("MatMul", {x, b.node("DequantizeLinear",
                                       {codes, b.weight(scale, testing::randomTensor({10}, seed))})});
  };
  b.output(b.node("Add", {product("s0", 2), product("s1", 3)}));
  const Cutter cutter(written(b.model()).model);
  Recipe recipe;
  recipe.set(cutter.original().layers.at(0).name, {{PruneMode::Sparsity, 0.5}, {}});
  const Model cut = cutter.apply(recipe);
  const Written again = written(cut);
  const Tensor input = testing::randomTensor({3, 96}, 9);
  EXPECT_TRUE(testing::sameBits(answer(again.model, input), answer(cut, input)));
  EXPECT_EQ(FootprintMeter(cutter).measure(recipe).fileAfter, again.bytes);
}

/// Files without a graph that were written here.
TEST(CodedWeights, OfAFileWithoutAGraphStayCodes) {
  for (const Scheme scheme : {Scheme::Symmetric, Scheme::Affine, Scheme::NormalFloat, Scheme::Float8E4M3})
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
      for (const std::string name : {"model.safetensors", "model.npz"}) {
        testing::GraphBuilder b;
        b.weight("w", testing::randomTensor({24, 64}, 1));
        const Cutter first(written(b.model(), name).model);
        const Written coded =
            written(first.apply(recipeFor(first.original(), 0, {scheme, 4, granularity, 0, 32})), name);
        const Cutter cutter(coded.model);
        const Recipe pruned = recipeFor(cutter.original(), 0.5);
        const Model cut = cutter.apply(pruned);
        const Written again = written(cut, name);
        EXPECT_EQ(again.bytes, coded.bytes) << name;
        EXPECT_TRUE(testing::sameBits(layerWeight(again.model, again.model.layers.at(0)),
                                      cut.weights.at(cut.layers.at(0).weight)));
      }
}

/// Repaired values are no longer those of the codes.
TEST(CodedWeights, ThatWereReplacedAreWrittenAsTheyAre) {
  Model model = written(CodedModel({"", "Gemm", DType::Int8, 0}).model()).model;
  const Layer& layer = model.layers.at(0);
  model.weights[layer.weight] = testing::randomTensor(layer.shape, 4);
  const Cutter cutter(model);
  const Model cut = cutter.apply(recipeFor(model, 0.5));
  const Written again = written(cut);
  EXPECT_TRUE(
      testing::sameBits(layerWeight(again.model, again.model.layers.at(0)), cut.weights.at(layer.weight)));
}

}  // namespace
}  // namespace lapidary::core
