// SPDX-License-Identifier: GPL-3.0-or-later
// Channels removed through one operator at a time, held against the same channels set to zero.
#include <gmock/gmock.h>

#include "tests/core/compress/structure/removal.h"

namespace lapidary::core::test {
namespace {

struct Through {
  std::string name;
  ValueId (*between)(GraphBuilder& b, ValueId x);  ///< from [2, 6, 8, 8] to the input of the last layer
  std::int64_t channels = 6;                       ///< that the last layer reads
  std::size_t cuttable = 1;
  std::int64_t opset = 21;
};

void PrintTo(const Through& row, std::ostream* out) { *out << row.name; }

/// A convolution without a bias, the operator, another convolution, the mean of each channel.
Built netThrough(const Through& row) {
  GraphBuilder b(row.opset);
  const ValueId x = conv(b, b.input("x", {2, 3, 8, 8}), {6, 3, 3, 3}, 1, 1, false);
  const ValueId last = conv(b, row.between(b, x), {4, row.channels, 3, 3}, 2);
  b.output(b.node("GlobalAveragePool", {last}));
  return {finished(b), picture(3)};
}

ValueId scalarOf(GraphBuilder& b, const std::string& name, float value) {
  return b.weight(name, Tensor::scalar(value));
}

ValueId whole(GraphBuilder& b, ValueId x) { return b.node("Cast", {x}, {{"to", std::int64_t{7}}}); }
ValueId real(GraphBuilder& b, ValueId x) { return b.node("Cast", {x}, {{"to", std::int64_t{1}}}); }
ValueId flag(GraphBuilder& b, ValueId x) { return b.node("Greater", {x, scalarOf(b, "zero", 0)}); }

/// Numbers of a reduction that keeps an axis of size 1, times what was reduced.
ValueId gatedBy(GraphBuilder& b, ValueId x, const std::string& type, std::vector<std::int64_t> axes) {
  return b.node("Mul", {x, b.node(type, {b.node("Exp", {x}), numbers(b, "axes", std::move(axes))})});
}

class RemovalThrough : public ::testing::TestWithParam<Through> {};

TEST_P(RemovalThrough, EqualsTheModelWithZeros) {
  expectRemovalEqualsZeros(netThrough(GetParam()), GetParam().cuttable);
}

INSTANTIATE_TEST_SUITE_P(
    Operators, RemovalThrough,
    ::testing::Values(
        Through{"TileOfChannels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("Tile", {x, numbers(b, "repeats", {1, 3, 1, 1})});
                },
                18},
        Through{"TileOfPixels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("Tile", {x, numbers(b, "repeats", {1, 1, 2, 3})});
                }},
        Through{"Swish", [](GraphBuilder& b, ValueId x) { return b.node("Swish", {x}, {{"alpha", 1.5f}}); },
                6, 1, 24},
        Through{"CumProd",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("CumProd", {x, b.weight("axis", Tensor::scalar<std::int64_t>(3))});
                },
                6, 0, 26},
        Through{"AttentionOfHeads", [](GraphBuilder& b, ValueId x) { return b.node("Attention", {x, x, x}); },
                6, 0, 23},
        Through{"SpaceToDepth",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("SpaceToDepth", {x}, {{"blocksize", std::int64_t{2}}});
                },
                24},
        Through{"MeanVarianceNormalization",
                [](GraphBuilder& b, ValueId x) { return b.node("MeanVarianceNormalization", {x}); }},
        Through{"MeanVarianceOverChannels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("MeanVarianceNormalization", {x}, {{"axes", ints({1, 2, 3})}});
                },
                6, 0},
        Through{"RMSNormalizationOfPixels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("RMSNormalization", {x, b.weight("s", randomTensor({8, 8}, 3))},
                                {{"axis", std::int64_t{2}}});
                },
                6, 1, 23},
        Through{"RMSNormalizationOfChannels",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId moved = b.node("Transpose", {x}, {{"perm", ints({0, 2, 3, 1})}});
                  const ValueId normed =
                      b.node("RMSNormalization", {moved, b.weight("s", randomTensor({6}, 3))});
                  return b.node("Transpose", {normed}, {{"perm", ints({0, 3, 1, 2})}});
                },
                6, 0, 23},
        Through{"LRN",
                [](GraphBuilder& b, ValueId x) { return b.node("LRN", {x}, {{"size", std::int64_t{3}}}); }, 6,
                0},
        Through{"ReduceLogSumOfChannels",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId most = b.node("ReduceLogSum", {b.node("Abs", {x}), numbers(b, "axes", {1})});
                  return b.node("Mul", {x, most});
                }},
        Through{"ReduceLogSumOfPixels",
                [](GraphBuilder& b, ValueId x) { return gatedBy(b, x, "ReduceLogSum", {2, 3}); }},
        Through{"ReduceLogSumExpOfChannels",
                [](GraphBuilder& b, ValueId x) { return gatedBy(b, x, "ReduceLogSumExp", {1}); }, 6, 0},
        Through{"ReduceLogSumExpOfPixels",
                [](GraphBuilder& b, ValueId x) { return gatedBy(b, x, "ReduceLogSumExp", {2, 3}); }},
        Through{"CastLike",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId like = b.node("Relu", {x});
                  return b.node("Add", {b.node("CastLike", {flag(b, x), like}), like});
                }},
        Through{"BitwiseAnd",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId each = b.weight("mask", Tensor::from<std::int64_t>({1, 6, 1, 1},
                                                                                   {1, 2, 3, 5, 6, 7}));
                  return real(b, b.node("BitwiseAnd", {whole(b, x), each}));
                }},
        Through{"BitwiseOrXorNot",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId n = whole(b, x), other = b.node("BitwiseNot", {n});
                  return real(b, b.node("BitwiseOr", {b.node("BitwiseXor", {n, other}), n}));
                }},
        Through{"Xor",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId a = flag(b, x);
                  return b.node("Mul", {x, real(b, b.node("Xor", {a, b.node("Not", {a})}))});
                }},
        Through{"BitShift",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId n = b.node("Cast", {b.node("Abs", {x})}, {{"to", std::int64_t{12}}});
                  const ValueId two = b.weight("two", Tensor::scalar<std::uint32_t>(2));
                  return real(b, b.node("BitShift", {n, two}, {{"direction", std::string("LEFT")}}));
                }},
        Through{"ArgMaxOfPixels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("Mul", {x, real(b, b.node("ArgMax", {x}, {{"axis", std::int64_t{3}}}))});
                }},
        Through{"ArgMinWithoutItsAxis",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId at = b.node(
                      "ArgMin", {x}, {{"axis", std::int64_t{-1}}, {"keepdims", std::int64_t{0}}});
                  return b.node("Mul", {x, b.node("Unsqueeze", {real(b, at), numbers(b, "back", {3})})});
                }},
        Through{"ArgMaxOfChannels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("Mul", {x, real(b, b.node("ArgMax", {x}, {{"axis", std::int64_t{1}}}))});
                },
                6, 0},
        Through{"TopKOfPixels",
                [](GraphBuilder& b, ValueId x) {
                  const auto best = b.nodes("TopK", {x, numbers(b, "k", {5})}, 2);
                  return b.node("Add", {best[0], real(b, best[1])});
                }},
        Through{"ReverseSequence",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId moved = b.node("Transpose", {x}, {{"perm", ints({0, 2, 1, 3})}});
                  const ValueId turned =
                      b.node("ReverseSequence", {moved, numbers(b, "lengths", {5, 8})},
                             {{"batch_axis", std::int64_t{0}}, {"time_axis", std::int64_t{1}}});
                  return b.node("Transpose", {turned}, {{"perm", ints({0, 2, 1, 3})}});
                }},
        Through{"ReverseSequenceOfChannels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("ReverseSequence", {x, numbers(b, "lengths", {5, 6})},
                                {{"batch_axis", std::int64_t{0}}, {"time_axis", std::int64_t{1}}});
                },
                6, 0},
        Through{"Trilu", [](GraphBuilder& b, ValueId x) { return b.node("Trilu", {x}); }},
        Through{"CenterCropPad",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("CenterCropPad", {x, numbers(b, "sizes", {6, 10})}, {{"axes", ints({2, 3})}});
                }},
        Through{"CenterCropPadOfChannels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("CenterCropPad", {x, numbers(b, "sizes", {2, 4, 8, 8})});
                },
                4, 0},
        Through{"GridSample",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("GridSample", {x, b.weight("grid", randomTensor({2, 5, 5, 2}, 3))});
                }},
        Through{"RoiAlign",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId rois = b.weight("rois", Tensor::from<float>({3, 4}, {0, 0, 4, 4, 1, 1, 6, 7,  //
                                                                                     2, 3, 7, 5}));
                  return b.node("RoiAlign", {x, rois, numbers(b, "of", {0, 1, 1})},
                                {{"output_height", std::int64_t{4}}, {"output_width", std::int64_t{4}}});
                }},
        Through{"SizeOfChannels",
                [](GraphBuilder& b, ValueId x) { return b.node("Div", {x, real(b, b.node("Size", {x}))}); },
                6, 0},
        Through{"FastGelu",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId moved = b.node("Transpose", {x}, {{"perm", ints({0, 2, 3, 1})}});
                  const ValueId made = b.node("FastGelu", {moved, b.weight("s", randomTensor({6}, 3))}, {},
                                              "com.microsoft");
                  return b.node("Transpose", {made}, {{"perm", ints({0, 3, 1, 2})}});
                }},
        Through{"QuickGelu",
                [](GraphBuilder& b, ValueId x) { return b.node("QuickGelu", {x}, {}, "com.microsoft"); }},
        Through{"EinsumOfPixels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("Einsum", {x, b.weight("m", randomTensor({8, 5}, 3))},
                                {{"equation", std::string("nchw, wk -> nchk")}});
                }},
        Through{"EinsumOfChannels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("Einsum", {x, b.weight("m", randomTensor({6, 5}, 3))},
                                {{"equation", std::string("nchw,ck->nkhw")}});
                },
                5, 2},
        Through{"EinsumWithAnEllipsis",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("Einsum", {x, b.weight("m", randomTensor({8, 5}, 3))},
                                {{"equation", std::string("...w,wk->...k")}});
                },
                6, 0},
        Through{"AWindowOverTransposedChannels",
                [](GraphBuilder& b, ValueId x) {
                  return b.node("Transpose", {x}, {{"perm", ints({0, 2, 1, 3})}});
                },
                8, 0},
        Through{"BlocksOfTransposedChannels",
                [](GraphBuilder& b, ValueId x) {
                  const ValueId moved = b.node("Transpose", {x}, {{"perm", ints({0, 2, 1, 3})}});
                  return b.node("SpaceToDepth", {moved}, {{"blocksize", std::int64_t{2}}});
                },
                32, 0}),
    [](const auto& row) { return row.param.name; });

/// Attention of three heads, written with Einsum: units are whole heads.
TEST(RemovalThroughEinsum, FindsTheHeadsOfAttention) {
  GraphBuilder b;
  const ValueId x = b.input("x", {2, 5, 12}), shape = numbers(b, "apart", {0, 5, 3, 4});
  std::vector<ValueId> parts;
  for (unsigned i = 1; i < 4; ++i)
    parts.push_back(
        b.node("Reshape",
               {b.node("MatMul", {x, b.weight("w" + std::to_string(i), randomTensor({12, 12}, i))}), shape}));
  const ValueId scores =
      b.node("Einsum", {parts[0], parts[1]}, {{"equation", std::string("bqhd,bkhd->bhqk")}});
  const ValueId mixed = b.node("Einsum", {b.node("Softmax", {scores}), parts[2]},
                               {{"equation", std::string("bhqk,bkhd->bqhd")}});
  const ValueId back = b.node("Reshape", {mixed, numbers(b, "back", {0, 5, 12})});
  b.output(b.node("MatMul", {back, b.weight("out", randomTensor({12, 12}, 7))}));
  const Built built{finished(b), {randomTensor({2, 5, 12}, 99)}};
  expectRemovalEqualsZeros(built, 3);
  const ChannelGroup group = ChannelGroups(built.model).group(LayerId{0});
  EXPECT_TRUE(group.heads);
  EXPECT_EQ(group.units, 3u);
}

TEST(RemovalThrough, NamesWhatItStopsAt) {
  const auto reason = [](const std::string& type, const std::string& domain) {
    GraphBuilder b;
    const ValueId x = conv(b, b.input("x", {2, 3, 8, 8}), {6, 3, 3, 3}, 1);
    b.output(conv(b, b.node(type, {x}, {}, domain), {2, 6, 1, 1}, 2));
    return ChannelGroups(finished(b)).group(LayerId{0}).reason;
  };
  EXPECT_EQ(reason("Twist", "my.domain"),
            "the channels cannot be removed: they reach node 1 'Twist_1' (my.domain::Twist), which this "
            "program does not know");
  EXPECT_EQ(reason("Bernoulli", ""),
            "the channels cannot be removed: they reach node 1 'Bernoulli_1' (Bernoulli), which draws at "
            "random, one value after another");
}

}  // namespace
}  // namespace lapidary::core::test
