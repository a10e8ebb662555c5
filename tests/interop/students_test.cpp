// SPDX-License-Identifier: GPL-3.0-or-later
// Students of every kind, trained for an epoch on a few samples and exported: ONNX Runtime gives the same
// scores.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "core/data/data_split.h"
#include "core/finetune/distill.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "core/student/make_student.h"
#include "tests/interop/judge.h"
#include "tests/interop/model_files.h"
#include "tests/interop/subject.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

using namespace core;

struct Teaching {
  Subject teacher;
  std::vector<std::string> students;
};

void PrintTo(const Teaching& teaching, std::ostream* out) { *out << teaching.teacher.name; }

const Teaching teachings[] = {
    {{"lenet5", demo + "lenet5.onnx", demo + "digits_train.npz"},
     {"mlp:24", "mlp:none", "cnn:4-8", "cnn:4-8,kernel=5,pool=3,head=global",
      "transformer:16,depth=2,heads=2,patch=5", "narrow:0.3", "narrow:0.3,weights=fresh"}},
    {{"resnet20", assets + "/resnet/resnet20_cifar10.onnx", assets + "/cifar10/test-1000"},
     {"shallow:0.4", "narrow:0.5", "cnn:4-8", "transformer:16,depth=1,patch=8"}},
    {{"resnet20_norms", assets + "/resnet/resnet20_cifar10_nofold_bn.onnx", assets + "/cifar10/test-1000"},
     {"shallow:0.4", "narrow:0.5", "shallow:0.4,weights=fresh"}},
    {{"transformer", assets + "/sms/sms_bert.onnx", assets + "/sms/sms_test.npz"},
     {"mlp:8", "cnn:8,head=global", "transformer:16,depth=1,heads=2", "shallow:0.5", "narrow:0.5"}},
    {{"spoken_digits", assets + "/digits-audio/fsdd_cnn.onnx", assets + "/digits-audio/fsdd_test.npz"},
     {"cnn:4-8", "mlp:4", "transformer:16,depth=1,patch=10", "narrow:0.5"}},
};

class Students : public ::testing::TestWithParam<Teaching> {};

/// The largest difference, as a share of the largest score.
double difference(const Tensor& ours, const Tensor& theirs) {
  double largest = 0, scale = 1e-9;
  for (std::size_t i = 0; i < ours.as<float>().size(); ++i) {
    const double a = ours.as<float>()[i], b = theirs.as<float>()[i];
    largest = std::max(largest, std::isfinite(a) && std::isfinite(b) ? std::abs(a - b) : 1e30);
    scale = std::max(scale, std::abs(b));
  }
  return largest / scale;
}

TEST_P(Students, RunAsOnnxRuntimeRunsThem) {
  if (const auto missing = judgeMissing()) GTEST_SKIP() << *missing;
  const Subject& subject = GetParam().teacher;
  if (!std::filesystem::exists(subject.model)) GTEST_SKIP() << "skipped: no ../shared";
  const Model teacher = readModel(subject.model);
  const auto source = openData(subject.data);
  const Dataset all(source, preprocessFor(subject, teacher, *source), teacher);
  const double share = 150.0 / static_cast<double>(all.size());
  const Session session(teacher, splitData(all, teacher, share, 0).reporting, {});
  DistillRequest request;
  request.train.epochs = 1;
  request.train.batch = 32;
  request.train.rate.base = 1e-3;
  request.train.optimizer.kind = OptimizerKind::Adam;
  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs;
  std::vector<Tensor> expected;
  for (const std::string& words : GetParam().students) {
    SCOPED_TRACE(words);
    const Model student = makeStudent(studentFromWords(words), teacher, studentTask(session), 1);
    EXPECT_LT(student.parameters(), teacher.parameters());
    request.train.normStatistics = words.ends_with("fresh") ? NormStatistics::Batch : NormStatistics::Frozen;
    const Distilled distilled = distill(session, student, request, {});
    ASSERT_EQ(distilled.epochs.size(), 2u);
    const auto data = studentData(*session.data(), distilled.model);
    std::vector<std::size_t> samples(std::min<std::size_t>(40, data->size()));
    std::iota(samples.begin(), samples.end(), 0);
    const std::vector<Tensor> inputs = data->inputs(samples);
    JudgeJob job{folder.path() + "/" + std::to_string(jobs.size()) + ".onnx", {}};
    writeModel(distilled.model, job.modelPath);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      job.inputs.emplace_back(student.graph->value(student.graph->inputs[i]).name, inputs[i]);
    expected.push_back(Executor(distilled.model, {}).run(distilled.model, inputs).outputs.front());
    jobs.push_back(std::move(job));
  }
  const std::vector<Judgement> judged = judge(jobs, folder.path());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    SCOPED_TRACE(GetParam().students[i]);
    ASSERT_EQ(judged[i].error, "");
    EXPECT_EQ(judged[i].outputs.front().shape(), expected[i].shape());
    EXPECT_LT(difference(expected[i], judged[i].outputs.front()), 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Teachers, Students, ::testing::ValuesIn(teachings),
                         [](const auto& each) { return each.param.teacher.name; });

}  // namespace
}  // namespace lapidary::tests
