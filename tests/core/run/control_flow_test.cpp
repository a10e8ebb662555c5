// SPDX-License-Identifier: GPL-3.0-or-later
// If, Loop and Scan in the executor: scoping, caching, dynamic trip counts, stopping, and gradients.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <ctime>
#include <thread>

#include "core/run/executor.h"
#include "core/run/gradient.h"
#include "tests/core/run/graph_building.h"
#include "tests/support/messages.h"

namespace lapidary::core::testing {
namespace {

using ::testing::HasSubstr;

Tensor floats(Shape shape, std::initializer_list<float> values) {
  return Tensor::from<float>(std::move(shape), values);
}

Tensor truth(bool value) { return Tensor::scalar<bool>(value); }
Tensor count(std::int64_t value) { return Tensor::scalar<std::int64_t>(value); }

/// y = choice ? relu(x * first) * second : -x, where the weights stand outside.
struct Branching {
  Model model;
  ValueId x, first, second;
};

Branching branching() {
  GraphBuilder b;
  Branching result;
  const ValueId choice = b.input("choice", {}, DType::Bool);
  result.x = b.input("x", {-1, 6});
  result.first = b.weight("first", randomTensor({6, 6}, 1));
  result.second = b.weight("second", randomTensor({6, 4}, 2));
  GraphBuilder yes, no;
  const ValueId hidden = yes.node("Relu", {yes.node("MatMul", {yes.capture("x"), yes.capture("first")})});
  yes.output(yes.node("MatMul", {hidden, yes.capture("second")}));
  no.output(no.node("Neg", {no.capture("x")}));
  b.output(b.node("If", {choice}, {{"then_branch", yes.graph()}, {"else_branch", no.graph()}}));
  result.model = b.model();
  return result;
}

Tensor straight(const Branching& net, const Tensor& x) {
  GraphBuilder b;
  const ValueId in = b.input("x", {-1, 6});
  const ValueId hidden =
      b.node("Relu", {b.node("MatMul", {in, b.weight("w", net.model.weights.at(net.first))})});
  b.output(b.node("MatMul", {hidden, b.weight("v", net.model.weights.at(net.second))}));
  const Model model = b.model();
  return Executor(model, {}).run(model, std::vector{x}).outputs.at(0);
}

TEST(ControlFlow, IfRunsTheBranchThatIsChosen) {
  const Branching net = branching();
  const Tensor x = randomTensor({3, 6}, 3);
  const Executor executor(net.model, {});
  const auto yes = executor.run(net.model, std::vector{truth(true), x}).outputs.at(0);
  const auto no = executor.run(net.model, std::vector{truth(false), x}).outputs.at(0);
  EXPECT_EQ(largestDifference(yes, straight(net, x)), 0);
  for (std::size_t i = 0; i < x.as<float>().size(); ++i) EXPECT_EQ(no.as<float>()[i], -x.as<float>()[i]);
}

TEST(ControlFlow, AnEditedWeightThatOnlyABranchReadsIsNeverTakenFromMemory) {
  Branching net = branching();
  const auto cache = std::make_shared<ActivationCache>(std::size_t{1} << 24);
  const Executor executor(net.model, {.fuse = true, .cache = cache});
  const Tensor x = randomTensor({3, 6}, 3);
  const std::vector inputs{truth(true), x};
  RunOptions options;
  options.batchKey = Key{1, 2};
  const Branching original = net;
  for (const unsigned seed : {10u, 11u, 12u}) {
    net.model.weights[net.second] = randomTensor({6, 4}, seed);
    const RunResult result = executor.run(net.model, inputs, options);
    EXPECT_EQ(result.stepsRun, 1u);
    EXPECT_EQ(largestDifference(result.outputs.at(0), straight(net, x)), 0) << seed;
  }
  const std::uint64_t hits = cache->statistics().hits;
  EXPECT_EQ(hits, 2u) << "the first product inside the branch is the same for every second weight";
  EXPECT_EQ(executor.run(net.model, inputs, options).stepsRun, 0u);
  net.model.weights[net.first] = randomTensor({6, 6}, 20);
  EXPECT_EQ(largestDifference(executor.run(net.model, inputs, options).outputs.at(0), straight(net, x)), 0);
  EXPECT_EQ(
      largestDifference(executor.run(original.model, inputs, options).outputs.at(0), straight(original, x)),
      0);
}

TEST(ControlFlow, AnotherBatchOrBranchIsNeverTakenFromMemory) {
  const Branching net = branching();
  const Executor executor(net.model, {.cache = std::make_shared<ActivationCache>(std::size_t{1} << 24)});
  for (unsigned batch = 0; batch < 3; ++batch)
    for (const bool choice : {true, false}) {
      RunOptions options;
      options.batchKey = Key{batch, choice ? 1u : 0u};
      const std::vector inputs{truth(choice), randomTensor({2, 6}, batch)};
      EXPECT_TRUE(sameBits(executor.run(net.model, inputs, options).outputs.at(0),
                           executor.run(net.model, inputs).outputs.at(0)));
    }
}

/// Counts to `most`: carries a total, stacks the squares of the numbers, scaled by a value captured through
/// an If inside the body, and ends early where the total reaches `limit`.
Model countingLoop() {
  GraphBuilder b(13);
  const ValueId most = b.input("most", {}, DType::Int64), limit = b.input("limit", {});
  const ValueId scale = b.input("scale", {-1});
  const ValueId start = b.weight("start", Tensor::scalar<float>(0));
  GraphBuilder body, yes, no;
  const ValueId number = body.input("number", {}, DType::Int64);
  body.input("going", {}, DType::Bool);
  const ValueId total = body.input("total", {});
  const ValueId value = body.node("Cast", {number}, {{"to", std::int64_t{1}}});
  const ValueId sum = body.node("Add", {total, value});
  yes.output(yes.node("Mul", {yes.capture(body.nameOf(value)), yes.capture("scale")}));
  no.output(no.node("Identity", {no.capture("scale")}));
  const ValueId odd = body.node("Less", {value, body.weight("two", Tensor::scalar<float>(2))});
  body.capture("scale");
  const ValueId scaled = body.node("If", {odd}, {{"then_branch", yes.graph()}, {"else_branch", no.graph()}});
  body.output(body.node("Less", {sum, body.capture("limit")}), DType::Bool);
  body.output(sum);
  body.output(scaled);
  (void)limit, (void)scale;
  const auto outputs =
      b.nodes("Loop", {most, b.weight("always", truth(true)), start}, 2, {{"body", body.graph()}});
  b.output(outputs[0]);
  b.output(outputs[1]);
  return b.model();
}

TEST(ControlFlow, LoopCarriesStacksAndEndsByCountOrCondition) {
  const Model model = countingLoop();
  const Executor executor(model, {});
  const Tensor scale = floats({2}, {3, 5});
  const auto full = executor.run(model, std::vector{count(4), floats({}, {100}), scale}).outputs;
  EXPECT_TRUE(sameBits(full[0], floats({}, {6})));
  EXPECT_TRUE(sameBits(full[1], floats({4, 2}, {0, 0, 3, 5, 3, 5, 3, 5})));
  const auto early =
      executor.run(model, std::vector{count(1'000'000'000'000), floats({}, {3}), scale}).outputs;
  EXPECT_TRUE(sameBits(early[0], floats({}, {3})));
  EXPECT_EQ(early[1].shape(), (Shape{3, 2}));
  const auto none = executor.run(model, std::vector{count(0), floats({}, {3}), scale}).outputs;
  EXPECT_TRUE(sameBits(none[0], floats({}, {0})));
  EXPECT_EQ(none[1].shape().at(0), 0);
  const auto negative = executor.run(model, std::vector{count(-5), floats({}, {3}), scale}).outputs;
  EXPECT_EQ(negative[1].shape().at(0), 0);
}

TEST(ControlFlow, LoopsAreNotRememberedByIteration) {
  const Model model = countingLoop();
  const auto cache = std::make_shared<ActivationCache>(std::size_t{1} << 24);
  const Executor executor(model, {.cache = cache});
  RunOptions options;
  options.batchKey = Key{7, 7};
  const std::vector inputs{count(50), floats({}, {1e9f}), floats({2}, {3, 5})};
  const auto first = executor.run(model, inputs, options);
  EXPECT_EQ(cache->statistics().entries, 1u);
  const auto second = executor.run(model, inputs, options);
  EXPECT_EQ(second.stepsRun, 0u);
  EXPECT_TRUE(sameBits(first.outputs[1], second.outputs[1]));
}

/// A body that does nothing but stack a scalar, or nothing at all.
Model endlessLoop(bool stacks) {
  GraphBuilder b, body;
  body.input("number", {}, DType::Int64);
  const ValueId going = body.input("going", {}, DType::Bool);
  const ValueId carried = body.input("carried", {});
  body.output(going, DType::Bool);
  body.output(carried);
  if (stacks) body.output(carried);
  const auto outputs = b.nodes("Loop", {b.input("most", {}, DType::Int64), {}, b.input("x", {})},
                               stacks ? 2 : 1, {{"body", body.graph()}});
  for (const ValueId id : outputs) b.output(id);
  return b.model();
}

/// Asks for a stop once the calling thread has computed for 5 ms: it is inside of the loop then.
std::jthread stopOnceBusy(std::stop_source& source) {
  clockid_t clock;
  pthread_getcpuclockid(pthread_self(), &clock);
  const auto milliseconds = [clock] {
    timespec time{};
    clock_gettime(clock, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
  };
  return std::jthread([&source, milliseconds, end = milliseconds() + 5] {
    while (milliseconds() < end) std::this_thread::yield();
    source.request_stop();
  });
}

TEST(ControlFlow, AnAbsurdTripCountCanBeStopped) {
  for (const bool stacks : {false, true}) {
    const Model model = endlessLoop(stacks);
    const Executor executor(model, {});
    std::stop_source source;
    const std::jthread stopper = stopOnceBusy(source);
    RunOptions options;
    options.stop = source.get_token();
    const std::vector inputs{count(std::numeric_limits<std::int64_t>::max()), floats({}, {1})};
    EXPECT_THROW(executor.run(model, inputs, options), Cancelled);
  }
}

TEST(ControlFlow, ALoopInTheWayOfAGradientCanBeStoppedToo) {
  const Model model = endlessLoop(false);
  std::stop_source source;
  const std::jthread stopper = stopOnceBusy(source);
  GradientRequest request;
  request.inputs = {count(std::numeric_limits<std::int64_t>::max()), floats({}, {1})};
  request.wrt = {model.graph->inputs[1]};
  EXPECT_THROW(gradients(model, request, source.get_token()), Cancelled);
}

TEST(ControlFlow, StackedOutputsMustBeAlike) {
  GraphBuilder b(13), body;
  body.input("number", {}, DType::Int64);
  const ValueId going = body.input("going", {}, DType::Bool), rows = body.input("rows", {-1});
  body.output(going, DType::Bool);
  body.output(body.node("Concat", {rows, rows}, {{"axis", std::int64_t{0}}}));
  body.output(rows);
  const auto outputs = b.nodes("Loop", {b.input("most", {}, DType::Int64), {}, b.input("x", {-1})}, 2,
                               {{"body", body.graph()}});
  b.output(outputs[0]);
  b.output(outputs[1]);
  const Model model = b.model();
  const Executor executor(model, {});
  const auto run = [&](std::int64_t most) {
    return executor.run(model, std::vector{count(most), floats({1}, {1})}).outputs;
  };
  EXPECT_EQ(run(1)[0].shape(), (Shape{2}));
  EXPECT_THAT(messageOf([&] { run(2); }),
              HasSubstr("'rows' is float32 of shape 2 in iteration 1, and was float32 of shape 1"));
}

/// state' = state + a - b; stacks the sums a + state.
std::shared_ptr<const Graph> scanBody() {
  GraphBuilder body;
  const ValueId state = body.input("state", {2}), a = body.input("a", {2}), b = body.input("b", {2});
  body.output(body.node("Sub", {body.node("Add", {state, a}), b}));
  body.output(body.node("Add", {a, state}));
  return body.graph();
}

TEST(ControlFlow, ScanTakesAxesAndDirections) {
  GraphBuilder g(11);
  const ValueId state = g.input("state", {2}), a = g.input("a", {2, -1}), b = g.input("b", {-1, 2});
  const auto outputs = g.nodes("Scan", {state, a, b}, 2,
                               {{"body", scanBody()},
                                {"num_scan_inputs", std::int64_t{2}},
                                {"scan_input_axes", ints({-1, 0})},
                                {"scan_input_directions", ints({0, 1})},
                                {"scan_output_axes", ints({1})},
                                {"scan_output_directions", ints({1})}});
  g.output(outputs[0]);
  g.output(outputs[1]);
  const Model model = g.model();
  // The columns of a are (1,4) (2,5) (3,6); the rows of b backward (50,60) (30,40) (10,20).
  const std::vector inputs{floats({2}, {0, 100}), floats({2, 3}, {1, 2, 3, 4, 5, 6}),
                           floats({3, 2}, {10, 20, 30, 40, 50, 60})};
  const auto results = Executor(model, {}).run(model, inputs).outputs;
  EXPECT_TRUE(sameBits(results[0], floats({2}, {-84, -5})));
  EXPECT_TRUE(sameBits(results[1], floats({2, 3}, {-74, -47, 1, 15, 49, 104})));
  const std::vector uneven{inputs[0], inputs[1], floats({2, 2}, {1, 2, 3, 4})};
  EXPECT_THAT(messageOf([&] { Executor(model, {}).run(model, uneven); }),
              HasSubstr("scans sequences of 3 and of 2 slices together"));
}

TEST(ControlFlow, ScanOfOldOperatorSetsTakesABatchOfLengths) {
  GraphBuilder g(8);
  const ValueId lengths = g.input("lengths", {2}, DType::Int64), state = g.input("state", {2, 2});
  const ValueId a = g.input("a", {2, 2, 2}), b = g.input("b", {2, 2, 2});
  const auto outputs =
      g.nodes("Scan", {lengths, state, a, b}, 2,
              {{"body", scanBody()}, {"num_scan_inputs", std::int64_t{2}}, {"directions", ints({1, 0})}});
  g.output(outputs[0]);
  g.output(outputs[1]);
  const Model model = g.model();
  const std::vector inputs{Tensor::from<std::int64_t>({2}, {1, 2}), floats({2, 2}, {0, 0, 1, 1}),
                           floats({2, 2, 2}, {1, 2, 9, 9, 3, 4, 5, 6}),
                           floats({2, 2, 2}, {1, 1, 9, 9, 10, 20, 30, 40})};
  const auto results = Executor(model, {}).run(model, inputs).outputs;
  // Sample 0 has one slice; sample 1 takes a backward: (5,6) - (10,20), (3,4) - (30,40).
  EXPECT_TRUE(sameBits(results[0], floats({2, 2}, {0, 1, -31, -49})));
  EXPECT_TRUE(sameBits(results[1], floats({2, 2, 2}, {1, 2, 0, 0, 6, 7, -1, -9})));
}

TEST(ControlFlow, ErrorsNameTheWayInside) {
  GraphBuilder b, yes, no;
  yes.output(yes.node("MatMul", {yes.capture("x"), yes.capture("x")}));
  no.output(no.node("Neg", {no.capture("x")}));
  const ValueId choice = b.input("choice", {}, DType::Bool);
  b.input("x", {-1, -1});
  b.output(b.node("If", {choice}, {{"then_branch", yes.graph()}, {"else_branch", no.graph()}}));
  const Model model = b.model();
  EXPECT_THAT(messageOf([&] {
                Executor(model, {}).run(model, std::vector{truth(true), randomTensor({2, 3}, 1)});
              }),
              HasSubstr("node 0 'If_0' (If): attribute 'then_branch': node 0 'MatMul_0' (MatMul): "));
}

TEST(ControlFlow, LackingOperatorsInsideAreNamedWithTheirPlace) {
  GraphBuilder b, yes, no;
  yes.output(yes.node("Frobnicate", {yes.capture("x")}));
  no.output(no.node("Neg", {no.capture("x")}));
  const ValueId choice = b.input("choice", {}, DType::Bool);
  b.input("x", {-1});
  b.output(b.node("If", {choice}, {{"then_branch", yes.graph()}, {"else_branch", no.graph()}}));
  EXPECT_THAT(messageOf([&] { Executor(b.model(), {}); }),
              HasSubstr("node 0 'If_0' (If): node 0 'Frobnicate_0' (Frobnicate)"));
}

GradientRequest sumOfOutput(const std::vector<Tensor>& inputs, ValueId wrt) {
  return {inputs, {wrt}, {}, [](std::span<const Tensor> outputs) {
            TensorBuilder seed(DType::Float32, outputs[0].shape());
            std::ranges::fill(seed.as<float>(), 1.0f);
            return std::vector{std::move(seed).build()};
          }};
}

TEST(ControlFlow, GradientsThroughSubgraphsAreRefusedNotZero) {
  const Branching net = branching();
  const std::vector inputs{truth(true), randomTensor({3, 6}, 3)};
  for (const ValueId wrt : {net.x, net.first, net.second})
    EXPECT_THAT(messageOf([&] { gradients(net.model, sumOfOutput(inputs, wrt)); }),
                HasSubstr("node 0 'If_0' (If): no gradient flows through the subgraphs of this operator"));
}

TEST(ControlFlow, GradientsBesideASubgraphAreFound) {
  GraphBuilder b, yes, no;
  const ValueId choice = b.input("choice", {}, DType::Bool), x = b.input("x", {2}), y = b.input("y", {2});
  yes.output(yes.node("Neg", {yes.capture("y")}));
  no.output(no.node("Identity", {no.capture("y")}));
  const ValueId picked = b.node("If", {choice}, {{"then_branch", yes.graph()}, {"else_branch", no.graph()}});
  b.output(b.node("Mul", {picked, x}));
  const Model model = b.model();
  const std::vector inputs{truth(true), floats({2}, {1, 1}), floats({2}, {3, 4})};
  EXPECT_TRUE(sameBits(gradients(model, sumOfOutput(inputs, x)).gradients.at(0), floats({2}, {-3, -4})));
  (void)y;
}

TEST(ControlFlow, ProfilesCountWhatRunsInside) {
  const Branching net = branching();
  const auto times =
      Executor(net.model, {}).profile(net.model, std::vector{truth(true), randomTensor({3, 6}, 3)});
  ASSERT_EQ(times.size(), 1u);
  EXPECT_GE(times[0].flops, 2.0 * 3 * 6 * (6 + 4));
}

TEST(ControlFlow, ManyThreadsShareTheSubgraphsPlans) {
  const Branching net = branching();
  const Executor executor(net.model, {.cache = std::make_shared<ActivationCache>(std::size_t{1} << 22)});
  const Tensor x = randomTensor({3, 6}, 3), expected = straight(net, x);
  std::atomic<int> wrong{0};
  std::vector<std::jthread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < 20; ++i) {
        RunOptions options;
        if (i % 2 == 0) options.batchKey = Key{t, i / 4};
        const auto result = executor.run(net.model, std::vector{truth(true), x}, options);
        if (largestDifference(result.outputs.at(0), expected) != 0) ++wrong;
      }
    });
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace lapidary::core::testing
