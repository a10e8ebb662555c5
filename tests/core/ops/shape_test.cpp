// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes, transposition, casts and generated tensors.
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

/// Element by element, one dimension at a time.
Tensor naiveTranspose(const Tensor& data, const std::vector<std::int64_t>& perm) {
  Shape shape;
  for (const std::int64_t axis : perm) shape.push_back(data.shape()[static_cast<std::size_t>(axis)]);
  TensorBuilder out(DType::Float32, shape);
  for (std::int64_t i = 0; i < data.size(); ++i) {
    std::int64_t rest = i;
    std::vector<std::int64_t> position(shape.size());
    for (std::size_t d = shape.size(); d-- > 0; rest /= data.shape()[d]) position[d] = rest % data.shape()[d];
    std::int64_t to = 0;
    for (std::size_t d = 0; d < shape.size(); ++d)
      to = to * shape[d] + position[static_cast<std::size_t>(perm[d])];
    out.as<float>()[static_cast<std::size_t>(to)] = data.as<float>()[static_cast<std::size_t>(i)];
  }
  return std::move(out).build();
}

TEST(Shape, TransposeMatchesANaiveLoopForEveryPermutation) {
  for (const Shape& shape :
       {Shape{2, 3, 17, 5}, Shape{1, 33, 18, 1}, Shape{19, 1, 2, 35}, Shape{2, 1, 1, 3}}) {
    const Tensor data = randomTensor(shape, 1);
    std::vector<std::int64_t> perm{0, 1, 2, 3};
    do {
      const Tensor expected = naiveTranspose(data, perm);
      EXPECT_TRUE(isClose(runOne("Transpose", {data}, {{"perm", ints(perm)}}), expected, 0, 0));
      for (const DType type : {DType::Float64, DType::Float16, DType::Int8, DType::Int4})
        EXPECT_TRUE(isClose(runOne("Transpose", {convert(data, type)}, {{"perm", ints(perm)}}),
                            convert(expected, type), 0, 0));
    } while (std::ranges::next_permutation(perm).found);
  }
  EXPECT_EQ(runOne("Transpose", {randomTensor({2, 0, 3}, 1)}).shape(), (Shape{3, 0, 2}));
  expectError(
      [] {
        runOne("Transpose", {randomTensor({2, 3}, 1)}, {{"perm", ints({0, 0})}});
      },
      "given twice");
  expectError([] { runOne("Transpose", {randomTensor({2, 3}, 1)}, {{"perm", ints({0})}}); }, "perm");
}

TEST(Shape, ReshapeWorksOutOpenDimensions) {
  const Tensor x = randomTensor({2, 3, 4}, 1);
  EXPECT_EQ(runOne("Reshape", {x, int64s({0, -1})}).shape(), (Shape{2, 12}));
  EXPECT_EQ(runOne("Reshape", {randomTensor({0, 3}, 1), int64s({3, 0})}, {{"allowzero", number(1)}}).shape(),
            (Shape{3, 0}));
  expectError([&] { runOne("Reshape", {x, int64s({-1, -1})}); }, "input 1 (shape): leaves two");
  expectError([&] { runOne("Reshape", {x, int64s({5, -1})}); }, "does not divide");
  expectError([&] { runOne("Reshape", {x, int64s({-2, 12})}); }, "dimension of -2");
  expectError([&] { runOne("Reshape", {x, int64s({1, 1, 1, 0})}); }, "copies axis 3");
  expectError([&] { runOne("Reshape", {x, int64s({7})}); }, "cannot reshape");
  expectError(
      [&] {
        runOne("Reshape", {x, int64s({4611686018427387904, 4, -1})});
      },
      "more elements than can be counted");
}

TEST(Shape, AxesComeAsAttributeOrInput) {
  const Tensor x = randomTensor({1, 3, 1}, 1);
  EXPECT_EQ(runOp("Squeeze", {x}, {{"axes", ints({-1})}}, 11)[0].shape(), (Shape{1, 3}));
  EXPECT_EQ(runOp("Squeeze", {x, int64s({0})}, {}, 13)[0].shape(), (Shape{3, 1}));
  EXPECT_EQ(runOp("Squeeze", {x}, {}, 13)[0].shape(), (Shape{3}));
  EXPECT_EQ(runOp("Unsqueeze", {x}, {{"axes", ints({0, 4})}}, 11)[0].shape(), (Shape{1, 1, 3, 1, 1}));
  EXPECT_EQ(runOp("Unsqueeze", {x, int64s({-1})}, {}, 13)[0].shape(), (Shape{1, 3, 1, 1}));
  EXPECT_EQ(runOne("Flatten", {randomTensor({2, 3, 4}, 1)}, {{"axis", number(2)}}).shape(), (Shape{6, 4}));
  EXPECT_EQ(runOne("Flatten", {randomTensor({}, 1)}, {{"axis", number(0)}}).shape(), (Shape{1, 1}));
  expectError([&] { runOp("Squeeze", {x, int64s({1})}, {}, 13); }, "is not 1");
  expectError([&] { runOp("Unsqueeze", {x, int64s({9})}, {}, 13); }, "axis 9");
  expectError([&] { runOne("Flatten", {x}, {{"axis", number(4)}}); }, "axis");
}

TEST(Shape, ShapeAndSizeTellOfAnything) {
  const Tensor x = randomTensor({2, 3, 4}, 1);
  EXPECT_TRUE(isClose(runOne("Shape", {x}), int64s({2, 3, 4})));
  EXPECT_TRUE(isClose(runOne("Shape", {x}, {{"start", number(-2)}, {"end", number(9)}}), int64s({3, 4})));
  EXPECT_TRUE(isClose(runOne("Shape", {x}, {{"start", number(2)}, {"end", number(1)}}), int64s({})));
  EXPECT_TRUE(isClose(runOne("Size", {x}), Tensor::scalar<std::int64_t>(24)));
}

TEST(Shape, CastConvertsAndRefusesWhatItCannotHold) {
  const Tensor x = floats({4}, {-1.5f, 0.0f, 300.7f, 7.0f});
  EXPECT_TRUE(
      isClose(runOne("Cast", {x}, {{"to", number(6)}}), Tensor::from<std::int32_t>({4}, {-1, 0, 300, 7})));
  EXPECT_TRUE(
      isClose(runOne("Cast", {x}, {{"to", number(9)}}), Tensor::from<bool>({4}, {true, false, true, true})));
  EXPECT_EQ(runOne("Cast", {x}, {{"to", number(22)}}).dtype(), DType::Int4);
  EXPECT_EQ(runOne("CastLike", {x, int64s({1})}).dtype(), DType::Int64);
  expectError([&] { runOne("Cast", {x}, {{"to", number(8)}}); }, "element type 8");
  expectError([&] { runOne("Cast", {x}); }, "'to'");
}

TEST(Shape, GeneratedTensorsAreBounded) {
  EXPECT_TRUE(isClose(runOne("Range", {Tensor::scalar(1.0f), Tensor::scalar(2.1f), Tensor::scalar(0.5f)}),
                      floats({3}, {1, 1.5f, 2})));
  EXPECT_TRUE(isClose(runOne("Range", {Tensor::scalar<std::int64_t>(5), Tensor::scalar<std::int64_t>(0),
                                       Tensor::scalar<std::int64_t>(-2)}),
                      int64s({5, 3, 1})));
  expectError(
      [] {
        runOne("Range", {Tensor::scalar(0.0f), Tensor::scalar(1e20f), Tensor::scalar(1.0f)});
      },
      "too long");
  expectError(
      [] {
        runOne("Range", {Tensor::scalar(0.0f), Tensor::scalar(1.0f), Tensor::scalar(0.0f)});
      },
      "delta");
  EXPECT_TRUE(
      isClose(runOne("ConstantOfShape", {int64s({2})}, {{"value", Tensor::from<std::int64_t>({1}, {3})}}),
              int64s({3, 3})));
  expectError([] { runOne("ConstantOfShape", {int64s({65536, 65536})}); }, "2^31");
  expectError([] { runOne("ConstantOfShape", {int64s({-1})}); }, "negative");
  expectError([] { runOne("Expand", {floats({1}, {1}), int64s({65536, 65536})}); }, "2^31");
  EXPECT_TRUE(isClose(runOp("Constant", {}, {{"value_ints", ints({4, 5})}})[0], int64s({4, 5})));
  EXPECT_TRUE(isClose(runOne("NonZero", {floats({2, 2}, {1, 0, 2, 3})}),
                      Tensor::from<std::int64_t>({2, 3}, {0, 1, 1, 0, 0, 1})));
  EXPECT_TRUE(isClose(runOne("EyeLike", {floats({2, 3}, {0, 0, 0, 0, 0, 0})}, {{"k", number(1)}}),
                      floats({2, 3}, {0, 1, 0, 0, 0, 1})));
}

TEST(Shape, ViewsCostNothingAndMovesCountBytes) {
  const Shape shapes[] = {{2, 3}};
  const auto cost = [&](const char* type) { return costOf(*findOp("", type), Node{}, shapes, shapes); };
  EXPECT_EQ(cost("Reshape").bytes, 0);
  EXPECT_EQ(cost("Reshape").flops, 0);
  EXPECT_EQ(cost("Transpose").bytes, 48);
  EXPECT_EQ(cost("Transpose").flops, 0);
  EXPECT_EQ(cost("Relu").flops, 6);
}

TEST(Shape, GradientsAgreeWithDifferences) {
  const Tensor x = randomTensor({2, 3, 4}, 1);
  const GradientCase rows[] = {
      {"Reshape", "Reshape", {x, int64s({4, -1})}},
      {"Flatten", "Flatten", {x}},
      {"Squeeze", "Squeeze", {randomTensor({2, 1, 3}, 2), int64s({1})}},
      {"Unsqueeze", "Unsqueeze", {x, int64s({0})}},
      {"Transpose", "Transpose", {x}, {{"perm", ints({1, 2, 0})}}},
      {"Expand", "Expand", {randomTensor({3, 1}, 2), int64s({2, 1, 4})}},
      {"Cast", "Cast", {x}, {{"to", number(1)}}},
      {"CastLike", "CastLike", {x, randomTensor({1}, 3)}, {}, 17, 1, {1}},
  };
  for (const GradientCase& row : rows) checkGradients(row);
}

}  // namespace
}  // namespace lapidary::core::testing
