// SPDX-License-Identifier: GPL-3.0-or-later
// Students of every kind on every kind of input: they run, their sizes are what their numbers say, and a seed
// gives the same weights always.
#include "core/student/make_student.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/run/executor.h"
#include "core/run/gradient.h"
#include "core/student/initial_weights.h"
#include "core/student/residual_blocks.h"
#include "core/train/trainable.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core {
namespace {

using testing::randomTensor;

struct Case {
  std::string name;
  DType dtype = DType::Float32;
  Shape sample;
  std::int64_t vocabulary = 0;
};

const Case pictures{"pictures", DType::Float32, {3, 10, 12}},
    last{"channels_last", DType::Float32, {10, 12, 3}}, bytes{"bytes", DType::UInt8, {1, 8, 8}},
    table{"table", DType::Float32, {9, 14}}, signal{"signal", DType::Float32, {50}},
    tokens{"tokens", DType::Int64, {12}, 40};

StudentTask taskOf(const Case& each, bool probabilities = false) {
  StudentTask task;
  task.input = "conv1";  // names of its own layers must give way
  task.output = "classes";
  task.dtype = each.dtype;
  task.sample = each.sample;
  task.classes = 5;
  task.probabilities = probabilities;
  task.vocabulary = each.vocabulary;
  return task;
}

Tensor inputFor(const Case& each, std::int64_t samples) {
  Shape shape{samples};
  shape.insert(shape.end(), each.sample.begin(), each.sample.end());
  const Tensor noise = randomTensor(shape, 7, each.dtype != DType::Float32 ? 20.0f : 1.0f);
  if (each.vocabulary == 0 && each.dtype == DType::Float32) return noise;
  std::vector<float> whole;
  for (const float value : noise.as<float>()) whole.push_back(std::floor(std::abs(value)));
  return convert(Tensor::from<float>(shape, std::span<const float>(whole)), each.dtype);
}

std::vector<float> outputOf(const Model& model, const Tensor& input) {
  const Tensor inputs[]{input};
  const Tensor output = Executor(model, {}).run(model, inputs).outputs.at(0);
  return {output.as<float>().begin(), output.as<float>().end()};
}

/// Forward, and a gradient that reaches every weight.
void expectTrains(const Model& model, const Tensor& input) {
  GradientRequest request;
  request.inputs = {input};
  request.wrt = trainableValues(model);
  ASSERT_EQ(request.wrt.size() > 1, true);
  request.seed = [](std::span<const Tensor> outputs) {
    return std::vector<Tensor>{randomTensor(outputs.front().shape(), 3)};
  };
  const GradientResult result = gradients(model, request);
  EXPECT_EQ(result.outputs.front().shape(), (Shape{input.shape().front(), 5}));
  for (std::size_t i = 0; i < request.wrt.size(); ++i) {
    const auto values = result.gradients[i].as<float>();
    EXPECT_TRUE(std::ranges::any_of(values, [](float x) { return x != 0; }))
        << model.graph->value(request.wrt[i]).name;
  }
}

TEST(MakeStudent, TheGalleryRunsAndTrainsOnEveryKindOfInput) {
  for (const std::string words : {"mlp:16-8", "mlp:none", "cnn:4-6", "cnn:4,kernel=5,pool=1,head=global",
                                  "transformer:16,depth=2,heads=2,patch=4,feed_forward=24"})
    for (const Case& each : {pictures, last, bytes, table, signal, tokens}) {
      SCOPED_TRACE(words + " on " + each.name);
      const Model model = makeStudent(studentFromWords(words), {}, taskOf(each), 1);
      EXPECT_EQ(model.graph->value(model.graph->inputs.front()).name, "conv1");
      EXPECT_EQ(model.graph->value(model.graph->outputs.front()).name, "classes");
      EXPECT_EQ(outputOf(model, inputFor(each, 3)).size(), 15u);
      expectTrains(model, inputFor(each, 3));
    }
}

TEST(MakeStudent, ASampleDoesNotDependOnItsNeighbours) {
  for (const std::string words : {"cnn:4-6", "transformer:16,patch=4"})
    for (const Case& each : {pictures, tokens}) {
      const Model model = makeStudent(studentFromWords(words), {}, taskOf(each), 1);
      const Tensor three = inputFor(each, 3);
      const std::size_t stride = three.bytes().size() / 3;
      Shape shape = three.shape();
      shape.front() = 1;
      const Tensor second(three.dtype(), shape, {three.owner(), three.bytes().subspan(stride, stride)});
      const auto all = outputOf(model, three), one = outputOf(model, second);
      for (std::size_t c = 0; c < 5; ++c) EXPECT_NEAR(all[5 + c], one[c], 1e-5);
    }
}

TEST(MakeStudent, ParametersAreWhatTheNumbersSay) {
  const auto parametersOf = [](const std::string& words, const Case& each) {
    std::int64_t count = 0;
    const Model model = makeStudent(studentFromWords(words), {}, taskOf(each), 1);
    for (const ValueId id : trainableValues(model)) count += model.weights.at(id).size();
    return count;
  };
  EXPECT_EQ(parametersOf("mlp:16-8", pictures), 360 * 16 + 16 + 16 * 8 + 8 + 8 * 5 + 5);
  EXPECT_EQ(parametersOf("mlp:16", tokens), 40 * 16 + 16 * 16 + 16 + 16 * 5 + 5);
  EXPECT_EQ(parametersOf("cnn:4-6", pictures), 4 * 27 + 4 + 6 * 36 + 6 + 6 * 2 * 3 * 5 + 5);
  const std::int64_t block = 4 * (16 * 16 + 16) + 2 * 32 + 16 * 24 + 24 + 24 * 16 + 16;
  EXPECT_EQ(parametersOf("transformer:16,heads=2,depth=2,feed_forward=24", tokens),
            40 * 16 + 12 * 16 + 2 * block + 32 + 16 * 5 + 5);
}

TEST(MakeStudent, TheSeedDecidesTheWeights) {
  const auto weights = [](std::uint64_t seed) {
    const Model model = makeStudent(studentFromWords("cnn:8-16"), {}, taskOf(pictures), seed);
    const auto first = model.weights.at(model.layers.front().weight).as<float>();
    return std::vector<float>(first.begin(), first.end());
  };
  EXPECT_EQ(weights(1), weights(1));
  EXPECT_NE(weights(1), weights(2));
}

TEST(MakeStudent, WeightsStartWithTheVarianceOfHe) {
  InitialWeights source(5);
  double sum = 0, squares = 0;
  for (int i = 0; i < 50; ++i) {
    const Tensor weights = source.he({200, 300}, 300);
    for (const float w : weights.as<float>()) {
      sum += w;
      squares += static_cast<double>(w) * w;
    }
  }
  EXPECT_NEAR(sum / 3e6, 0, 2e-4);
  EXPECT_NEAR(squares / 3e6, 2.0 / 300, 2e-5);
}

TEST(MakeStudent, OfProbabilitiesItGivesProbabilities) {
  const Model model = makeStudent(studentFromWords("mlp:8"), {}, taskOf(pictures, true), 1);
  const auto output = outputOf(model, inputFor(pictures, 1));
  float sum = 0;
  for (const float p : output) sum += p;
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST(MakeStudent, RefusesWhatDoesNotFit) {
  EXPECT_THROW(makeStudent(studentFromWords("mlp:65536-65536"), {}, taskOf(pictures), 1), Error);
  EXPECT_THROW(makeStudent(studentFromWords("cnn:4"), {}, taskOf({"", DType::Float32, {2, 3, 4, 5}}), 1),
               Error);
  EXPECT_THROW(makeStudent(studentFromWords("file:/nowhere/x.onnx"), {}, taskOf(pictures), 1), Error);
}

StudentTask taskOfSmallNet() {
  StudentTask task;
  task.example = {randomTensor({1, 3, 8, 8}, 1)};
  return task;
}

TEST(MakeStudent, NarrowerKeepsAShareOfTheChannels) {
  const testing::SmallNet net = testing::smallNet();
  Model teacher = net.model;
  teacher.layers = findLayers(*teacher.graph);
  const Model student = makeStudent(studentFromWords("narrow:0.5"), teacher, taskOfSmallNet(), 1);
  EXPECT_EQ(student.weights.at(net.conv1).shape(), (Shape{4, 3, 3, 3}));
  EXPECT_EQ(student.weights.at(net.conv3).shape(), (Shape{6, 4, 3, 3}));
  EXPECT_EQ(outputOf(student, randomTensor({2, 3, 8, 8}, 2)).size(), 10u);
  const Model fresh = makeStudent(studentFromWords("narrow:0.5,weights=fresh"), teacher, taskOfSmallNet(), 1);
  EXPECT_FALSE(testing::sameBits(fresh.weights.at(net.conv1), student.weights.at(net.conv1)));
  const std::vector<ValueId> trained = trainableValues(fresh);
  EXPECT_EQ(trained.size(), trainableValues(student).size());
}

TEST(MakeStudent, ShallowerLeavesTheBlockOut) {
  const testing::SmallNet net = testing::smallNet();
  Model teacher = net.model;
  teacher.layers = findLayers(*teacher.graph);
  const StudentTask task = taskOfSmallNet();
  ASSERT_EQ(residualBlocks(teacher, task.example).size(), 1u);
  const Model whole = makeStudent(studentFromWords("shallow:1"), teacher, task, 1);
  const Tensor input = randomTensor({2, 3, 8, 8}, 2);
  EXPECT_EQ(outputOf(whole, input), outputOf(teacher, input));
  const Model student = makeStudent(studentFromWords("shallow:0.2"), teacher, task, 1);
  EXPECT_FALSE(student.weights.contains(net.conv2));
  EXPECT_EQ(student.layers.size(), teacher.layers.size() - 1);
  // A branch of weights 0 and a normalisation that shifts by nothing adds nothing: the same function.
  Model silent = teacher;
  silent.weights[net.conv2] = filled(silent.weights.at(net.conv2).shape(), 0);
  for (const char* name : {"bn2.bias", "bn2.mean"}) {
    const ValueId id = silent.graph->findValue(name);
    silent.weights[id] = filled(silent.weights.at(id).shape(), 0);
  }
  const auto expected = outputOf(silent, input), found = outputOf(student, input);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5);
}

TEST(MakeStudent, ATeacherWithoutBlocksSaysSo) {
  const Model plain = makeStudent(studentFromWords("cnn:4"), {}, taskOf(pictures), 1);
  StudentTask task = taskOf(pictures);
  task.example = {inputFor(pictures, 1)};
  try {
    makeStudent(studentFromWords("shallow:0.5"), plain, task, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no residual blocks"), std::string::npos);
  }
}

TEST(MakeStudent, BlocksOfItsOwnTransformersCanGo) {
  StudentTask task = taskOf(tokens);
  task.example = {inputFor(tokens, 1)};
  const Model teacher = makeStudent(studentFromWords("transformer:16,depth=3"), {}, task, 1);
  EXPECT_EQ(residualBlocks(teacher, task.example).size(), 6u);
  const Model student = makeStudent(studentFromWords("shallow:0.5"), teacher, task, 1);
  EXPECT_EQ(residualBlocks(student, task.example).size(), 3u);
  expectTrains(student, inputFor(tokens, 2));
}

}  // namespace
}  // namespace lapidary::core
