// SPDX-License-Identifier: GPL-3.0-or-later
// What calibration learns of layers' inputs, beside naive loops in double.
#include "core/calibrate/layer_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/calibrate/input_sums.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/core/run/graph_building.h"
#include "tests/support/demo_files.h"

namespace lapidary::core {
namespace {

using testing::GraphBuilder;
using ::testing::HasSubstr;
using testing::ints;
using testing::randomTensor;

/// Rows of one group's matrix.
using Rows = std::vector<std::vector<double>>;

struct ConvCase {
  Shape x, weight;
  std::vector<std::int64_t> strides, pads, dilations;
  std::int64_t group;
};

/// Element by element, as the definition of the operator says.
Rows naivePatches(const ConvCase& c, const Tensor& x, std::int64_t group) {
  const auto at = [&](std::int64_t n, std::int64_t ch, std::int64_t y, std::int64_t z) {
    if (y < 0 || z < 0 || y >= c.x[2] || z >= c.x[3]) return 0.0;
    return static_cast<double>(
        x.as<float>()[static_cast<std::size_t>(((n * c.x[1] + ch) * c.x[2] + y) * c.x[3] + z)]);
  };
  const auto extent = [&](int d) {
    const std::int64_t reach = (c.weight[2 + d] - 1) * c.dilations[d] + 1;
    return (c.x[2 + d] + c.pads[d] + c.pads[2 + d] - reach) / c.strides[d] + 1;
  };
  Rows rows;
  for (std::int64_t n = 0; n < c.x[0]; ++n)
    for (std::int64_t y = 0; y < extent(0); ++y)
      for (std::int64_t z = 0; z < extent(1); ++z) {
        rows.emplace_back();
        for (std::int64_t ch = 0; ch < c.weight[1]; ++ch)
          for (std::int64_t i = 0; i < c.weight[2]; ++i)
            for (std::int64_t j = 0; j < c.weight[3]; ++j)
              rows.back().push_back(at(n, group * c.weight[1] + ch,
                                       y * c.strides[0] - c.pads[0] + i * c.dilations[0],
                                       z * c.strides[1] - c.pads[1] + j * c.dilations[1]));
      }
  return rows;
}

void expectSums(const LayerInputs& found, std::size_t group, const Rows& rows) {
  const std::size_t n = found.columns;
  ASSERT_EQ(static_cast<std::size_t>(found.rows), rows.size());
  ASSERT_EQ(n, rows[0].size());
  for (std::size_t a = 0; a < n; ++a) {
    double sum = 0, square = 0, magnitude = 0;
    for (const auto& row : rows) sum += row[a], square += row[a] * row[a], magnitude += std::fabs(row[a]);
    EXPECT_NEAR(found.sums[group * n + a], sum, 1e-4);
    EXPECT_NEAR(found.squares[group * n + a], square, 1e-4);
    EXPECT_NEAR(found.magnitudes[group * n + a], magnitude, 1e-4);
    for (std::size_t b = 0; b < n; ++b) {
      double product = 0;
      for (const auto& row : rows) product += row[a] * row[b];
      ASSERT_NEAR(found.gramOf(group)[a * n + b], product, 1e-4) << a << " " << b;
    }
  }
}

Model modelWith(GraphBuilder& b, ValueId weight, const Shape& shape, int axis) {
  Model model = b.model();
  model.layers = {{"layer", model.graph->nodes[0].opType, NodeId{0}, weight, {}, shape, axis}};
  return model;
}

std::shared_ptr<LayerInputs> summed(const InputColumns& columns, const std::vector<Tensor>& batches) {
  auto inputs = emptyInputs(columns, InputDetail::Gram);
  for (const Tensor& x : batches)
    for (const InputPart& part : partsOf(columns, InputDetail::Gram)) addRows(columns, x, part, *inputs);
  finishInputs(*inputs);
  return inputs;
}

TEST(LayerInputs, PatchesOfConvolutionsAreThoseOfANaiveLoop) {
  const ConvCase cases[] = {
      {{2, 3, 7, 9}, {4, 3, 3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, 1},
      {{2, 4, 8, 7}, {6, 2, 3, 2}, {2, 1}, {0, 1, 2, 0}, {1, 2}, 2},
      {{1, 5, 6, 6}, {5, 1, 3, 3}, {2, 2}, {1, 0, 1, 1}, {2, 1}, 5},
      {{3, 2, 5, 5}, {2, 2, 5, 5}, {1, 3}, {2, 4, 2, 4}, {1, 1}, 1},
      {{2, 30, 4, 4}, {3, 30, 3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, 1},  // several parts
  };
  for (const ConvCase& c : cases) {
    GraphBuilder b;
    const ValueId x = b.input("x", c.x), w = b.weight("w", randomTensor(c.weight, 1));
    b.output(b.node("Conv", {x, w},
                    {{"strides", ints(c.strides)},
                     {"pads", ints(c.pads)},
                     {"dilations", ints(c.dilations)},
                     {"group", c.group}}));
    const Model model = modelWith(b, w, c.weight, 0);
    const Tensor data = randomTensor(c.x, 2);
    const auto found = summed(InputColumns(model, LayerId{0}), {data});
    for (std::int64_t g = 0; g < c.group; ++g)
      expectSums(*found, static_cast<std::size_t>(g), naivePatches(c, data, g));
  }
}

TEST(LayerInputs, RowsOfProductsOnEitherSide) {
  const Tensor data = randomTensor({5, 6}, 3), more = randomTensor({2, 6}, 4);
  Rows rows;
  for (const Tensor& t : {data, more})
    for (std::int64_t r = 0; r < t.shape()[0]; ++r) {
      rows.emplace_back();
      for (std::int64_t c = 0; c < 6; ++c)
        rows.back().push_back(static_cast<double>(t.as<float>()[static_cast<std::size_t>(r * 6 + c)]));
    }
  const auto transposed = [](const Tensor& t) {
    std::vector<float> values;
    for (std::int64_t c = 0; c < 6; ++c)
      for (std::int64_t r = 0; r < t.shape()[0]; ++r)
        values.push_back(t.as<float>()[static_cast<std::size_t>(r * 6 + c)]);
    return Tensor::from<float>({6, t.shape()[0]}, values);
  };
  {
    GraphBuilder b;
    const ValueId x = b.input("x", {-1, 6}), w = b.weight("w", randomTensor({3, 6}, 1));
    b.output(b.node("Gemm", {x, w}, {{"transB", std::int64_t{1}}}));
    const Model model = modelWith(b, w, {3, 6}, 0);
    expectSums(*summed(InputColumns(model, LayerId{0}), {data, more}), 0, rows);
  }
  {
    GraphBuilder b;
    const ValueId x = b.input("x", {6, -1}), w = b.weight("w", randomTensor({6, 3}, 1));
    b.output(b.node("Gemm", {x, w}, {{"transA", std::int64_t{1}}}));
    const Model model = modelWith(b, w, {6, 3}, 1);
    expectSums(*summed(InputColumns(model, LayerId{0}), {transposed(data), transposed(more)}), 0, rows);
  }
  {
    GraphBuilder b;
    const ValueId x = b.input("x", {-1, 1, 6}), w = b.weight("w", randomTensor({6, 3}, 1));
    b.output(b.node("MatMul", {x, w}));
    const Model model = modelWith(b, w, {6, 3}, 1);
    expectSums(*summed(InputColumns(model, LayerId{0}), {data.reshaped({5, 1, 6}), more.reshaped({2, 1, 6})}),
               0, rows);
  }
  {
    GraphBuilder b;
    const ValueId x = b.input("x", {6, -1}), w = b.weight("w", randomTensor({3, 6}, 1));
    b.output(b.node("MatMul", {w, x}));
    const Model model = modelWith(b, w, {3, 6}, 0);
    expectSums(*summed(InputColumns(model, LayerId{0}), {transposed(data), transposed(more)}), 0, rows);
  }
}

TEST(LayerInputs, OtherLayersAreRefusedByName) {
  GraphBuilder b;
  const ValueId x = b.input("x", {1, 2, 4, 4}), w = b.weight("w", randomTensor({2, 3, 2, 2}, 1));
  b.output(b.node("ConvTranspose", {x, w}));
  const Model model = modelWith(b, w, {2, 3, 2, 2}, 1);
  try {
    InputColumns columns(model, LayerId{0});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Unsupported);
    EXPECT_THAT(error.what(), HasSubstr("layer 'layer' (ConvTranspose)"));
  }
}

struct Demo {
  Model model = readModel(demo + "lenet5.onnx");
  Executor executor{model, {}};
  std::shared_ptr<const Dataset> data;

  Demo() {
    const auto source = openData(demo + "digits_test.npz");
    data = std::make_shared<const Dataset>(source, choosePreprocess(model, *source).preprocess, model);
  }
  CalibratedInputs inputs(unsigned workers, std::size_t budget = std::size_t{64} << 20,
                          std::size_t samples = 50) const {
    return {model, &executor, {data, samples, 8, workers, budget, true}};
  }
};

constexpr std::size_t layers = 4;

TEST(CalibratedInputs, TheSameForAnyNumberOfWorkers) {
  const Demo demo5;
  CalibratedInputs one = demo5.inputs(1), three = demo5.inputs(3);
  std::vector<InputRequest> all;
  for (std::uint32_t i = 0; i < layers; ++i) all.push_back({LayerId{i}, InputDetail::Gram});
  for (std::uint32_t i = 0; i < layers; ++i) {
    const auto a = one.inputsOf(all[i], all, {}), b = three.inputsOf(all[i], {}, {});
    EXPECT_EQ(a->rows, b->rows);
    EXPECT_EQ(a->gram, b->gram);
    EXPECT_EQ(a->sums, b->sums);
    EXPECT_EQ(a->squares, b->squares);
    const auto magnitudes = one.gradientMagnitudesOf(LayerId{i}, {}),
               others = three.gradientMagnitudesOf(LayerId{i}, {});
    EXPECT_TRUE(testing::sameBits(magnitudes, others));
  }
}

TEST(CalibratedInputs, OneRunServesAllThatIsAskedForSoon) {
  const Demo demo5;
  CalibratedInputs inputs = demo5.inputs(2);
  std::vector<InputRequest> all;
  for (std::uint32_t i = 0; i < layers; ++i) all.push_back({LayerId{i}, InputDetail::Gram});
  inputs.inputsOf(all[0], all, {});
  for (const InputRequest& request : all) EXPECT_TRUE(inputs.knownInputs(request));
}

TEST(CalibratedInputs, WhatDoesNotFitIsForgottenAndLearntAgain) {
  const Demo demo5;
  CalibratedInputs roomy = demo5.inputs(2), tight = demo5.inputs(2, 6'000'000);
  const InputRequest conv{LayerId{1}, InputDetail::Gram}, dense{LayerId{3}, InputDetail::Gram};
  const auto first = tight.inputsOf(conv, {}, {});
  tight.inputsOf(dense, {}, {});
  EXPECT_FALSE(tight.knownInputs(conv));
  EXPECT_EQ(tight.inputsOf(conv, {}, {})->gram, first->gram);
  EXPECT_EQ(roomy.inputsOf(conv, {}, {})->gram, first->gram);
  CalibratedInputs tiny = demo5.inputs(2, 1000);
  EXPECT_THROW(tiny.inputsOf(conv, {}, {}), Error);
}

TEST(CalibratedInputs, WithoutSamplesAPersonIsToldToOpenData) {
  const Demo demo5;
  CalibratedInputs inputs(demo5.model, &demo5.executor, {nullptr, 50, 8, 1, 1 << 20, true});
  try {
    inputs.inputsOf({LayerId{0}, InputDetail::Gram}, {}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    EXPECT_THAT(error.what(), HasSubstr("open data"));
  }
}

TEST(CalibratedInputs, StopsAndTellsHowFarItIs) {
  const Demo demo5;
  CalibratedInputs inputs = demo5.inputs(1);
  std::stop_source stop;
  std::size_t steps = 0;
  const Progress progress{stop.get_token(), [&](std::size_t done, std::size_t total) {
                            EXPECT_EQ(total, 50u);
                            EXPECT_LE(done, total);
                            if (++steps == 2) stop.request_stop();
                          }};
  EXPECT_THROW(inputs.inputsOf({LayerId{0}, InputDetail::Gram}, {}, progress), Cancelled);
  EXPECT_EQ(steps, 2u);
  EXPECT_FALSE(inputs.knownInputs({LayerId{0}, InputDetail::Sums}));
}

/// A linear layer and its softmax: the gradient is (p - y) x^T.
TEST(CalibratedInputs, GradientMagnitudesAreMeansOverSingleSamples) {
  const Demo demo5;
  CalibratedInputs inputs = demo5.inputs(2, 64 << 20, 20);
  const Layer& last = demo5.model.layers.back();
  const Node& gemm = demo5.model.graph->node(last.node);
  const Tensor magnitudes = inputs.gradientMagnitudesOf(LayerId{layers - 1}, {});
  const auto outputs = static_cast<std::size_t>(last.shape[static_cast<std::size_t>(last.channelAxis)]);
  const std::size_t columns = static_cast<std::size_t>(last.parameters()) / outputs;
  std::vector<double> sums(outputs * columns);
  for (std::size_t i = 0; i < 20; ++i) {
    const std::size_t sample = demo5.data->order()[i];
    RunOptions options;
    options.wanted = {gemm.inputs[0], gemm.outputs[0]};
    const RunResult run = demo5.executor.run(demo5.model, demo5.data->inputs(std::array{sample}), options);
    const auto x = run.wanted[0].as<float>(), logits = run.wanted[1].as<float>();
    double total = 0;
    for (const float logit : logits) total += std::exp(static_cast<double>(logit));
    for (std::size_t o = 0; o < outputs; ++o) {
      const double p = std::exp(static_cast<double>(logits[o])) / total;
      const bool own = demo5.data->source().label(sample) == static_cast<std::int64_t>(o);
      for (std::size_t c = 0; c < columns; ++c)
        sums[o * columns + c] += std::fabs((p - own) * static_cast<double>(x[c])) / 20;
    }
  }
  const bool rowsFirst = last.channelAxis == 0;
  for (std::size_t o = 0; o < outputs; ++o)
    for (std::size_t c = 0; c < columns; ++c)
      ASSERT_NEAR(magnitudes.as<float>()[rowsFirst ? o * columns + c : c * outputs + o],
                  sums[o * columns + c], 1e-5 + 1e-4 * sums[o * columns + c]);
}

}  // namespace
}  // namespace lapidary::core
