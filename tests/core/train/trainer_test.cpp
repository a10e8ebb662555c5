// SPDX-License-Identifier: GPL-3.0-or-later
// Trainings of a small network: the same bits however the work is shared or interrupted.
#include "core/train/trainer.h"

#include <gtest/gtest.h>

#include "core/run/batch_gradient.h"
#include "core/run/executor.h"
#include "core/train/loss.h"
#include "core/train/trainable.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core::testing {
namespace {

constexpr std::size_t classes = 3;

Tensor constant(std::int64_t count, float value) {
  return Tensor::from<float>({count}, std::vector<float>(static_cast<std::size_t>(count), value));
}

/// Two convolutions, each with a normalisation, of 2 x 6 x 6 images.
Model normedNetwork(std::int64_t trainingMode = 0) {
  GraphBuilder graph;
  ValueId x = graph.input("image", {-1, 2, 6, 6});
  for (int i = 0; i < 2; ++i) {
    const std::string n = std::to_string(i);
    const std::int64_t in = i == 0 ? 2 : 4;
    x = graph.node(
        "Conv", {x, graph.weight("w" + n, randomTensor({4, in, 3, 3}, 7u + static_cast<unsigned>(i)))},
        {{"kernel_shape", std::vector<std::int64_t>{3, 3}}, {"pads", std::vector<std::int64_t>{1, 1, 1, 1}}});
    x = graph
            .nodes("BatchNormalization",
                   {x, graph.weight("scale" + n, randomTensor({4}, 9)),
                    graph.weight("bias" + n, randomTensor({4}, 10)), graph.weight("mean" + n, constant(4, 0)),
                    graph.weight("var" + n, constant(4, 1))},
                   trainingMode != 0 ? 3 : 1, {{"training_mode", trainingMode}})
            .front();
    x = graph.node("Tanh", {x});
  }
  x = graph.node("Flatten", {x});
  graph.output(graph.node("MatMul", {x, graph.weight("out", randomTensor({144, classes}, 12))}));
  return graph.model();
}

TrainSubject subjectOf(const Model& model, const Tensor& images) {
  TrainSubject subject;
  subject.start = model;
  subject.trained = trainableValues(model);
  subject.samples = static_cast<std::size_t>(images.shape()[0]);
  subject.inputs = [images](std::span<const std::size_t> samples) {
    TensorBuilder builder(DType::Float32, {static_cast<std::int64_t>(samples.size()), 2, 6, 6});
    auto* out = builder.as<float>().data();
    for (const std::size_t i : samples) out = std::copy_n(images.as<float>().data() + i * 72, 72, out);
    return std::vector<Tensor>{std::move(builder).build()};
  };
  subject.loss = [](std::span<const Tensor> outputs, std::span<const std::size_t> samples) {
    std::vector<std::int64_t> wanted;
    for (const std::size_t i : samples) wanted.push_back(static_cast<std::int64_t>(i % classes));
    const Loss loss = crossEntropy({outputs[0].as<float>(), classes}, wanted);
    return TrainSubject::Gradients{
        loss.sum, {Tensor::from<float>(outputs[0].shape(), std::span<const float>(loss.gradient))}};
  };
  return subject;
}

TrainSettings settingsOf(unsigned workers, std::size_t epochs = 4) {
  TrainSettings settings;
  settings.optimizer.kind = OptimizerKind::Adam;
  settings.rate.base = 0.01;
  settings.epochs = epochs;
  settings.batch = 40;
  settings.workers = workers;
  settings.normStatistics = NormStatistics::Batch;
  settings.augmentation = {.flip = true, .shift = 1, .crop = 0.2};
  return settings;
}

Model trained(const TrainSubject& subject, const TrainSettings& settings, const TrainState* from = nullptr) {
  Model last;
  train(subject, settings, {},
        TrainHooks{[&](const EpochNews& news) {
                     last = *news.model;
                     return true;
                   },
                   nullptr},
        from);
  return last;
}

void expectSameBits(const Model& a, const Model& b) {
  for (const auto& [id, tensor] : a.weights)
    EXPECT_TRUE(std::ranges::equal(tensor.bytes(), b.weights.at(id).bytes())) << a.graph->value(id).name;
}

TEST(Trainer, GivesTheSameBitsForAnyNumberOfWorkers) {
  const Model model = normedNetwork();
  const TrainSubject subject = subjectOf(model, randomTensor({90, 2, 6, 6}, 3));
  const Model one = trained(subject, settingsOf(1)), three = trained(subject, settingsOf(3));
  expectSameBits(one, three);
  for (const ValueId id : subject.trained)
    EXPECT_FALSE(std::ranges::equal(one.weights.at(id).bytes(), model.weights.at(id).bytes()))
        << model.graph->value(id).name << " has not moved";
}

TEST(Trainer, GoesOnAfterAnInterruptionAsIfThereWasNone) {
  const Model model = normedNetwork();
  const TrainSubject subject = subjectOf(model, randomTensor({90, 2, 6, 6}, 3));
  TrainState state;
  train(subject, settingsOf(2), {},
        TrainHooks{[&](const EpochNews& news) {
                     state = news.state();
                     return news.epoch < 2;
                   },
                   nullptr});
  ASSERT_EQ(state.epoch, 2u);
  expectSameBits(trained(subject, settingsOf(2)), trained(subject, settingsOf(2), &state));
}

TEST(Trainer, RefusesTheStateOfAnotherTraining) {
  const Model model = normedNetwork();
  const TrainSubject subject = subjectOf(model, randomTensor({50, 2, 6, 6}, 3));
  TrainState state;
  train(subject, settingsOf(1, 1), {},
        TrainHooks{[&](const EpochNews& news) {
                     state = news.state();
                     return true;
                   },
                   nullptr});
  state.numbers.front().pop_back();
  EXPECT_THROW(trained(subject, settingsOf(1), &state), Error);
}

TEST(Trainer, StatisticsFollowTheBatches) {
  const Model model = normedNetwork();
  const TrainSubject subject = subjectOf(model, randomTensor({80, 2, 6, 6}, 3));
  TrainSettings settings = settingsOf(1, 1);
  const Model after = trained(subject, settings);
  settings.normStatistics = NormStatistics::Frozen;
  const Model frozen = trained(subject, settings);
  std::size_t moved = 0;
  for (const auto& [id, tensor] : model.weights) {
    const std::string& name = model.graph->value(id).name;
    if (!name.starts_with("mean") && !name.starts_with("var")) continue;
    moved += !std::ranges::equal(tensor.bytes(), after.weights.at(id).bytes());
    EXPECT_TRUE(std::ranges::equal(tensor.bytes(), frozen.weights.at(id).bytes())) << name;
  }
  EXPECT_EQ(moved, 4u);
}

/// The loss of the whole batch at once, by the operator's own training mode.
double lossOf(const Model& model, const TrainSubject& subject, std::span<const std::size_t> samples) {
  const auto outputs =
      Executor(model, {.fuse = false, .cache = nullptr}).run(model, subject.inputs(samples)).outputs;
  return subject.loss(outputs, samples).sum;
}

/// The two networks number their values differently.
ValueId valueNamed(const Model& model, const std::string& name) {
  const auto found = std::ranges::find(model.graph->values, name, &Value::name);
  return {static_cast<std::uint32_t>(found - model.graph->values.begin())};
}

TEST(BatchGradient, FlowsThroughTheStatisticsOfAllShares) {
  const Model model = normedNetwork(), judge = normedNetwork(1);
  const TrainSubject subject = subjectOf(model, randomTensor({10, 2, 6, 6}, 3));
  const std::vector<std::size_t> all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const BackwardPlan plan(model, {subject.trained, {}, true, true});
  std::vector<BatchShare> shares;
  for (const auto mine : {std::span(all).first(4), std::span(all).subspan(4, 3), std::span(all).subspan(7)})
    shares.push_back(
        {[&subject, mine] { return subject.inputs(mine); },
         [&subject, mine](std::span<const Tensor> outputs) { return subject.loss(outputs, mine).outputs; }});
  const BatchGradient gradient = batchGradient(plan, model, shares, subject.trained, 2, {});
  for (std::size_t k = 0; k < subject.trained.size(); ++k) {
    const ValueId id = subject.trained[k];
    const std::size_t size = model.weights.at(id).as<float>().size();
    for (std::size_t i = 0; i < size; i += std::max<std::size_t>(1, size / 6)) {
      double ours = 0;
      for (const auto& share : gradient.gradients) ours += static_cast<double>(share[k].as<float>()[i]);
      const auto moved = [&](float by) {
        Model edited = judge;
        TensorBuilder builder(DType::Float32, model.weights.at(id).shape());
        std::ranges::copy(model.weights.at(id).as<float>(), builder.as<float>().begin());
        builder.as<float>()[i] += by;
        edited.weights[valueNamed(judge, model.graph->value(id).name)] = std::move(builder).build();
        return lossOf(edited, subject, all);
      };
      const double numeric = (moved(5e-3f) - moved(-5e-3f)) / 1e-2;
      EXPECT_NEAR(ours, numeric, 1e-2 * (1 + std::abs(numeric))) << model.graph->value(id).name << " " << i;
    }
  }
}

TEST(BatchGradient, RefusesStatisticsThatAreNotANodesOwn) {
  GraphBuilder graph;
  ValueId x = graph.input("x", {-1, 2});
  const ValueId shared = graph.weight("both", constant(2, 1));
  x = graph.node("BatchNormalization", {x, shared, shared, shared, shared});
  graph.output(x);
  const Model model = graph.model();
  EXPECT_THROW(BackwardPlan(model, {{}, {}, true, false}), Error);
}

}  // namespace
}  // namespace lapidary::core::testing
