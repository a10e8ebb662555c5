// SPDX-License-Identifier: GPL-3.0-or-later
// Trainings held against PyTorch's, step by step from the same weights with the same samples.
#include <gtest/gtest.h>

#include <filesystem>
#include <mutex>

#include "core/io/common/format.h"
#include "tests/interop/model_files.h"
#include "tests/interop/torch_peer.h"

namespace lapidary::interop {
namespace {

using tests::assets;
using tests::demo;
using namespace core;

bool hasTorch() {
  static const bool has = std::system("/usr/bin/python3 -c 'import torch, onnx' 2>/dev/null") == 0;
  return has;
}

/// What a training with one worker takes, step by step.
class Recorder {
 public:
  explicit Recorder(TrainSubject& subject) {
    const auto inputs = subject.inputs;
    subject.inputs = [this, inputs](std::span<const std::size_t> samples) {
      m_current.insert(m_current.end(), samples.begin(), samples.end());
      return inputs(samples);
    };
  }
  TrainHooks hooks() {
    return {nullptr, [this](const StepNews& news) {
              losses.push_back(news.loss);
              steps.push_back(std::move(m_current));
              m_current.clear();
            }};
  }

  std::vector<double> losses;
  std::vector<std::vector<std::size_t>> steps;

 private:
  std::vector<std::size_t> m_current;
};

struct Curve {
  std::string model, data;
  std::size_t samples;
  std::optional<Preprocess> preprocess = {};
};

void expectSameCurve(const Curve& curve, TrainSettings settings) {
  const Model model = readModel(curve.model);
  const auto source = openData(curve.data);
  const Dataset data(
      source, curve.preprocess ? *curve.preprocess : choosePreprocess(model, *source).preprocess, model);
  const LabelledRows rows(data, curve.samples);
  TrainSubject subject = subjectOf(model, rows);
  Recorder recorder(subject);
  settings.workers = 1;
  train(subject, settings, {}, recorder.hooks());
  TorchPeer torch(curve.model, rows, 1, settings);
  const auto theirs = torch.train(recorder.steps);
  ASSERT_EQ(theirs.losses.size(), recorder.losses.size());
  ASSERT_GE(recorder.losses.size(), 12u);
  double apart = 0;
  for (std::size_t i = 0; i < theirs.losses.size(); ++i) {
    apart = std::max(apart, std::abs(theirs.losses[i] - recorder.losses[i]));
    EXPECT_NEAR(theirs.losses[i], recorder.losses[i], 1e-4) << "step " << i + 1;
  }
  std::printf("%zu steps, apart by %.1e at most\n", theirs.losses.size(), apart);
  EXPECT_NE(recorder.losses.front(), recorder.losses.back());
}

TEST(TrainingInterop, LeNetDescendsAsInTorch) {
  if (!hasTorch()) GTEST_SKIP() << "skipped: no PyTorch";
  TrainSettings settings;
  settings.epochs = 2;
  settings.batch = 50;
  settings.rate.base = 0.003;
  expectSameCurve({demo + "lenet5.onnx", demo + "digits_train.npz", 500}, settings);
}

TEST(TrainingInterop, LeNetAdaptsAsInTorch) {
  if (!hasTorch()) GTEST_SKIP() << "skipped: no PyTorch";
  TrainSettings settings;
  settings.optimizer.kind = OptimizerKind::Adam;
  settings.epochs = 2;
  settings.batch = 50;
  settings.rate.base = 1e-4;
  expectSameCurve({demo + "lenet300.onnx", demo + "digits_train.npz", 500}, settings);
}

TEST(TrainingInterop, BatchStatisticsAreThoseOfTorch) {
  Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.485, .456, .406};
  cifar.std = {.229, .224, .225};
  const Curve curve{assets + "resnet/resnet20_cifar10_nofold_bn.onnx", assets + "cifar10/test-1000", 192,
                    cifar};
  if (!hasTorch()) GTEST_SKIP() << "skipped: no PyTorch";
  if (!std::filesystem::exists(curve.model)) GTEST_SKIP() << "skipped: no ../shared";
  TrainSettings settings;
  settings.epochs = 4;
  settings.batch = 48;
  settings.rate.base = 2e-4;
  settings.normStatistics = NormStatistics::Batch;
  expectSameCurve(curve, settings);
}

}  // namespace
}  // namespace lapidary::interop
