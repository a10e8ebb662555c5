// SPDX-License-Identifier: GPL-3.0-or-later
// What operators meant before opset 7, and gradients that only some networks ask for.
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

TEST(OldOpsets, OperandsMeetAtAnAxis) {
  const Tensor x = randomTensor({2, 3, 4, 5}, 1), b = randomTensor({3, 4}, 2);
  const Tensor aligned = b.reshaped({3, 4, 1});
  const Attributes old{{"broadcast", number(1)}, {"axis", number(1)}, {"consumed_inputs", ints({0, 0})}};
  for (const char* type : {"Add", "Sub", "Mul", "Div"})
    EXPECT_TRUE(isClose(runOne(type, {x, b}, old, 6), runOne(type, {x, aligned}))) << type;
  EXPECT_TRUE(isClose(runOne("Greater", {x, b}, old, 6), runOne("Greater", {x, aligned})));
  Attributes fromBehind = old;
  fromBehind["axis"] = number(-3);
  EXPECT_TRUE(isClose(runOne("Add", {x, b}, fromBehind, 6), runOne("Add", {x, aligned})));
  Attributes outside = old;
  outside["axis"] = number(9);
  expectError([&] { runOne("Add", {x, b}, outside, 6); }, "axis 9");
  const Tensor slope = randomTensor({3}, 3);
  EXPECT_TRUE(isClose(runOne("PRelu", {x, slope}, {}, 6), runOne("PRelu", {x, slope.reshaped({3, 1, 1})})));
}

TEST(OldOpsets, FormsOfTheirOwn) {
  const Tensor x = randomTensor({1, 1, 2, 2}, 1);
  EXPECT_EQ(runOne("Cast", {x}, {{"to", text("INT64")}}, 1).dtype(), DType::Int64);
  EXPECT_EQ(runOne("Cast", {x}, {{"to", text("DOUBLE")}}, 5).dtype(), DType::Float64);
  expectError([&] { runOne("Cast", {x}, {{"to", text("STRING")}}, 1); }, "'STRING'");
  EXPECT_EQ(runOne("Upsample", {x}, {{"height_scale", 2.0f}, {"width_scale", 3.0f}}, 1).shape(),
            (Shape{1, 1, 4, 6}));
  expectError([&] { runOne("Upsample", {x}, {}, 1); }, "scales");
  const auto parts = runOp("Split", {randomTensor({5, 2}, 2), int64s({2, 3})}, {}, 1, 2);
  EXPECT_EQ(parts[1].shape(), (Shape{3, 2}));
  const Tensor six = Tensor::scalar(6.0f);
  EXPECT_EQ(runOne("Selu", {six}, {}, 1).as<float>()[0], 1.0507f * 6);
  EXPECT_NE(runOne("Selu", {six}, {}, 6).as<float>()[0], 1.0507f * 6);
  EXPECT_TRUE(isClose(runOne("GlobalLpPool", {x}, {{"p", 2.0f}}, 1),
                      runOne("GlobalLpPool", {x}, {{"p", number(2)}})));
}

TEST(OldOpsets, BatchNormalizationOfEveryPosition) {
  const Tensor x = randomTensor({3, 2, 2}, 1), scale = randomTensor({2, 2}, 2),
               bias = randomTensor({2, 2}, 3), mean = randomTensor({2, 2}, 4),
               variance = randomTensor({2, 2}, 5, 0.5f, 2);
  const Tensor y = runOne("BatchNormalization", {x, scale, bias, mean, variance},
                          {{"spatial", number(0)}, {"epsilon", 0.0f}}, 7);
  const Tensor normal = runOne("Div", {runOne("Sub", {x, mean}), runOne("Sqrt", {variance})});
  EXPECT_TRUE(isClose(y, runOne("Add", {runOne("Mul", {normal, scale}), bias}), 1e-4, 1e-5));
}

TEST(Gradients, OfLocalNormalisationsAndPools) {
  const Tensor x = randomTensor({2, 5, 3, 4}, 1, 0.3f, 1.5f);
  const Tensor mixed = separatedTensor({2, 5, 2, 3}, 2);
  for (const std::int64_t size : {1, 2, 3, 8})
    checkGradients({"LRN" + std::to_string(size),
                    "LRN",
                    {mixed},
                    {{"size", number(size)}, {"alpha", 0.5f}, {"beta", 0.7f}}});
  for (const std::int64_t p : {1, 2})
    for (const std::int64_t axis : {1, -1})
      checkGradients(
          {"LpNormalization", "LpNormalization", {mixed}, {{"p", number(p)}, {"axis", number(axis)}}});
  checkGradients({"MeanVariance", "MeanVarianceNormalization", {mixed}, {{"axes", ints({0, 3})}}});
  checkGradients({"MeanVarianceUsual", "MeanVarianceNormalization", {mixed}});
  checkGradients({"RMS", "RMSNormalization", {x, randomTensor({4}, 3)}, {}, 23});
  checkGradients({"RMSAxes", "RMSNormalization", {x, randomTensor({3, 4}, 3)}, {{"axis", number(2)}}, 23});
  for (const std::int64_t p : {1, 2, 3}) {
    checkGradients({"LpPool", "LpPool", {mixed}, {{"p", number(p)}, {"kernel_shape", ints({2, 2})}}});
    checkGradients({"GlobalLpPool", "GlobalLpPool", {mixed}, {{"p", number(p)}}});
  }
}

TEST(Gradients, OfEinsum) {
  const auto check = [](const char* equation, std::vector<Shape> shapes) {
    GradientCase row{"Einsum", "Einsum", {}, {{"equation", text(equation)}}};
    for (const Shape& shape : shapes)
      row.inputs.push_back(randomTensor(shape, static_cast<unsigned>(row.inputs.size() + 1)));
    SCOPED_TRACE(equation);
    checkGradients(row);
  };
  check("ij,jk->ik", {{3, 4}, {4, 2}});
  check("bhid,bhjd->bhij", {{2, 2, 3, 4}, {2, 2, 5, 4}});
  check("...ij,...jk->...ik", {{2, 3, 4}, {2, 4, 2}});
  check("...ij,...jk->...ik", {{2, 3, 4}, {1, 4, 2}});
  check("ii->i", {{4, 4}});
  check("ii,i->", {{3, 3}, {3}});
  check("ij->j", {{3, 4}});
  check("ij,k->k", {{3, 4}, {2}});
  check("bij,bjk,bkl->bil", {{2, 3, 4}, {2, 4, 2}, {2, 2, 3}});
}

}  // namespace
}  // namespace lapidary::core::testing
