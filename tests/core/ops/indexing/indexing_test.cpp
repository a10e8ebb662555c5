// SPDX-License-Identifier: GPL-3.0-or-later
// Gather, scatter, slice, join, pad and their kin: values, checks of every index, gradients.
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

Tensor counted(Shape shape) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  std::iota(builder.as<float>().begin(), builder.as<float>().end(), 0.0f);
  return std::move(builder).build();
}

TEST(Indexing, GatherPicksAlongAnyAxis) {
  const Tensor x = counted({2, 3, 2});
  const Tensor indices = Tensor::from<std::int64_t>({1, 2}, {-1, 0});
  EXPECT_TRUE(isClose(runOne("Gather", {x, indices}, {{"axis", number(1)}}),
                      floats({2, 1, 2, 2}, {4, 5, 0, 1, 10, 11, 6, 7})));
  EXPECT_TRUE(isClose(runOne("Gather", {convert(x, DType::Int4), Tensor::scalar<std::int64_t>(0)}),
                      convert(floats({3, 2}, {0, 1, 2, 3, 4, 5}), DType::Int4)));
  EXPECT_TRUE(
      isClose(runOne("GatherElements", {counted({2, 2}), Tensor::from<std::int64_t>({1, 2}, {1, -2})}),
              floats({1, 2}, {2, 1})));
  EXPECT_TRUE(isClose(
      runOne("GatherND", {x, Tensor::from<std::int64_t>({2, 1}, {2, 0})}, {{"batch_dims", number(1)}}),
      floats({2, 2}, {4, 5, 6, 7})));
}

TEST(Indexing, EveryIndexIsChecked) {
  const Tensor x = counted({2, 3});
  expectError(
      [&] {
        runOne("Gather", {x, int64s({2})});
      },
      "input 1 (indices): index 2 is outside an axis of size 2");
  expectError([&] { runOne("Gather", {x, int64s({-3})}); }, "index -3");
  expectError([&] { runOne("Gather", {x, floats({1}, {0})}); }, "input 1 (indices)");
  expectError([&] { runOne("Gather", {x, int64s({0})}, {{"axis", number(2)}}); }, "axis 2");
  expectError([&] { runOne("GatherElements", {x, Tensor::from<std::int64_t>({1, 1}, {7})}); }, "index 7");
  expectError([&] { runOne("GatherElements", {x, int64s({0})}); }, "input 1 (indices): has shape 1");
  expectError(
      [&] {
        runOne("GatherElements", {x, Tensor::from<std::int64_t>({1, 4}, {0, 0, 0, 0})});
      },
      "has shape 1x4");
  expectError(
      [&] {
        runOne("GatherND", {x, Tensor::from<std::int64_t>({1, 3}, {0, 0, 0})});
      },
      "3 coordinates");
  expectError([&] { runOne("GatherND", {x, Tensor::from<std::int64_t>({1, 2}, {0, 3})}); }, "index 3");
  expectError([&] { runOne("GatherND", {x, int64s({0})}, {{"batch_dims", number(1)}}); }, "input 1");
  expectError(
      [&] {
        runOne("ScatterND", {x, Tensor::from<std::int64_t>({1, 1}, {5}), counted({1, 3})});
      },
      "index 5");
  expectError(
      [&] {
        runOne("ScatterND", {x, Tensor::from<std::int64_t>({1, 1}, {1}), counted({1, 2})});
      },
      "input 2 (updates)");
  expectError(
      [&] {
        runOne("ScatterElements", {x, Tensor::from<std::int64_t>({1, 1}, {2}), counted({1, 1})});
      },
      "index 2");
  expectError(
      [&] {
        runOne("ScatterElements", {x, Tensor::from<std::int64_t>({1, 1}, {1}), int64s({4})});
      },
      "input 2 (updates)");
}

TEST(Indexing, ScatterCombinesInOrder) {
  const Tensor x = counted({3});
  const Tensor indices = int64s({1, 1});
  const Tensor updates = floats({2}, {5, 4});
  const auto scatter = [&](const char* how) {
    return runOne("ScatterElements", {x, indices, updates}, {{"reduction", text(how)}}, 18);
  };
  EXPECT_TRUE(isClose(scatter("none"), floats({3}, {0, 4, 2})));
  EXPECT_TRUE(isClose(scatter("add"), floats({3}, {0, 10, 2})));
  EXPECT_TRUE(isClose(scatter("mul"), floats({3}, {0, 20, 2})));
  EXPECT_TRUE(isClose(scatter("max"), floats({3}, {0, 5, 2})));
  EXPECT_TRUE(isClose(scatter("min"), floats({3}, {0, 1, 2})));
  expectError([&] { scatter("sum"); }, "'reduction'");
}

TEST(Indexing, SliceClampsLikeTheSpecification) {
  const Tensor x = counted({2, 5});
  const auto slice = [&](std::int64_t start, std::int64_t end, std::int64_t step) {
    return runOne("Slice", {x, int64s({start}), int64s({end}), int64s({-1}), int64s({step})});
  };
  const std::int64_t far = std::numeric_limits<std::int64_t>::max(),
                     deep = std::numeric_limits<std::int64_t>::min();
  EXPECT_TRUE(isClose(slice(1, far, 2), floats({2, 2}, {1, 3, 6, 8})));
  EXPECT_TRUE(isClose(slice(-1, deep, -2), floats({2, 3}, {4, 2, 0, 9, 7, 5})));
  EXPECT_TRUE(isClose(slice(far, deep, deep), floats({2, 1}, {4, 9})));
  EXPECT_TRUE(isClose(slice(deep, far, far), floats({2, 1}, {0, 5})));
  EXPECT_EQ(slice(3, 1, 1).shape(), (Shape{2, 0}));
  EXPECT_TRUE(isClose(runOp("Slice", {x}, {{"starts", ints({1})}, {"ends", ints({2})}}, 9)[0],
                      floats({1, 5}, {5, 6, 7, 8, 9})));
  expectError([&] { slice(0, 5, 0); }, "input 4 (steps)");
  expectError([&] { runOne("Slice", {x, int64s({0}), int64s({1, 2})}); }, "differ in number");
  expectError([&] { runOne("Slice", {x, int64s({0}), int64s({1}), int64s({2})}); }, "axis 2");
}

TEST(Indexing, ConcatAndSplitAreInverse) {
  const Tensor x = counted({2, 5, 3});
  for (const DType type : {DType::Float32, DType::Int8, DType::Float64, DType::Int4}) {
    const Tensor data = convert(x, type);
    const auto parts = runOp("Split", {data, int64s({2, 0, 3})}, {{"axis", number(1)}}, 13, 3);
    EXPECT_EQ(parts[1].shape(), (Shape{2, 0, 3}));
    EXPECT_TRUE(isClose(runOne("Concat", parts, {{"axis", number(-2)}}), data, 0, 0));
  }
  const auto uneven = runOp("Split", {x}, {{"axis", number(1)}, {"num_outputs", number(2)}}, 18, 2);
  EXPECT_EQ(uneven[0].shape(), (Shape{2, 3, 3}));
  EXPECT_EQ(uneven[1].shape(), (Shape{2, 2, 3}));
  EXPECT_EQ(runOp("Split", {x}, {{"axis", number(1)}, {"split", ints({1, 4})}}, 11, 2)[1].shape(),
            (Shape{2, 4, 3}));
  expectError([&] { runOp("Split", {x, int64s({2, 2})}, {{"axis", number(1)}}, 13, 2); }, "input 1 (split)");
  expectError([&] { runOp("Split", {x, int64s({6, -1})}, {{"axis", number(1)}}, 13, 2); }, "input 1 (split)");
  expectError([&] { runOne("Concat", {x, counted({2, 5, 4})}, {{"axis", number(1)}}); }, "input 1 (inputs)");
  expectError([&] { runOne("Concat", {x, counted({2, 5})}, {{"axis", number(1)}}); }, "input 1 (inputs)");
  expectError([&] { runOne("Concat", {x, convert(x, DType::Int8)}, {{"axis", number(1)}}); }, "element type");
}

TEST(Indexing, PadRepeatsReflectsAndCrops) {
  const Tensor x = counted({1, 3});
  const auto pad = [&](const char* mode, std::int64_t before, std::int64_t after) {
    return runOne("Pad", {x, int64s({0, before, 0, after}), Tensor::scalar(9.0f)}, {{"mode", text(mode)}},
                  19);
  };
  EXPECT_TRUE(isClose(pad("constant", 1, 2), floats({1, 6}, {9, 0, 1, 2, 9, 9})));
  EXPECT_TRUE(isClose(pad("edge", 1, 2), floats({1, 6}, {0, 0, 1, 2, 2, 2})));
  EXPECT_TRUE(isClose(pad("reflect", 2, 1), floats({1, 6}, {2, 1, 0, 1, 2, 1})));
  EXPECT_TRUE(isClose(pad("reflect", 5, 0), floats({1, 8}, {1, 0, 1, 2, 1, 0, 1, 2})));
  EXPECT_TRUE(isClose(pad("wrap", 2, 1), floats({1, 6}, {1, 2, 0, 1, 2, 0})));
  EXPECT_TRUE(isClose(pad("constant", -1, 1), floats({1, 3}, {1, 2, 9})));
  EXPECT_TRUE(isClose(runOne("Pad", {x, int64s({1, 0}), Tensor(), int64s({-1})}, {}, 18),
                      floats({1, 4}, {0, 0, 1, 2})));
  EXPECT_TRUE(isClose(runOp("Pad", {x}, {{"pads", ints({0, 0, 0, 1})}, {"value", 4.0f}}, 10)[0],
                      floats({1, 4}, {0, 1, 2, 4})));
  EXPECT_TRUE(isClose(runOne("CenterCropPad", {x, int64s({3, 1})}, {}, 18), floats({3, 1}, {0, 1, 0})));
  expectError([&] { pad("constant", -2, -2); }, "input 1 (pads)");
  expectError([&] { pad("mirror", 1, 1); }, "'mode'");
  expectError([&] { pad("edge", std::int64_t{1} << 40, 1); }, "input 1 (pads)");
  expectError([&] { pad("constant", std::int64_t{1} << 30, 1); }, "longer than 2^28");
  expectError([&] { runOne("Pad", {x, int64s({1, 1})}); }, "pads has 2 values, 4 expected");
  expectError(
      [&] {
        runOne("Pad", {counted({0, 2}), int64s({1, 0, 0, 0})}, {{"mode", text("edge")}});
      },
      "empty");
}

TEST(Indexing, PadRepeatsWhatNegativePadsLeave) {
  const Tensor x = counted({5});
  const auto pad = [&](const char* mode, std::int64_t before, std::int64_t after) {
    return runOne("Pad", {x, int64s({before, after})}, {{"mode", text(mode)}}, 21);
  };
  EXPECT_TRUE(isClose(pad("wrap", -1, 3), floats({7}, {1, 2, 3, 4, 1, 2, 3})));
  EXPECT_TRUE(isClose(pad("wrap", 3, -2), floats({6}, {0, 1, 2, 0, 1, 2})));
  EXPECT_TRUE(isClose(pad("edge", 2, -3), floats({4}, {0, 0, 0, 1})));
  EXPECT_TRUE(isClose(pad("reflect", -2, 2), floats({5}, {2, 3, 4, 3, 2})));
  expectError([&] { pad("wrap", -6, 3); }, "input 1 (pads): leaves nothing of an axis to repeat");
}

TEST(Indexing, TileOneHotTriluCompressUniqueReverse) {
  EXPECT_TRUE(
      isClose(runOne("Tile", {counted({1, 2}), int64s({2, 2})}), floats({2, 4}, {0, 1, 0, 1, 0, 1, 0, 1})));
  expectError([] { runOne("Tile", {counted({2}), int64s({std::int64_t{1} << 40})}); }, "input 1 (repeats)");
  expectError([] { runOne("Tile", {counted({2}), int64s({1, 1})}); }, "input 1 (repeats)");
  EXPECT_TRUE(isClose(runOne("OneHot", {int64s({1, -1, 7}), int64s({3}), floats({2}, {0, 2})}),
                      floats({3, 3}, {0, 2, 0, 0, 0, 2, 0, 0, 0})));
  expectError([] { runOne("OneHot", {int64s({1}), int64s({0}), floats({2}, {0, 1})}); }, "input 1 (depth)");
  EXPECT_TRUE(isClose(runOne("Trilu", {counted({2, 3})}), floats({2, 3}, {0, 1, 2, 0, 4, 5})));
  EXPECT_TRUE(
      isClose(runOne("Trilu", {counted({2, 3}), Tensor::scalar(std::numeric_limits<std::int64_t>::max())}),
              floats({2, 3}, {0, 0, 0, 0, 0, 0})));
  EXPECT_TRUE(isClose(
      runOne("Compress", {counted({2, 2}), Tensor::from<bool>({2}, {false, true})}, {{"axis", number(0)}}),
      floats({1, 2}, {2, 3})));
  expectError(
      [] {
        runOne("Compress", {counted({1, 2}), Tensor::from<bool>({2}, {false, true})}, {{"axis", number(0)}});
      },
      "input 1 (condition)");
  const auto unique = runOp("Unique", {floats({4}, {2, 1, 2, 3})}, {}, 17, 4);
  EXPECT_TRUE(isClose(unique[0], floats({3}, {1, 2, 3})));
  EXPECT_TRUE(isClose(unique[2], int64s({1, 0, 1, 2})));
  expectError(
      [] {
        runOne("ReverseSequence", {counted({2, 2}), int64s({3, 1})});
      },
      "input 1 (sequence_lens)");
}

TEST(Indexing, GradientsAgreeWithDifferences) {
  const Tensor x = randomTensor({3, 4, 2}, 1);
  const Tensor indices = Tensor::from<std::int64_t>({2, 2}, {1, -1, 1, 0});
  const GradientCase rows[] = {
      {"Gather", "Gather", {x, indices}, {{"axis", number(1)}}},
      {"GatherScalar", "Gather", {x, Tensor::scalar<std::int64_t>(2)}},
      {"GatherElements", "GatherElements", {randomTensor({3, 2}, 2), indices}, {{"axis", number(0)}}},
      {"GatherND", "GatherND", {x, indices}},
      {"ScatterElements",
       "ScatterElements",
       {randomTensor({3, 2}, 2), Tensor::from<std::int64_t>({1, 2}, {1, 2}), randomTensor({1, 2}, 3)}},
      {"Scatter",
       "Scatter",
       {randomTensor({3, 2}, 2), Tensor::from<std::int64_t>({1, 2}, {1, 2}), randomTensor({1, 2}, 3)},
       {},
       10},
      {"ScatterND", "ScatterND", {x, Tensor::from<std::int64_t>({1, 2}, {2, 1}), randomTensor({1, 2}, 3)}},
      {"ScatterAdd",
       "ScatterND",
       {x, Tensor::from<std::int64_t>({2, 1}, {2, 2}), randomTensor({2, 4, 2}, 3)},
       {{"reduction", text("add")}}},
      {"Slice", "Slice", {x, int64s({3, 0}), int64s({0, 2}), int64s({1, 0}), int64s({-2, 1})}},
      {"Slice9", "Slice", {x}, {{"starts", ints({1})}, {"ends", ints({3})}, {"axes", ints({1})}}, 9},
      {"Concat",
       "Concat",
       {x, randomTensor({3, 1, 2}, 2), randomTensor({3, 2, 2}, 3)},
       {{"axis", number(1)}}},
      {"Split", "Split", {x, int64s({1, 3})}, {{"axis", number(1)}}, 13, 2},
      {"PadConstant", "Pad", {x, int64s({1, -1, 0, 0, 2, 1})}, {{"mode", text("constant")}}},
      {"PadReflect", "Pad", {x, int64s({1, 2, 0, 0, 1, 1})}, {{"mode", text("reflect")}}},
      {"PadEdge", "Pad", {x, int64s({1, 2, 0, 0, 1, 1})}, {{"mode", text("edge")}}},
      {"Tile", "Tile", {x, int64s({2, 1, 3})}},
      {"Trilu", "Trilu", {x, Tensor::scalar<std::int64_t>(-1)}, {{"upper", number(0)}}},
      {"ReverseSequence", "ReverseSequence", {x, int64s({3, 1, 2, 0})}},
      {"CenterCropPad", "CenterCropPad", {x, int64s({5, 2, 2})}, {}, 18},
  };
  for (const GradientCase& row : rows) checkGradients(row);
}

}  // namespace
}  // namespace lapidary::core::testing
