// SPDX-License-Identifier: GPL-3.0-or-later
// Exports of cuts that learnt from calibration samples: factors of inputs, changed biases, codes found by
// inputs. ONNX Runtime gives our predictions.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/analyze/answers/class_scores.h"
#include "core/compress/quantize/bias_constant.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "core/session/session.h"
#include "tests/interop/judge.h"
#include "tests/interop/model_files.h"
#include "tests/interop/subject.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;
using core::Criterion;
using core::Granularity;
using core::PruneMode;
using core::Rounding;
using core::Scheme;

const Subject calibratedSubjects[] = {
    {"lenet5", demo + "lenet5.onnx", demo + "digits_test.npz", 300},
    {"resnet20_bn", assets + "resnet/resnet20_cifar10_nofold_bn.onnx", assets + "cifar10/test-1000", 100},
    {"resnet20", assets + "resnet/resnet20_cifar10.onnx", assets + "cifar10/test-1000", 100},
    {"sms", assets + "sms/sms_bert.onnx", assets + "sms/sms_test.npz", 100},
};

struct CalibratedKind {
  std::string name;
  core::LayerEdit edit;
};

std::vector<CalibratedKind> kinds() {
  std::vector<CalibratedKind> all;
  const auto add = [&](const std::string& name, Scheme scheme, int bits, Granularity per, Rounding rounding,
                       core::Prune prune = {}) {
    CalibratedKind kind{name, {}};
    kind.edit.prune = prune;
    kind.edit.quantize = {scheme, bits, per};
    kind.edit.quantize.groupSize = 32;
    kind.edit.quantize.rounding = rounding;
    kind.edit.quantize.correctBias = kind.edit.quantize.scaleInputs = true;
    all.push_back(kind);
  };
  const core::Prune half{PruneMode::Sparsity, 0.5, Criterion::Reconstruct};
  add("nearest8", Scheme::Symmetric, 8, Granularity::Channel, Rounding::Nearest);
  add("gptq4", Scheme::Symmetric, 4, Granularity::Channel, Rounding::Gptq);
  add("adaround4_tensor", Scheme::Affine, 4, Granularity::Tensor, Rounding::Adaptive);
  add("gptq3_group", Scheme::Affine, 3, Granularity::Group, Rounding::Gptq);
  add("adaround5_power2", Scheme::PowerOfTwo, 5, Granularity::Channel, Rounding::Adaptive, half);
  add("minmax6", Scheme::MinMax, 6, Granularity::Channel, Rounding::Nearest, half);
  add("nf4_group", Scheme::NormalFloat, 4, Granularity::Group, Rounding::Nearest);
  add("codebook4", Scheme::Codebook, 4, Granularity::Channel, Rounding::Nearest, half);
  CalibratedKind pruned{"sparsegpt", {}};
  pruned.edit.prune = half;
  all.push_back(pruned);
  return all;
}

bool takesUpMeans(const core::Model& model, const core::Layer& layer) {
  try {
    core::biasConstantOf(model, layer);
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

core::Recipe recipeFor(const core::Model& model, const core::LayerEdit& edit) {
  core::Recipe recipe;
  for (const core::Layer& layer : model.layers) {
    if (layer.opType != "Conv" && layer.opType != "Gemm" && layer.opType != "MatMul") continue;
    core::LayerEdit each = edit;
    each.quantize.correctBias = edit.quantize.correctBias && takesUpMeans(model, layer);
    recipe.set(layer.name, each);
  }
  return recipe;
}

class CalibratedInterop : public ::testing::TestWithParam<Subject> {};

TEST_P(CalibratedInterop, PredictionsAreOurs) {
  const Subject& subject = GetParam();
  if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
  if (!fs::exists(subject.model)) GTEST_SKIP() << "skipped: no ../shared";
  const core::Model model = core::readModel(subject.model);
  const auto source = core::openData(subject.data);
  const core::Preprocess preprocess = preprocessFor(subject, model, *source);
  core::Session::Options options;
  options.calibrationSamples = 24;
  const auto data = std::make_shared<const core::Dataset>(source, preprocess, model);
  const core::Session session(model, data, options);
  const auto inputs = data->inputs(std::span(data->order()).first(subject.samples));
  const core::Executor executor(model, {});
  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs;
  std::vector<core::Tensor> ours;
  for (const CalibratedKind& kind : kinds()) {
    const core::Recipe recipe = recipeFor(model, kind.edit);
    const core::Model cut = session.cutter().apply(recipe);
    JudgeJob job{folder.path() + "/" + kind.name + ".onnx", {}};
    core::writeModel(cut, job.modelPath);
    EXPECT_EQ(fs::file_size(job.modelPath), session.footprint(recipe).fileAfter) << kind.name;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      job.inputs.emplace_back(model.graph->value(model.graph->inputs[i]).name, inputs[i]);
    jobs.push_back(std::move(job));
    ours.push_back(core::toFloat32(executor.run(cut, inputs).outputs.at(0)));
  }
  const std::vector<Judgement> judged = judge(jobs, folder.path());
  std::size_t same = 0, all = 0;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const std::string name = kinds()[i].name;
    ASSERT_EQ(judged[i].error, "") << name;
    const core::ClassScores a = core::classScores(std::span(&ours[i], 1), {});
    const core::ClassScores b = core::classScores(std::span(judged[i].outputs).first(1), {});
    ASSERT_EQ(a.values.size(), b.values.size()) << name;
    double range = 1, difference = 0;
    for (std::size_t k = 0; k < a.values.size(); ++k) {
      range = std::max(range, std::abs(double{b.values[k]}));
      difference = std::max(difference, std::abs(double{a.values[k]} - double{b.values[k]}));
    }
    EXPECT_LE(difference, 1e-3 * range) << name;
    for (std::size_t k = 0; k < a.samples; ++k) same += a.top1(k) == b.top1(k);
    all += a.samples;
  }
  EXPECT_GE(static_cast<double>(same), 0.999 * static_cast<double>(all));
}

INSTANTIATE_TEST_SUITE_P(Models, CalibratedInterop, ::testing::ValuesIn(calibratedSubjects),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace lapidary::tests
