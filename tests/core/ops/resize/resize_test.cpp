// SPDX-License-Identifier: GPL-3.0-or-later
// Resize, Upsample, DepthToSpace and SpaceToDepth beyond the ONNX cases: older forms, options, gradients.
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

const Tensor ramp = floats({1, 1, 2, 2}, {1, 2, 3, 4});
const Tensor doubled = floats({4}, {1, 1, 2, 2});

TEST(Resize, OlderFormsRoundDown) {
  const Tensor expected = floats({1, 1, 4, 4}, {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4});
  EXPECT_TRUE(
      isClose(runOp("Upsample", {ramp}, {{"scales", std::vector<float>{1, 1, 2, 2}}}, 7)[0], expected));
  EXPECT_TRUE(isClose(runOp("Upsample", {ramp, doubled}, {}, 9)[0], expected));
  EXPECT_TRUE(isClose(runOp("Resize", {ramp, doubled}, {}, 10)[0], expected));
  EXPECT_TRUE(isClose(runOp("Resize", {ramp, Tensor(), doubled}, {}, 13)[0], expected));
}

TEST(Resize, OtherTypesKeepTheirType) {
  for (const DType type : {DType::UInt8, DType::Int32, DType::Float64, DType::Float16}) {
    const Tensor result =
        runOp("Resize", {convert(ramp, type), Tensor(), doubled},
              {{"mode", text("linear")}, {"coordinate_transformation_mode", text("asymmetric")}}, 13)[0];
    EXPECT_EQ(result.dtype(), type);
    EXPECT_EQ(toFloat32(result).as<float>()[0], 1.0f);
    EXPECT_EQ(toFloat32(result).as<float>()[15], 4.0f);
  }
}

TEST(Resize, AntialiasWidensTheKernel) {
  // Halving by a triangle of half width 2 keeps a ramp away from the borders; at them the kernel is cut
  // and normalised. The same as PyTorch's interpolate(mode="bilinear", antialias=True).
  const Tensor x = floats({1, 1, 1, 8}, {0, 1, 2, 3, 4, 5, 6, 7});
  const Tensor result =
      runOp("Resize", {x, Tensor(), floats({4}, {1, 1, 1, 0.5f})},
            {{"mode", text("linear")}, {"antialias", number(1)}, {"exclude_outside", number(1)}}, 18)[0];
  EXPECT_TRUE(isClose(result, floats({1, 1, 1, 4}, {5.0f / 7, 2.5f, 4.5f, 7 - 5.0f / 7}), 1e-5, 1e-5));
}

TEST(Resize, AxesAndAspectRatio) {
  const Tensor x = randomTensor({2, 3, 4, 6}, 1);
  EXPECT_EQ(runOp("Resize", {x, Tensor(), floats({1}, {0.5f})}, {{"axes", ints({3})}}, 18)[0].shape(),
            (Shape{2, 3, 4, 3}));
  const Attributes larger{{"axes", ints({2, 3})}, {"keep_aspect_ratio_policy", text("not_larger")}};
  EXPECT_EQ(runOp("Resize", {x, Tensor(), Tensor(), int64s({8, 9})}, larger, 18)[0].shape(),
            (Shape{2, 3, 6, 9}));
  const Attributes smaller{{"axes", ints({2, 3})}, {"keep_aspect_ratio_policy", text("not_smaller")}};
  EXPECT_EQ(runOp("Resize", {x, Tensor(), Tensor(), int64s({8, 9})}, smaller, 18)[0].shape(),
            (Shape{2, 3, 8, 12}));
}

TEST(Resize, ArgumentsAreChecked) {
  const auto resize = [](std::vector<Tensor> inputs, Attributes attributes = {}) {
    runOp("Resize", inputs, std::move(attributes), 13);
  };
  expectError(
      [&] {
        resize({ramp, Tensor(), floats({2}, {1, 2})});
      },
      "input 2 (scales): holds 2 values, 4 expected");
  expectError([&] { resize({ramp, Tensor(), floats({4}, {1, 1, 0, 1})}); }, "input 2 (scales)");
  expectError([&] { resize({ramp, Tensor(), floats({4}, {1, 1, 1e20f, 1})}); }, "input 2 (scales)");
  expectError([&] { resize({ramp, Tensor(), floats({4}, {1, 1, 60000, 60000})}); }, "2^31");
  expectError([&] { resize({ramp, Tensor(), Tensor(), int64s({1, 1, -2, 2})}); }, "negative");
  expectError([&] { resize({ramp}); }, "either scales or sizes");
  expectError([&] { resize({ramp, Tensor(), doubled}, {{"mode", text("area")}}); }, "'mode'");
  expectError([&] { resize({ramp, Tensor(), doubled}, {{"nearest_mode", text("odd")}}); }, "'nearest_mode'");
  expectError(
      [&] {
        resize({ramp, Tensor(), doubled}, {{"coordinate_transformation_mode", text("odd")}});
      },
      "'coordinate_transformation_mode'");
  expectError(
      [&] {
        runOne("DepthToSpace", {randomTensor({1, 6, 2, 2}, 1)}, {{"blocksize", number(2)}});
      },
      "6 channels");
  expectError(
      [&] {
        runOne("SpaceToDepth", {randomTensor({1, 6, 3, 2}, 1)}, {{"blocksize", number(2)}});
      },
      "multiple of the block");
  expectError([&] { runOne("SpaceToDepth", {randomTensor({1, 6, 3, 2}, 1)}); }, "blocksize");
}

TEST(Resize, DepthAndSpaceAreInverse) {
  const Tensor x = randomTensor({2, 3, 4, 6}, 1);
  const Attributes block{{"blocksize", number(2)}};
  EXPECT_TRUE(isClose(runOne("DepthToSpace", {runOne("SpaceToDepth", {x}, block)}, block), x, 0, 0));
}

TEST(Resize, GradientsAgreeWithDifferences) {
  const Tensor x = randomTensor({1, 2, 3, 4}, 1);
  for (const char* mode : {"nearest", "linear", "cubic"})
    for (const char* coordinates : {"half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"})
      for (const float scale : {0.6f, 1.7f, 2.0f})
        checkGradients({std::string(mode) + coordinates,
                        "Resize",
                        {x, Tensor(), floats({4}, {1, 1, scale, 2})},
                        {{"mode", text(mode)}, {"coordinate_transformation_mode", text(coordinates)}},
                        13,
                        1,
                        {2}});
  checkGradients({"Upsample", "Upsample", {x, doubled}, {{"mode", text("linear")}}, 9, 1, {1}});
  const Tensor deep = randomTensor({1, 8, 2, 3}, 2);
  checkGradients({"DepthToSpace", "DepthToSpace", {deep}, {{"blocksize", number(2)}}});
  checkGradients(
      {"DepthToSpaceCRD", "DepthToSpace", {deep}, {{"blocksize", number(2)}, {"mode", text("CRD")}}});
  checkGradients(
      {"SpaceToDepth", "SpaceToDepth", {randomTensor({1, 2, 4, 6}, 3)}, {{"blocksize", number(2)}}});
}

}  // namespace
}  // namespace lapidary::core::testing
