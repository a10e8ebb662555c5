// SPDX-License-Identifier: GPL-3.0-or-later
// What the program shows is what the exported file does: every kind of export, run in ONNX Runtime, gives
// our predictions sample by sample.
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "core/analyze/answers/class_scores.h"
#include "core/compress/cut/cutter.h"
#include "core/data/dataset.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/interop/judge.h"
#include "tests/interop/model_files.h"
#include "tests/interop/subject.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;
using core::Granularity;
using core::PruneMode;
using core::Scheme;

const Subject plainSubjects[] = {
    {"lenet5", demo + "lenet5.onnx", demo + "digits_test.npz", 200},
    {"lenet300", demo + "lenet300.onnx", demo + "digits_test.npz", 200},
    {"resnet20", assets + "resnet/resnet20_cifar10.onnx", assets + "cifar10/test-1000", 60},
    {"resnet20_bn", assets + "resnet/resnet20_cifar10_nofold_bn.onnx", assets + "cifar10/test-1000", 40},
    {"resnet20_w8", assets + "resnet/resnet20_cifar10_w8_dq.onnx", assets + "cifar10/test-1000", 40},
    {"sms", assets + "sms/sms_bert.onnx", assets + "sms/sms_test.npz", 60},
    {"fsdd", assets + "digits-audio/fsdd_cnn.onnx", assets + "digits-audio/fsdd_test.npz", 100},
};

/// One edit for all layers, named for the failure message.
struct CutKind {
  std::string name;
  core::LayerEdit edit;
};

/// Codebooks, few values, and blocks of inputs whose last one is short in most layers.
std::vector<CutKind> codebookKinds() {
  std::vector<CutKind> kinds;
  const core::Prune half{PruneMode::Sparsity, 0.5};
  kinds.push_back(
      {"symmetric8_equalised", {{}, {.scheme = Scheme::Symmetric, .granularity = Granularity::Channel}}});
  for (const PruneMode mode : {PruneMode::Pattern, PruneMode::Blocks}) {
    const core::Prune shape{.mode = mode, .value = 0.5, .keep = 2, .of = 4, .rows = 4, .columns = 4};
    kinds.push_back({std::string(name(mode)), {shape, {}}});
    kinds.push_back({std::string(name(mode)) + "_affine4",
                     {shape, {.scheme = Scheme::Affine, .bits = 4, .granularity = Granularity::Channel}}});
  }
  for (const Granularity per : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
    for (const Scheme scheme : {Scheme::PowerOfTwo, Scheme::Ternary, Scheme::NormalFloat, Scheme::Float8E4M3,
                                Scheme::Float8E5M2, Scheme::Codebook})
      for (const int bits : {4, 8}) {
        if (bits == 8 && fixedBits(scheme) != 0) continue;
        const core::Quantize quantize{.scheme = scheme, .bits = bits, .granularity = per, .groupSize = 32};
        const std::string word = std::string(name(scheme)) + std::to_string(bits) + std::string(name(per));
        kinds.push_back({word, {{}, quantize}});
        kinds.push_back({word + "_pruned", {half, quantize}});
      }
  for (const Scheme scheme : {Scheme::Symmetric, Scheme::Affine, Scheme::MinMax})
    for (const int bits : {4, 8, 12}) {
      const core::Quantize quantize{
          .scheme = scheme, .bits = bits, .granularity = Granularity::Group, .groupSize = 64};
      kinds.push_back({std::string(name(scheme)) + std::to_string(bits) + "group", {{}, quantize}});
      kinds.push_back({std::string(name(scheme)) + std::to_string(bits) + "group_pruned", {half, quantize}});
    }
  return kinds;
}

std::vector<CutKind> exportKinds() {
  std::vector<CutKind> kinds{{"unedited", {}}, {"pruned60", {{PruneMode::Sparsity, 0.6}, {}}}};
  const std::pair<const char*, Scheme> schemes[] = {{"symmetric", Scheme::Symmetric},
                                                    {"affine", Scheme::Affine},
                                                    {"minmax", Scheme::MinMax},
                                                    {"bitplane", Scheme::BitPlane}};
  for (const auto& [word, scheme] : schemes)
    for (const int bits : {2, 3, 4, 5, 8, 12, 16})
      for (const Granularity per : {Granularity::Tensor, Granularity::Channel})
        for (const double sparsity : {0.0, 0.5}) {
          if (bits == 2 && scheme == Scheme::BitPlane) continue;
          core::Quantize quantize{scheme, bits, per, scheme == Scheme::BitPlane ? 1 : 0};
          core::Prune prune{sparsity > 0 ? PruneMode::Sparsity : PruneMode::None, sparsity};
          kinds.push_back({std::string(word) + std::to_string(bits) +
                               (per == Granularity::Channel ? "c" : "t") + (sparsity > 0 ? "_pruned" : ""),
                           {prune, quantize}});
        }
  for (const auto& kind : codebookKinds()) kinds.push_back(kind);
  for (const Granularity per : {Granularity::Tensor, Granularity::Channel})
    kinds.push_back(
        {per == Granularity::Channel ? "binary_c" : "binary_t", {{}, {Scheme::Binary, 1, per, 0}}});
  kinds.push_back(
      {"binary_pruned", {{PruneMode::Sparsity, 0.5}, {Scheme::Binary, 1, Granularity::Channel, 0}}});
  return kinds;
}

/// Big models take a few kinds only: the arithmetic of the others is the same.
bool worthRunning(const Subject& subject, const CutKind& kind) {
  if (subject.name == "lenet5") return true;
  return kind.edit.quantize.scheme == Scheme::None || kind.edit.quantize.scheme == Scheme::Binary ||
         (kind.edit.quantize.granularity != Granularity::Tensor && (kind.edit.quantize.bits % 4) == 0);
}

/// The largest difference over the largest magnitude, or over 1 where that is less.
double apart(std::span<const float> a, std::span<const float> b) {
  double range = 1, difference = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) {
    range = std::max(range, std::abs(double{b[k]}));
    difference = std::max(difference, std::abs(double{a[k]} - double{b[k]}));
  }
  return difference / range;
}

class Interop : public ::testing::TestWithParam<Subject> {};

TEST_P(Interop, PredictionsOfEveryExportAreOurs) {
  const Subject& subject = GetParam();
  if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
  if (!fs::exists(subject.model)) GTEST_SKIP() << "skipped: no ../shared";

  const core::Model model = core::readModel(subject.model);
  const auto source = core::openData(subject.data);
  const core::Dataset data(source, preprocessFor(subject, model, *source), model);
  const auto samples = std::span(data.order()).first(subject.samples);
  const std::vector<core::Tensor> inputs = data.inputs(samples);
  const core::Cutter cutter(model);
  const core::Executor executor(model, {});

  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs;
  std::vector<core::Tensor> ours;
  std::vector<std::string> names;
  for (const CutKind& kind : exportKinds()) {
    if (!worthRunning(subject, kind)) continue;
    core::Recipe recipe;
    recipe.equalize = kind.name.ends_with("_equalised");
    for (const core::Layer& layer : model.layers) recipe.set(layer.name, kind.edit);
    const core::Model cut = cutter.apply(recipe);
    const std::string path = folder.path() + "/" + kind.name + ".onnx";
    core::writeModel(cut, path);
    JudgeJob job{path, {}};
    for (std::size_t i = 0; i < inputs.size(); ++i)
      job.inputs.emplace_back(model.graph->value(model.graph->inputs[i]).name, inputs[i]);
    jobs.push_back(std::move(job));
    ours.push_back(core::toFloat32(executor.run(cut, inputs).outputs.at(0)));
    names.push_back(kind.name);
    const core::Model back = core::readModel(path);
    const core::Tensor again = core::toFloat32(core::Executor(back, {}).run(back, inputs).outputs.at(0));
    EXPECT_LE(apart(again.as<float>(), ours.back().as<float>()), 1e-5) << kind.name << " read back";
  }

  const std::vector<Judgement> judged = judge(jobs, folder.path());
  std::size_t same = 0, answers = 0;
  double worst = 0;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    ASSERT_EQ(judged[i].error, "") << names[i];
    const core::ClassScores a = core::classScores(std::span(&ours[i], 1), {});
    const core::ClassScores b = core::classScores(std::span(judged[i].outputs).first(1), {});
    ASSERT_EQ(a.samples, b.samples) << names[i];
    const double off = apart(a.values, b.values);
    EXPECT_LE(off, 1e-4) << names[i];
    worst = std::max(worst, off);
    for (std::size_t k = 0; k < a.samples; ++k) same += a.top1(k) == b.top1(k);
    answers += a.samples;
  }
  std::printf(
      "  %s: %zu of %zu answers of %zu files are the same, scores apart by at most %.1e of the largest\n",
      subject.name.c_str(), same, answers, judged.size(), worst);
  EXPECT_GE(static_cast<double>(same), 0.999 * static_cast<double>(answers));
}

INSTANTIATE_TEST_SUITE_P(Models, Interop, ::testing::ValuesIn(plainSubjects),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace lapidary::tests
