// SPDX-License-Identifier: GPL-3.0-or-later
// Distillation on the demo: students learn with labels, without, and with further samples, the same for any
// workers.
#include "core/finetune/distill.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>

#include "core/data/data_split.h"
#include "core/finetune/distill_forecast.h"
#include "core/finetune/student_comparison.h"
#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"
#include "core/run/executor.h"
#include "core/student/make_student.h"
#include "tests/support/demo_digits.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

struct DistillTraining {
  DistillTraining()
      : model(readModel(demo + "lenet300.onnx")),
        learning(splitData(*digits(model, "digits_train.npz"), model, 0.8, 0).choosing),
        session(model, learning, {}),
        student(makeStudent(studentFromWords("mlp:16"), model, studentTask(session), 3)) {}

  DistillRequest request() const {
    DistillRequest request;
    request.train.optimizer.kind = OptimizerKind::Adam;
    request.train.rate = {.base = 1e-2, .schedule = RateSchedule::Cosine};
    request.train.epochs = 10;
    request.train.workers = 2;
    return request;
  }
  StudentComparison compared(const Model& of) const {
    const Session teacher(model, digits(model, "digits_test.npz"), {});
    return compareStudent(teacher, of, *studentData(*teacher.data(), of), {});
  }

  Model model;
  std::shared_ptr<const Dataset> learning;
  Session session;
  Model student;
};

TEST(DistillForecast, IsOfAllEpochsAndRefusedWithoutData) {
  const DistillTraining training;
  const TrainingForecast ten = forecastDistill(training.session, training.student, training.request(), {});
  EXPECT_GT(ten.perEpoch, 0);
  EXPECT_GE(ten.seconds, 10 * ten.perEpoch);
  const Session without(training.model, nullptr, {});
  EXPECT_THROW(forecastDistill(without, training.student, training.request(), {}), Error);
}

/// A training whose steps take a time that is known.
TEST(TrainingForecast, CountsSamplesThatAreNotTried) {
  const DistillTraining training;
  const auto run = [](const Session&, const Progress& watched, const auto& onEpoch) {
    const auto work = [](std::chrono::milliseconds time) {
      const auto until = std::chrono::steady_clock::now() + time;
      while (std::chrono::steady_clock::now() < until) {
      }
    };
    onEpoch(0);
    for (std::size_t step = 0; step < 4; ++step) {
      watched.step(step, 4);
      work(std::chrono::milliseconds(10));
    }
    onEpoch(1);
  };
  const std::size_t all = training.session.data()->size();
  const TrainingForecast own = forecastTraining(training.session, {16, 3, 0, 0, run}, {});
  const TrainingForecast more = forecastTraining(training.session, {16, 3, 0, 9 * all, run}, {});
  EXPECT_GE(own.perEpoch, 0.03 * static_cast<double>(all) / 64);
  EXPECT_GT(more.perEpoch, 3 * own.perEpoch) << "ten times as many samples";
}

TEST(Distill, ATaskIsReadFromTheTeacher) {
  const DistillTraining training;
  const StudentTask task = studentTask(training.session);
  EXPECT_EQ(task.classes, 10);
  EXPECT_EQ(task.input, training.model.graph->value(training.model.graph->inputs.front()).name);
  EXPECT_EQ(task.sample, (Shape{1, 28, 28}));
  EXPECT_FALSE(task.probabilities || task.tokens());
}

TEST(Distill, AStudentLearnsFromLabelsAndTeacherAndIsCompared) {
  const DistillTraining training;
  const Distilled distilled = distill(training.session, training.student, training.request(), {});
  EXPECT_EQ(distilled.epochs.front().epoch, 0u);
  EXPECT_LT(distilled.epochs.front().quality, 0.4);
  const StudentComparison found = training.compared(distilled.model);
  EXPECT_GT(*found.quality.top1, 0.85);
  EXPECT_GT(*found.quality.agreement, 0.85);
  EXPECT_NEAR(*found.quality.originalTop1, 0.986, 1e-9);
  EXPECT_LT(found.teacherInterval->low, *found.quality.originalTop1);
  EXPECT_EQ(found.studentParameters, 784 * 16 + 16 + 16 * 10 + 10);
  EXPECT_LT(found.studentBytes * 10, found.teacherBytes);
  EXPECT_EQ(found.drift->samples, 64u);
  EXPECT_GT(found.drift->rank.mean, -1);
  EXPECT_LT(found.drift->rank.mean, 1);
  EXPECT_GT(found.latency.seconds, 0);
  std::int64_t right = 0;
  for (std::size_t c = 0; c < 10; ++c) right += found.answers.confusion[c * 10 + c];
  EXPECT_EQ(right, std::llround(*found.quality.top1 * 2000));
}

TEST(Distill, TheTeacherAloneTeachesWithoutLabels) {
  const DistillTraining training;
  DistillRequest request = training.request();
  request.loss.teacher = 1;
  const Distilled distilled = distill(training.session, training.student, request, {});
  EXPECT_GT(*training.compared(distilled.model).quality.agreement, 0.85);
}

TEST(Distill, FurtherSamplesWithoutLabelsTeachTo) {
  const DistillTraining training;
  const DataSplit split =
      splitData(*training.learning, training.model, 0.9, 0);  // 160 with labels, 1,440 without
  const Session few(training.model, split.choosing, {});
  DistillRequest request = training.request();
  request.loss.teacher = 0;
  request.heldOut = 0.25;
  request.patience = 100;
  const double alone = *training.compared(distill(few, training.student, request, {}).model).quality.top1;
  request.unlabelled = split.reporting->sharedSource();
  const double taught = *training.compared(distill(few, training.student, request, {}).model).quality.top1;
  EXPECT_GT(taught, alone + 0.05);
}

void expectSameWeights(const Model& a, const Model& b) {
  for (const Layer& layer : a.layers)
    EXPECT_TRUE(std::ranges::equal(a.weights.at(layer.weight).bytes(), b.weights.at(layer.weight).bytes()))
        << layer.name;
}

TEST(Distill, IsTheSameForAnyNumberOfWorkers) {
  const DistillTraining training;
  DistillRequest request = training.request();
  request.train.epochs = 1;
  const Distilled two = distill(training.session, training.student, request, {});
  request.train.workers = 1;
  const Distilled one = distill(training.session, training.student, request, {});
  ASSERT_EQ(one.best, 1u);
  expectSameWeights(one.model, two.model);
}

/// The same epochs and the same weights.
void expectSame(const Distilled& a, const Distilled& b) {
  EXPECT_EQ(a.best, b.best);
  ASSERT_EQ(a.epochs.size(), b.epochs.size());
  for (std::size_t i = 0; i < a.epochs.size(); ++i) {
    EXPECT_EQ(a.epochs[i].validationLoss, b.epochs[i].validationLoss) << i;
    EXPECT_EQ(a.epochs[i].loss, b.epochs[i].loss) << i;
  }
  expectSameWeights(a.model, b.model);
}

/// Ends after this epoch, as a person who has had enough.
Distilled until(std::size_t last, const Session& teacher, const Model& student,
                const DistillRequest& request) {
  return distill(teacher, student, request, {}, [&](const TrainedEpoch& e) { return e.epoch < last; });
}

TEST(Distill, GoesOnFromItsCheckpointWithTheSameBits) {
  const DistillTraining training;
  DistillRequest request = training.request();
  request.train.epochs = 5;
  request.train.augmentation = {.flip = false, .shift = 1, .crop = 0};
  request.patience = 100;
  const Distilled whole = distill(training.session, training.student, request, {});
  const testing::TemporaryFolder folder;
  request.checkpoint = folder.path("distill.checkpoint");
  for (const std::size_t last : {1, 3}) {
    request.train.workers = last == 1 ? 1 : 2;
    const Distilled part = until(last, training.session, training.student, request);
    ASSERT_EQ(part.epochs.size(), last + 1);
    ASSERT_TRUE(std::filesystem::exists(request.checkpoint));
  }
  expectSame(distill(training.session, training.student, request, {}), whole);
  EXPECT_FALSE(std::filesystem::exists(request.checkpoint)) << "it is done with";
}

/// Stopped in the middle of an epoch, which is then begun anew; with features, further samples and what
/// normalisations have counted.
TEST(Distill, GoesOnInTheMiddleOfAnEpochWithAllThatTeaches) {
  const DistillTraining training;
  const DataSplit split = splitData(*training.learning, training.model, 0.7, 0);
  const Session few(training.model, split.choosing, {});
  const Model narrow =
      makeStudent(studentFromWords("narrow:0.2,weights=fresh"), training.model, studentTask(few), 3);
  const std::string output = training.model.graph->value(training.model.graph->outputs.front()).name,
                    mine = narrow.graph->value(narrow.graph->outputs.front()).name;
  DistillRequest request = training.request();
  request.train.epochs = 4;
  request.train.normStatistics = NormStatistics::Batch;
  request.features = {output, mine, 0.1};
  request.unlabelled = split.reporting->sharedSource();
  const Distilled whole = distill(few, narrow, request, {});
  const testing::TemporaryFolder folder;
  request.checkpoint = folder.path("distill.checkpoint");
  std::stop_source source;
  const Distilled part = distill(few, narrow, request, {source.get_token(), {}}, {}, [&](const StepNews& n) {
    if (n.step > n.steps / 2 + 3) source.request_stop();
  });
  EXPECT_EQ(part.epochs.size(), 3u);
  expectSame(distill(few, narrow, request, {}), whole);
}

/// One that ended by itself, whose end was interrupted before the file was removed, is not trained further.
TEST(Distill, WhatHadEndedByItselfIsNotTrainedFurther) {
  const DistillTraining training;
  DistillRequest request = training.request();
  request.train.epochs = 30;
  request.train.rate.base = 1;  // too steep to get better for long
  request.patience = 2;
  const Distilled whole = distill(training.session, training.student, request, {});
  ASSERT_LT(whole.epochs.size(), 31u);
  const testing::TemporaryFolder folder;
  request.checkpoint = folder.path("distill.checkpoint");
  until(whole.epochs.back().epoch, training.session, training.student, request);
  ASSERT_TRUE(std::filesystem::exists(request.checkpoint));
  expectSame(distill(training.session, training.student, request, {}), whole);
}

TEST(Distill, ACheckpointOfAnotherTrainingIsRefusedAndStays) {
  const DistillTraining training;
  const testing::TemporaryFolder folder;
  DistillRequest request = training.request();
  request.checkpoint = folder.path("distill.checkpoint");
  until(1, training.session, training.student, request);
  const std::string before = testing::contentOf(request.checkpoint);
  const auto expectRefused = [&](const char* what, const Session& teacher, const Model& student,
                                 const DistillRequest& asked) {
    const std::string message = testing::messageOf([&] { distill(teacher, student, asked, {}); });
    EXPECT_NE(message.find("of another training"), std::string::npos) << what << ": " << message;
    EXPECT_NE(message.find("distill.checkpoint"), std::string::npos) << what;
    EXPECT_TRUE(testing::contentOf(request.checkpoint) == before) << what;
  };
  const auto expectOther = [&](const char* what, const auto& change) {
    DistillRequest other = request;
    change(other);
    expectRefused(what, training.session, training.student, other);
  };
  expectOther("seed", [](DistillRequest& r) { r.train.seed = 99; });
  expectOther("epochs", [](DistillRequest& r) { r.train.epochs += 1; });
  expectOther("warm up", [](DistillRequest& r) { r.train.rate.warmUp = 3; });
  expectOther("factor", [](DistillRequest& r) { r.train.rate.factor = 0.7; });
  expectOther("patience", [](DistillRequest& r) { r.patience = 7; });
  expectOther("temperature", [](DistillRequest& r) { r.loss.temperature = 2; });
  expectOther("unlabelled", [&](DistillRequest& r) { r.unlabelled = training.learning->sharedSource(); });
  expectOther("preprocess", [&](DistillRequest& r) {
    r.preprocess = training.learning->preprocess();
    r.preprocess->scale *= 2;
  });
  const Model other =
      makeStudent(studentFromWords("mlp:16"), training.model, studentTask(training.session), 4);
  expectRefused("student", training.session, other, request);
  const Session test(training.model, digits(training.model, "digits_test.npz"), {});
  expectRefused("data", test, training.student, request);
  request.train.workers = 1;  // the same training
  EXPECT_NO_THROW(until(2, training.session, training.student, request));
}

TEST(Distill, ADamagedOrOlderCheckpointIsRefusedAndStays) {
  const DistillTraining training;
  const testing::TemporaryFolder folder;
  DistillRequest request = training.request();
  request.checkpoint = folder.path("distill.checkpoint");
  until(2, training.session, training.student, request);
  const std::string whole = testing::contentOf(request.checkpoint);
  const auto refusal = [&](const std::string& content) {
    folder.write("distill.checkpoint", content);
    const std::string message =
        testing::messageOf([&] { distill(training.session, training.student, request, {}); });
    EXPECT_TRUE(testing::contentOf(request.checkpoint) == content);
    EXPECT_NE(message.find("distill.checkpoint (remove it, or name another file"), std::string::npos)
        << message;
    return message;
  };
  for (const std::size_t length : {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size() - 1})
    refusal(whole.substr(0, length));
  const auto with = [&](const std::string& name, const Tensor& array) {
    folder.write("whole.npz", whole);
    auto arrays = readNpz(mapFile(folder.path("whole.npz")));
    arrays.insert_or_assign(name, array);
    std::string content;
    writeNpz(arrays, [&](std::span<const std::byte> part) { content += textOf(part); });
    return content;
  };
  const auto meta = [](std::vector<std::int64_t> values) {
    return Tensor::from<std::int64_t>({static_cast<std::int64_t>(values.size())},
                                      std::span<const std::int64_t>(values));
  };
  EXPECT_NE(refusal(with("meta", meta({0, 0, 2, 50, 2, 0}))).find("another version of this program"),
            std::string::npos);
  EXPECT_NE(refusal(with("meta", meta({1, 0, 1'000'000'000'000, 50, 2, 0}))).find("last epoch"),
            std::string::npos);
  const std::vector<float> one(1);
  refusal(with("number.0", Tensor::from<float>({1}, std::span<const float>(one))));
}

TEST(Distill, AStopKeepsTheBestSoFar) {
  const DistillTraining training;
  std::stop_source source;
  const Distilled distilled = distill(training.session, training.student, training.request(),
                                      {source.get_token(), {}}, [&](const TrainedEpoch& e) {
                                        if (e.epoch == 1) source.request_stop();
                                        return true;
                                      });
  EXPECT_EQ(distilled.epochs.size(), 2u);
  EXPECT_EQ(distilled.best, 1u);
}

/// Mean square of the difference of a value in two models on the first 100 samples.
double difference(const Model& a, const Model& b, const std::string& value, const Dataset& data) {
  std::vector<std::size_t> samples(100);
  std::iota(samples.begin(), samples.end(), 0);
  const auto valueOf = [&](const Model& model) {
    RunOptions options;
    options.wanted = {model.graph->findValue(value)};
    return Executor(model, {}).run(model, data.inputs(samples), options).wanted.front();
  };
  const Tensor x = valueOf(a), y = valueOf(b);
  double sum = 0;
  for (std::size_t i = 0; i < x.as<float>().size(); ++i)
    sum += std::pow(static_cast<double>(x.as<float>()[i]) - static_cast<double>(y.as<float>()[i]), 2);
  return sum / static_cast<double>(x.size());
}

/// A student that is its teacher but for one layer finds back what stood behind that layer.
TEST(Distill, MatchingFeaturesBringsThemNearer) {
  const DistillTraining training;
  const Layer& first = training.model.layers.front();
  const Graph& graph = *training.model.graph;
  const std::string inside = graph.value(graph.node(first.node).outputs.front()).name;
  Model student = training.model;
  std::vector<float> spoilt;
  for (const float w : student.weights.at(first.weight).as<float>()) spoilt.push_back(-0.2f * w);
  student.weights[first.weight] = Tensor::from<float>(first.shape, std::span<const float>(spoilt));
  DistillRequest request = training.request();
  request.train.rate = {.base = 3e-3};
  request.patience = 100;
  const Distilled without = distill(training.session, student, request, {});
  request.features = {inside, inside, 1};
  const Distilled matched = distill(training.session, student, request, {});
  EXPECT_GT(matched.best, 0u);
  EXPECT_LT(difference(matched.model, training.model, inside, *training.learning),
            0.5 * difference(without.model, training.model, inside, *training.learning));
  EXPECT_EQ(matched.model.graph->outputs.size(), 1u);
  request.features.student = "fish";
  EXPECT_THROW(distill(training.session, student, request, {}), Error);
  request.features = {inside, student.graph->value(student.graph->outputs.front()).name, 1};
  EXPECT_THROW(distill(training.session, student, request, {}), Error);
}

TEST(Distill, SaysWhatDoesNotFit) {
  const DistillTraining training;
  EXPECT_THROW(distill(Session(training.model, nullptr, {}), training.student, training.request(), {}),
               Error);
  StudentTask task = studentTask(training.session);
  task.classes = 7;
  const Model other = makeStudent(studentFromWords("mlp:8"), training.model, task, 1);
  try {
    distill(training.session, other, training.request(), {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("7 classes, the teacher 10"), std::string::npos) << error.what();
  }
  task = studentTask(training.session);
  task.sample = {3, 32, 32};
  const Model larger = makeStudent(studentFromWords("mlp:8"), training.model, task, 1);
  EXPECT_THROW(distill(training.session, larger, training.request(), {}), Error);
}

TEST(Distill, TheStudentIsWrittenAndReadLikeAnyModel) {
  const DistillTraining training;
  DistillRequest request = training.request();
  request.train.epochs = 1;
  const Distilled distilled = distill(training.session, training.student, request, {});
  const auto data = studentData(*training.learning, distilled.model);
  const std::string path = ::testing::TempDir() + "student.onnx";
  const SavedFile saved = Session(distilled.model, data, {}).save({}, path, {});
  const Model read = readModel(path);
  EXPECT_EQ(saved.bytes, distilled.model.source.fileBytes);
  EXPECT_EQ(read.graph->value(read.graph->outputs.front()).name,
            training.model.graph->value(training.model.graph->outputs.front()).name);
  EXPECT_EQ(read.layers.size(), 2u);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace lapidary::core
