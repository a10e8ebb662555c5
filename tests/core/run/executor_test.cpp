// SPDX-License-Identifier: GPL-3.0-or-later
// The executor on small graphs made by hand: fusion, demand, overrides, threads, errors.
#include "core/run/executor.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/core/run/graph_building.h"
#include "tests/support/messages.h"

namespace lapidary::core::testing {
namespace {

Executor::Options unfused() { return {.fuse = false, .cache = nullptr}; }

Tensor runOne(const Executor& executor, const Model& model, const Tensor& input) {
  return executor.run(model, std::vector{input}).outputs.at(0);
}

/// The message of the Error that `action` throws.
Model withWeight(Model model, ValueId id, const Tensor& tensor) {
  model.weights[id] = tensor;
  return model;
}

TEST(ExecutorTest, FusedEqualsUnfused) {
  const SmallNet net = smallNet();
  const Executor fused(net.model, {}), plain(net.model, unfused());
  const Tensor x = randomTensor({4, 3, 8, 8}, 9);
  EXPECT_LT(largestDifference(runOne(fused, net.model, x), runOne(plain, net.model, x)), 1e-4);
  const std::vector inputs{x};
  EXPECT_EQ(plain.run(net.model, inputs).stepsRun, 12u);
  EXPECT_EQ(fused.run(net.model, inputs).stepsRun, 6u);  // three convolutions, pool, flatten, gemm
}

TEST(ExecutorTest, FusesEveryActivationBehindEveryHeavyOperator) {
  for (const std::string activation : {"Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSwish"})
    for (const std::string heavy : {"Conv", "Gemm", "MatMul"}) {
      GraphBuilder b;
      const bool conv = heavy == "Conv";
      const ValueId x = conv ? b.input("x", {-1, 4, 5, 5}) : b.input("x", {-1, 6});
      const ValueId w = b.weight("w", conv ? randomTensor({4, 4, 1, 1}, 1) : randomTensor({6, 6}, 2));
      ValueId y = b.node(heavy, {x, w});
      if (heavy == "MatMul") y = b.node("Add", {b.weight("bias", randomTensor({6}, 3)), y});
      y = b.node("Add", {y, x});
      b.output(b.node(activation, {y}));
      const Model model = b.model();
      const Executor fused(model, {}), plain(model, unfused());
      const std::vector inputs{conv ? randomTensor({2, 4, 5, 5}, 4) : randomTensor({3, 6}, 5)};
      const RunResult result = fused.run(model, inputs);
      EXPECT_EQ(result.stepsRun, 1u) << activation << " behind " << heavy;
      EXPECT_LT(largestDifference(result.outputs[0], plain.run(model, inputs).outputs[0]), 1e-4)
          << activation << " behind " << heavy;
    }
}

TEST(ExecutorTest, AddsThatBroadcastAreNotFused) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 4, 5, 5}), row = b.input("row", {-1, -1, -1, -1});
  const ValueId y = b.node("Add", {b.node("Conv", {x, b.weight("w", randomTensor({4, 4, 1, 1}, 1))}), row});
  b.output(b.node("Relu", {y}));
  const Model model = b.model();
  const Executor fused(model, {}), plain(model, unfused());
  for (const Shape& shape : {Shape{2, 4, 5, 5}, Shape{1, 1, 1, 5}, Shape{2, 1, 5, 1}}) {
    const std::vector inputs{randomTensor({2, 4, 5, 5}, 4), randomTensor(shape, 5)};
    EXPECT_LT(largestDifference(fused.run(model, inputs).outputs[0], plain.run(model, inputs).outputs[0]),
              1e-5)
        << toText(shape);
  }
}

TEST(ExecutorTest, ValuesReadTwiceOrWantedAreNotFusedAway) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 4, 5, 5});
  const ValueId conv = b.node("Conv", {x, b.weight("w", randomTensor({4, 4, 1, 1}, 1))});
  const ValueId relu = b.node("Relu", {conv});
  b.output(relu);
  b.output(b.node("Sigmoid", {relu}));
  const Model model = b.model();
  const Executor executor(model, {});
  const std::vector inputs{randomTensor({1, 4, 5, 5}, 2)};
  EXPECT_EQ(executor.run(model, inputs).stepsRun, 2u);
  RunOptions options;
  options.wanted = {conv, x};
  const RunResult result = executor.run(model, inputs, options);
  EXPECT_EQ(result.stepsRun, 3u);
  EXPECT_TRUE(sameBits(result.wanted[1], inputs[0]));
  for (std::size_t i = 0; i < 100; ++i) {
    const float expected = std::max(0.0f, result.wanted[0].as<float>()[i]);
    ASSERT_FLOAT_EQ(result.outputs[0].as<float>()[i], expected);
  }
}

TEST(ExecutorTest, AnEditRunsOnlyWhatLiesBelowIt) {
  const SmallNet net = smallNet();
  const auto cache = std::make_shared<ActivationCache>(std::size_t{64} << 20);
  const Executor executor(net.model, {.fuse = true, .cache = cache}), without(net.model, {});
  const std::vector inputs{randomTensor({4, 3, 8, 8}, 9)};
  RunOptions options;
  options.batchKey = Key{1, 2};
  EXPECT_EQ(executor.run(net.model, inputs, options).stepsRun, 6u);
  EXPECT_EQ(executor.run(net.model, inputs, options).stepsRun, 0u);
  struct Row {
    ValueId weight;
    Shape shape;
    std::size_t steps;
  };
  for (const Row& row : {Row{net.linear, {5, 12}, 1}, Row{net.conv3, {12, 8, 3, 3}, 4},
                         Row{net.conv2, {8, 8, 3, 3}, 5}, Row{net.conv1, {8, 3, 3, 3}, 6}}) {
    const Model edited = withWeight(net.model, row.weight, randomTensor(row.shape, 99, 0.5f));
    const RunResult result = executor.run(edited, inputs, options);
    EXPECT_EQ(result.stepsRun, row.steps);
    EXPECT_TRUE(sameBits(result.outputs[0], without.run(edited, inputs).outputs[0]));
    EXPECT_EQ(executor.run(edited, inputs, options).stepsRun, 0u);
  }
  EXPECT_EQ(executor.run(net.model, inputs, options).stepsRun, 0u) << "going back finds everything";
  options.batchKey = Key{1, 3};
  EXPECT_EQ(executor.run(net.model, inputs, options).stepsRun, 6u) << "another batch";
}

TEST(ExecutorTest, WhereNotAllFitsAnEditRunsAtMostOneStepMore) {
  constexpr std::size_t layers = 8, bytesOfResult = 32 * 6 * sizeof(float) + 512;
  GraphBuilder b;
  std::vector<ValueId> weights;
  ValueId value = b.input("x", {-1, 6});
  for (std::size_t i = 0; i < layers; ++i) {
    weights.push_back(b.weight("w" + std::to_string(i), randomTensor({6, 6}, static_cast<unsigned>(i))));
    value = b.node("MatMul", {value, weights.back()});
  }
  b.output(value);
  const Model model = b.model();
  const auto cache = std::make_shared<ActivationCache>(std::size_t{1} << 20);
  const Executor executor(model, {.fuse = true, .cache = cache}), without(model, {});
  const std::vector inputs{randomTensor({32, 6}, 9)};
  RunOptions options;
  options.batchKey = Key{1, 2};
  options.rememberedBytes = 5 * bytesOfResult;
  EXPECT_EQ(executor.run(model, inputs, options).stepsRun, layers);
  EXPECT_EQ(cache->statistics().entries, 5u);
  options.retention = Retention::Nothing;
  std::size_t more = 0;
  for (std::size_t i = 0; i < layers; ++i) {
    const Model edited = withWeight(model, weights[i], randomTensor({6, 6}, 99));
    const RunResult result = executor.run(edited, inputs, options);
    EXPECT_LE(result.stepsRun, layers - i + 1);
    more += result.stepsRun - (layers - i);
    EXPECT_TRUE(sameBits(result.outputs[0], without.run(edited, inputs).outputs[0]));
  }
  EXPECT_EQ(more, layers - 5);
}

TEST(ExecutorTest, RemembersNothingWithoutABatchKey) {
  const SmallNet net = smallNet();
  const auto cache = std::make_shared<ActivationCache>(std::size_t{64} << 20);
  const Executor executor(net.model, {.fuse = true, .cache = cache});
  executor.run(net.model, std::vector{randomTensor({1, 3, 8, 8}, 9)});
  EXPECT_EQ(executor.cache()->statistics().entries, 0u);
}

TEST(ExecutorTest, GivesTheSameBitsOnAnyNumberOfThreads) {
  const SmallNet net = smallNet();
  const Executor executor(net.model,
                          {.fuse = true, .cache = std::make_shared<ActivationCache>(std::size_t{1} << 20)});
  std::vector<Tensor> batches, expected;
  for (unsigned i = 0; i < 6; ++i) {
    batches.push_back(randomTensor({i % 2 == 0 ? 4 : 3, 3, 8, 8}, i));
    expected.push_back(runOne(executor, net.model, batches.back()));
  }
  std::vector<std::jthread> threads;
  std::atomic<int> differences{0};
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < 24; ++i) {
        const std::size_t which = (i + t) % 6;
        RunOptions options;
        if (t % 2 == 0) options.batchKey = Key{which, 1};
        const auto result = executor.run(net.model, std::span(&batches[which], 1), options);
        if (!sameBits(result.outputs[0], expected[which])) ++differences;
      }
    });
  threads.clear();
  EXPECT_EQ(differences, 0);
}

TEST(ExecutorTest, RunsConstantNodesOncePerWeights) {
  GraphBuilder b(13);
  const ValueId x = b.input("x", {-1, 4});
  const ValueId codes = b.weight("codes", Tensor::from<std::int8_t>({4, 2}, {1, -2, 3, -4, 5, -6, 7, -8}));
  const ValueId scale = b.weight("scale", Tensor::scalar<float>(0.5f));
  const ValueId weight = b.node("DequantizeLinear", {codes, scale});
  b.output(b.node("MatMul", {x, weight}));
  const Model model = b.model();
  const Executor executor(model, {});
  const std::vector inputs{Tensor::from<float>({1, 4}, {1, 1, 1, 1})};
  const RunResult result = executor.run(model, inputs);
  EXPECT_EQ(result.stepsRun, 1u);
  EXPECT_FLOAT_EQ(result.outputs[0].as<float>()[0], 8.0f);
  EXPECT_FLOAT_EQ(result.outputs[0].as<float>()[1], -10.0f);

  const Model edited = withWeight(model, weight, randomTensor({4, 2}, 1));  // its producer is not run
  RunOptions options;
  options.wanted = {weight};
  EXPECT_TRUE(sameBits(executor.run(edited, inputs, options).wanted[0], edited.weights.at(weight)));
  EXPECT_FLOAT_EQ(runOne(executor, model, inputs[0]).as<float>()[0], 8.0f);
}

TEST(ExecutorTest, OverriddenConstantsKeepTheCacheOfWhatLiesAbove) {
  GraphBuilder b(13);
  const ValueId x = b.input("x", {-1, 4});
  const ValueId first = b.node(
      "DequantizeLinear",
      {b.weight("c1", Tensor::from<std::int8_t>({4, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1})),
       b.weight("s1", Tensor::scalar<float>(0.1f))});
  const ValueId second = b.node(
      "DequantizeLinear", {b.weight("c2", Tensor::from<std::int8_t>({4, 2}, {1, -2, 3, -4, 5, -6, 7, -8})),
                           b.weight("s2", Tensor::scalar<float>(0.5f))});
  b.output(b.node("MatMul", {b.node("Relu", {b.node("MatMul", {x, first})}), second}));
  const Model model = b.model();
  const Executor executor(model,
                          {.fuse = true, .cache = std::make_shared<ActivationCache>(std::size_t{1} << 20)});
  const std::vector inputs{randomTensor({2, 4}, 1)};
  RunOptions options;
  options.batchKey = Key{5, 5};
  EXPECT_EQ(executor.run(model, inputs, options).stepsRun, 2u);
  EXPECT_EQ(executor.run(withWeight(model, second, randomTensor({4, 2}, 2)), inputs, options).stepsRun, 1u);
}

TEST(ExecutorTest, ComputesHalfPrecisionModelsInFloat32) {
  GraphBuilder b(13);
  const ValueId x = b.input("x", {-1, 6}, DType::Float16);
  const Tensor weight = convert(randomTensor({6, 3}, 1), DType::Float16);
  b.output(b.node("Relu", {b.node("MatMul", {x, b.weight("w", weight)})}), DType::Float16);
  const Model model = b.model();
  const Executor executor(model, {});
  const Tensor half = convert(randomTensor({2, 6}, 2), DType::Float16);
  const Tensor result = runOne(executor, model, half);
  EXPECT_EQ(result.dtype(), DType::Float16);
  EXPECT_TRUE(sameBits(result, runOne(executor, model, toFloat32(half))));
  for (std::size_t n = 0; n < 2; ++n)
    for (std::size_t c = 0; c < 3; ++c) {
      double sum = 0;
      for (std::size_t k = 0; k < 6; ++k)
        sum += static_cast<double>(toFloat32(half).as<float>()[n * 6 + k]) *
               static_cast<double>(toFloat32(weight).as<float>()[k * 3 + c]);
      EXPECT_NEAR(static_cast<double>(toFloat32(result).as<float>()[n * 3 + c]), std::max(sum, 0.0), 2e-3);
    }
}

ValueId scalar(GraphBuilder& b, float value) {
  return b.node("Constant", {}, {{"value", Tensor::scalar<float>(value)}});
}

/// Layer normalisation as exporters of operator sets before 17 write it.
ValueId writtenOutNorm(GraphBuilder& b, ValueId x) {
  const std::map<std::string, Attribute> last{{"axes", ints({-1})}};
  const ValueId difference = b.node("Sub", {x, b.node("ReduceMean", {x}, last)});
  const ValueId variance = b.node("ReduceMean", {b.node("Pow", {difference, scalar(b, 2)})}, last);
  const ValueId deviation = b.node("Sqrt", {b.node("Add", {variance, scalar(b, 1e-5f)})});
  const ValueId scaled =
      b.node("Mul", {b.node("Div", {difference, deviation}), b.weight("gain", randomTensor({8}, 1))});
  return b.node("Add", {scaled, b.weight("offset", randomTensor({8}, 2))});
}

ValueId writtenOutGelu(GraphBuilder& b, ValueId x, bool halfFirst) {
  const ValueId erf = b.node("Erf", {b.node("Div", {x, scalar(b, 1.41421356f)})});
  const ValueId gate = b.node("Add", {erf, scalar(b, 1)});
  if (halfFirst) return b.node("Mul", {b.node("Mul", {x, scalar(b, 0.5f)}), gate});
  return b.node("Mul", {b.node("Mul", {x, gate}), scalar(b, 0.5f)});
}

TEST(ExecutorTest, RecognisesWrittenOutLayerNormAndGelu) {
  for (const bool halfFirst : {false, true}) {
    GraphBuilder b(13);
    const ValueId x = b.input("x", {-1, 5, 8});
    const ValueId product = b.node("MatMul", {writtenOutNorm(b, x), b.weight("w", randomTensor({8, 6}, 3))});
    b.output(writtenOutGelu(b, b.node("Add", {product, b.weight("bias", randomTensor({6}, 4))}), halfFirst));
    const Model model = b.model();
    const Executor fused(model, {}), plain(model, unfused());
    const std::vector inputs{randomTensor({2, 5, 8}, 5)};
    const RunResult result = fused.run(model, inputs);
    EXPECT_EQ(result.stepsRun, 2u);  // LayerNormalization; MatMul with bias and GELU
    EXPECT_LT(largestDifference(result.outputs[0], plain.run(model, inputs).outputs[0]), 1e-5);
    RunOptions inner;
    inner.wanted = {product};
    EXPECT_LT(largestDifference(fused.run(model, inputs, inner).wanted[0],
                                plain.run(model, inputs, inner).wanted[0]),
              1e-5);
  }
}

TEST(ExecutorTest, LeavesLookalikesAlone) {
  GraphBuilder b(13);
  const ValueId x = b.input("x", {-1, 6});
  const ValueId gate = b.node("Add", {b.node("Erf", {b.node("Div", {x, scalar(b, 1.5f)})}), scalar(b, 1)});
  b.output(b.node("Mul", {b.node("Mul", {x, gate}), scalar(b, 0.5f)}));
  const Model model = b.model();
  const std::vector inputs{randomTensor({2, 6}, 5)};
  const RunResult result = Executor(model, {}).run(model, inputs);
  EXPECT_EQ(result.stepsRun, 5u);
  EXPECT_TRUE(sameBits(result.outputs[0], Executor(model, unfused()).run(model, inputs).outputs[0]));
}

TEST(ExecutorTest, StopsBetweenSteps) {
  const SmallNet net = smallNet();
  const Executor executor(net.model, {});
  std::stop_source source;
  source.request_stop();
  RunOptions options;
  options.stop = source.get_token();
  EXPECT_THROW(executor.run(net.model, std::vector{randomTensor({1, 3, 8, 8}, 1)}, options), Cancelled);
}

TEST(ExecutorTest, NamesEveryOperatorThatIsLacking) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 4});
  b.output(b.node("Foo", {b.node("Relu", {b.node("Bar", {x}, {}, "my.domain")})}));
  const Model model = b.model();
  const auto lacking = lackingOps(model);
  ASSERT_EQ(lacking.size(), 2u);
  EXPECT_EQ(lacking[0], "node 0 'Bar_0' (my.domain::Bar)");
  EXPECT_EQ(
      messageOf([&] { const Executor executor(model, {}); }),
      "the model cannot be run: not implemented are node 0 'Bar_0' (my.domain::Bar), node 2 'Foo_2' (Foo)");
}

TEST(ExecutorTest, ErrorsNameTheNodeOrTheInput) {
  const SmallNet net = smallNet();
  const Executor executor(net.model, {});
  const auto run = [&](std::vector<Tensor> inputs) {
    return [&executor, &net, inputs] { executor.run(net.model, inputs); };
  };
  EXPECT_EQ(messageOf(run({})), "0 inputs were given, the model has 1");
  EXPECT_EQ(messageOf(run({randomTensor({1, 4, 8, 8}, 1)})),
            "input 'x' has shape 1x4x8x8, the model declares Nx3x8x8");
  EXPECT_EQ(messageOf(run({Tensor::from<std::int64_t>({1}, {1})})),
            "input 'x' has shape 1, the model declares Nx3x8x8");
  const Model odd = withWeight(net.model, net.conv2, randomTensor({8, 9, 3, 3}, 1));
  const std::string message = messageOf([&] {
    executor.run(odd, std::vector{randomTensor({1, 3, 8, 8}, 1)});
  });
  EXPECT_TRUE(message.starts_with("node 3 'Conv_3' (Conv): ")) << message;
  EXPECT_NE(message.find("has 8 channels"), std::string::npos) << message;
  EXPECT_NE(messageOf([&] {
              executor.run(smallNet().model, std::vector{randomTensor({1, 3, 8, 8}, 1)});
            }),
            "no error");
}

TEST(ExecutorTest, ConvertsInputsWithinTheirKind) {
  GraphBuilder b;
  const ValueId ids = b.input("ids", {-1}, DType::Int64);
  b.output(b.node("Gather", {b.weight("table", randomTensor({5, 3}, 1)), ids}));
  const Model model = b.model();
  const Executor executor(model, {});
  EXPECT_TRUE(sameBits(runOne(executor, model, Tensor::from<std::int32_t>({2}, {1, 4})),
                       runOne(executor, model, Tensor::from<std::int64_t>({2}, {1, 4}))));
  EXPECT_EQ(messageOf([&] { runOne(executor, model, randomTensor({2}, 1)); }),
            "input 'ids' is float32, the model declares int64");
}

TEST(ExecutorTest, TellsAFixedBatch) {
  GraphBuilder free, fixed;
  free.output(free.node("Relu", {free.input("x", {-1, 4})}));
  fixed.output(fixed.node("Relu", {fixed.input("x", {1, 4})}));
  EXPECT_EQ(fixedBatch(free.model()), 0);
  EXPECT_EQ(fixedBatch(fixed.model()), 1);
}

TEST(ExecutorTest, GivesInputsAndConstantsAsOutputs) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 2}), w = b.weight("w", randomTensor({3}, 1));
  b.output(x);
  b.output(w);
  b.output(b.node("Neg", {w}));
  const Model model = b.model();
  const RunResult result = Executor(model, {}).run(model, std::vector{randomTensor({1, 2}, 2)});
  EXPECT_EQ(result.stepsRun, 0u);
  EXPECT_TRUE(sameBits(result.outputs[1], model.weights.at(w)));
  EXPECT_FLOAT_EQ(result.outputs[2].as<float>()[0], -model.weights.at(w).as<float>()[0]);
}

TEST(ExecutorTest, ProfilesEveryStep) {
  const SmallNet net = smallNet();
  const auto times = Executor(net.model, {}).profile(net.model, std::vector{randomTensor({2, 3, 8, 8}, 1)});
  ASSERT_EQ(times.size(), 6u);
  double flops = 0;
  for (const StepTime& time : times) {
    EXPECT_GE(time.seconds, 0);
    EXPECT_GT(time.bytes, 0);
    flops += time.flops;
  }
  const double convolutions = 2.0 * 2 * 9 * (8 * 3 * 64 + 8 * 8 * 64 + 12 * 8 * 9);
  EXPECT_GT(flops, convolutions);
  EXPECT_LT(flops, 1.2 * convolutions);
}

}  // namespace
}  // namespace lapidary::core::testing
