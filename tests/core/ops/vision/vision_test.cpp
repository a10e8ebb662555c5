// SPDX-License-Identifier: GPL-3.0-or-later
// NonMaxSuppression, RoiAlign, MaxRoiPool, GridSample and AffineGrid against loops and by hand.
#include "tests/core/ops/op_testing.h"

namespace lapidary::core::testing {
namespace {

/// One image of one channel between its pixels, zero outside.
double between(const Tensor& x, double row, double column) {
  const std::int64_t height = x.shape()[2], width = x.shape()[3];
  double sum = 0;
  for (std::int64_t i = 0; i < height; ++i)
    for (std::int64_t j = 0; j < width; ++j)
      sum += valueAt(x, i * width + j) * std::max(0.0, 1 - std::abs(row - static_cast<double>(i))) *
             std::max(0.0, 1 - std::abs(column - static_cast<double>(j)));
  return sum;
}

TEST(GridSample, LinearIsTheTriangleAroundEachPosition) {
  const Tensor x = randomTensor({1, 1, 4, 5}, 1), grid = randomTensor({1, 3, 7, 2}, 2, -1.4f, 1.4f);
  for (const bool corners : {false, true}) {
    const Tensor y = runOne("GridSample", {x, grid}, {{"align_corners", number(corners)}}, 20);
    ASSERT_EQ(y.shape(), (Shape{1, 1, 3, 7}));
    for (std::int64_t i = 0; i < 21; ++i) {
      const double column =
          corners ? (valueAt(grid, 2 * i) + 1) / 2 * 4 : ((valueAt(grid, 2 * i) + 1) * 5 - 1) / 2;
      const double row =
          corners ? (valueAt(grid, 2 * i + 1) + 1) / 2 * 3 : ((valueAt(grid, 2 * i + 1) + 1) * 4 - 1) / 2;
      EXPECT_NEAR(valueAt(y, i), between(x, row, column), 1e-5) << i;
    }
  }
}

TEST(GridSample, ModesAndPaddingsAsInPyTorch) {
  const Tensor x = floats({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor grid = floats({1, 1, 3, 2}, {-1.5f, -0.2f, 0.3f, 1.7f, 2.1f, 0.4f});
  struct Row {
    const char *mode, *padding;
    float expected[3];
  };
  constexpr Row rows[] = {
      {"nearest", "zeros", {0, 0, 0}},
      {"nearest", "border", {1, 5, 6}},
      {"nearest", "reflection", {1, 5, 5}},
      {"bilinear", "zeros", {0, 0, 0}},
      {"bilinear", "border", {1.9f, 5.45f, 5.7f}},
      {"bilinear", "reflection", {2.15f, 4.85f, 4.55f}},
      {"bicubic", "zeros", {-0.22530763f, -0.58052063f, 0}},
      {"bicubic", "border", {1.83700013f, 5.5459094f, 5.7540011f}},
      {"bicubic", "reflection", {2.0284064f, 5.0179081f, 4.5450325f}},
  };
  for (const Row& row : rows)
    EXPECT_TRUE(isClose(
        runOne("GridSample", {x, grid}, {{"mode", text(row.mode)}, {"padding_mode", text(row.padding)}}, 16),
        Tensor::from<float>({1, 1, 1, 3}, row.expected), 1e-5, 1e-5))
        << row.mode << ' ' << row.padding;
}

TEST(GridSample, PositionsThatAreNoNumbersGiveZero) {
  const Tensor x = randomTensor({1, 1, 3, 3}, 3);
  const Tensor grid = floats({1, 1, 3, 2}, {NAN, 0, INFINITY, 0, 1e30f, -1e30f});
  for (const char* mode : {"linear", "nearest", "cubic"}) {
    const Tensor y = runOne("GridSample", {x, grid}, {{"mode", text(mode)}}, 20);
    for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(valueAt(y, i), 0) << mode << i;
    for (const char* padding : {"border", "reflection"})
      EXPECT_NO_THROW(
          runOne("GridSample", {x, grid}, {{"mode", text(mode)}, {"padding_mode", text(padding)}}, 20));
  }
}

TEST(GridSample, IdentityOfAnAffineGridGivesTheImageBack) {
  const Tensor flat = floats({1, 2, 3}, {1, 0, 0, 0, 1, 0});
  const Tensor deep = floats({1, 3, 4}, {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0});
  for (const bool corners : {false, true}) {
    const Attributes attributes{{"align_corners", number(corners)}};
    const Tensor image = randomTensor({1, 2, 4, 5}, 4), volume = randomTensor({1, 2, 3, 4, 5}, 5);
    const Tensor plane = runOne("AffineGrid", {flat, int64s({1, 2, 4, 5})}, attributes, 20);
    const Tensor space = runOne("AffineGrid", {deep, int64s({1, 2, 3, 4, 5})}, attributes, 20);
    for (const char* mode : {"linear", "nearest", "cubic"}) {
      Attributes sampling = attributes;
      sampling["mode"] = text(mode);
      sampling["padding_mode"] = text("border");
      EXPECT_TRUE(isClose(runOne("GridSample", {image, plane}, sampling, 20), image, 1e-4, 1e-5)) << mode;
      EXPECT_TRUE(isClose(runOne("GridSample", {volume, space}, sampling, 20), volume, 1e-4, 1e-5)) << mode;
    }
  }
}

TEST(GridSample, ArgumentsAreChecked) {
  const Tensor x = randomTensor({1, 1, 3, 3}, 3), grid = randomTensor({1, 2, 2, 2}, 4);
  const auto sample = [](std::vector<Tensor> inputs, Attributes attributes = {}) {
    runOne("GridSample", inputs, std::move(attributes), 20);
  };
  expectError([&] { sample({x, grid}, {{"mode", text("odd")}}); }, "'mode'");
  expectError([&] { sample({x, grid}, {{"padding_mode", text("odd")}}); }, "'padding_mode'");
  expectError([&] { sample({x, randomTensor({1, 2, 2, 3}, 1)}); }, "input 1 (grid)");
  expectError([&] { sample({x, randomTensor({2, 2, 2, 2}, 1)}); }, "input 1 (grid)");
  const Tensor theta = randomTensor({1, 2, 3}, 1);
  expectError([&] { runOne("AffineGrid", {theta, int64s({1, 1, -4, 4})}, {}, 20); }, "negative");
  expectError([&] { runOne("AffineGrid", {theta, int64s({1, 1, 1 << 20, 1 << 20})}, {}, 20); }, "2^31");
  expectError(
      [&] {
        runOne("AffineGrid", {theta, int64s({1, 0, std::int64_t{1} << 40, 1})}, {}, 20);
      },
      "2^31");
  expectError([&] { runOne("AffineGrid", {theta, int64s({2, 1, 4, 4})}, {}, 20); }, "theta");
}

TEST(NonMaxSuppression, KeepsTheBestOfThoseThatOverlap) {
  const Tensor boxes = floats({1, 4, 4}, {0, 0, 1, 1, 0, 0.1f, 1, 1.1f, 1, 1, 0, 0, 5, 5, 6, 6});
  const Tensor scores = floats({1, 1, 4}, {0.5f, 0.9f, 0.9f, 0.2f});
  const auto run = [&](std::int64_t most, float overlap, float score) {
    return runOne("NonMaxSuppression",
                  {boxes, scores, Tensor::scalar(most), Tensor::scalar(overlap), Tensor::scalar(score)});
  };
  const auto rows = [](std::initializer_list<std::int64_t> kept) {
    std::vector<std::int64_t> values;
    for (const std::int64_t i : kept) values.insert(values.end(), {0, 0, i});
    return Tensor::from<std::int64_t>({static_cast<std::int64_t>(kept.size()), 3}, values);
  };
  EXPECT_TRUE(isClose(run(9, 0.5f, 0), rows({1, 3})));
  EXPECT_TRUE(isClose(run(9, 0.9f, 0), rows({1, 2, 3})));  // 0 is the box of 2
  EXPECT_TRUE(isClose(run(9, 0.5f, 0.3f), rows({1})));
  EXPECT_TRUE(isClose(run(1, 0.5f, 0), rows({1})));
  EXPECT_EQ(run(0, 0.5f, 0).shape(), (Shape{0, 3}));
  EXPECT_EQ(run(-7, 0.5f, 0).shape(), (Shape{0, 3}));
  EXPECT_NO_THROW(run(std::int64_t{1} << 60, 0.5f, 0));
  expectError([&] { run(9, 1.5f, 0); }, "iou_threshold");
  expectError(
      [&] {
        runOne("NonMaxSuppression", {floats({1, 1, 3}, {1, 2, 3}), scores});
      },
      "input 0 (boxes)");
  expectError(
      [&] {
        runOne("NonMaxSuppression", {boxes, floats({1, 1, 3}, {1, 2, 3})});
      },
      "input 1 (scores)");
}

TEST(RoiAlign, AveragesSamplesOfEachBin) {
  const Tensor x = randomTensor({1, 1, 6, 7}, 7), rois = floats({1, 4}, {1, 0.5f, 5.5f, 4.5f});
  const Tensor batch = int64s({0});
  const Tensor y =
      runOne("RoiAlign", {x, rois, batch},
             {{"output_height", number(2)}, {"output_width", number(3)}, {"sampling_ratio", number(2)}}, 16);
  ASSERT_EQ(y.shape(), (Shape{1, 1, 2, 3}));
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) {
      double sum = 0;
      for (const double a : {0.25, 0.75})
        for (const double b : {0.25, 0.75}) sum += between(x, 0 + 2 * (i + a), 0.5 + 1.5 * (j + b)) / 4;
      EXPECT_NEAR(valueAt(y, i * 3 + j), sum, 1e-5);
    }
}

TEST(RoiAlign, ArgumentsAreChecked) {
  const Tensor x = randomTensor({1, 1, 6, 7}, 7), rois = floats({1, 4}, {1, 1, 4, 4}), batch = int64s({0});
  const auto align = [](std::vector<Tensor> inputs, Attributes attributes = {}) {
    runOne("RoiAlign", inputs, std::move(attributes), 16);
  };
  expectError([&] { align({x, rois, int64s({1})}); }, "input 2 (batch_indices)");
  expectError([&] { align({x, rois, int64s({0, 0})}); }, "2 values for 1 regions");
  expectError([&] { align({x, rois, batch}, {{"output_height", number(-1)}}); }, "'output_height'");
  expectError(
      [&] {
        align({x, rois, batch}, {{"output_height", number(1 << 20)}, {"output_width", number(1 << 20)}});
      },
      "2^31");
  expectError(
      [&] {
        align({x, rois, batch}, {{"sampling_ratio", number(1 << 22)}});
      },
      "samples along an axis");
  expectError([&] { align({x, floats({1, 4}, {0, 0, 1e30f, 1}), batch}); }, "samples along an axis");
  expectError([&] { align({x, floats({1, 4}, {0, 0, NAN, 1}), batch}); }, "not finite");
  expectError([&] { align({x, rois, batch}, {{"mode", text("odd")}}); }, "'mode'");
  const Tensor five = floats({1, 5}, {0, 1, 1, 4, 4});
  const auto pool = [](std::vector<Tensor> inputs, std::vector<std::int64_t> shape) {
    return runOne("MaxRoiPool", inputs, {{"pooled_shape", ints(std::move(shape))}});
  };
  expectError([&] { pool({x, five}, {2, -2}); }, "'pooled_shape'");
  expectError([&] { pool({x, five}, {1 << 20, 1 << 20}); }, "2^31");
  expectError([&] { pool({x, floats({1, 5}, {3, 1, 1, 4, 4})}, {2, 2}); }, "names image");
  expectError([&] { pool({x, rois}, {2, 2}); }, "input 1 (rois)");
}

TEST(MaxRoiPool, TakesTheLargestOfEachBin) {
  const Tensor x = floats({1, 1, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  const Tensor y = runOne("MaxRoiPool", {x, floats({2, 5}, {0, 0, 0, 3, 1, 0, 9, 9, 12, 12})},
                          {{"pooled_shape", ints({2, 2})}});
  EXPECT_TRUE(isClose(y, floats({2, 1, 2, 2}, {2, 4, 6, 8, 0, 0, 0, 0})));
}

}  // namespace
}  // namespace lapidary::core::testing
