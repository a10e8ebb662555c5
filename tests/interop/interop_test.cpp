// What the program shows is what the exported file does: every kind of export, run in ONNX Runtime, gives
// our predictions sample by sample.
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "core/analyze/class_scores.h"
#include "core/analyze/dataset.h"
#include "core/compress/apply.h"
#include "core/io/format.h"
#include "core/run/executor.h"
#include "tests/interop/judge.h"
#include "tests/interop/temporary_folder.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;
using core::Granularity;
using core::PruneMode;
using core::Scheme;

const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/";
const std::string assets = LAPIDARY_ASSETS_DIR "/";

struct Subject {
  std::string name, model, data;
  std::size_t samples;
};

void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.name; }

const Subject subjects[] = {
    {"lenet5", demo + "lenet5.onnx", demo + "digits_test.npz", 200},
    {"lenet300", demo + "lenet300.onnx", demo + "digits_test.npz", 200},
    {"resnet20", assets + "resnet/resnet20_cifar10.onnx", assets + "cifar10/test-1000", 60},
    {"resnet20_bn", assets + "resnet/resnet20_cifar10_nofold_bn.onnx", assets + "cifar10/test-1000", 40},
    {"resnet20_w8", assets + "resnet/resnet20_cifar10_w8_dq.onnx", assets + "cifar10/test-1000", 40},
    {"sms", assets + "sms/sms_bert.onnx", assets + "sms/sms_test.npz", 60},
    {"fsdd", assets + "digits-audio/fsdd_cnn.onnx", assets + "digits-audio/fsdd_test.npz", 100},
};

core::Preprocess preprocessFor(const Subject& subject, const core::Model& model,
                               const core::DataSource& data) {
  core::Preprocess preprocess = core::choosePreprocess(model, data).preprocess;
  if (subject.name.starts_with("resnet")) {
    preprocess.scale = 1.0 / 255;
    preprocess.mean = {0.485, 0.456, 0.406};
    preprocess.std = {0.229, 0.224, 0.225};
  }
  return preprocess;
}

/// One edit for all layers, named for the failure message.
struct Kind {
  std::string name;
  core::LayerEdit edit;
};

std::vector<Kind> exportKinds() {
  std::vector<Kind> kinds{{"unedited", {}}, {"pruned60", {{PruneMode::Sparsity, 0.6}, {}}}};
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
  for (const Granularity per : {Granularity::Tensor, Granularity::Channel})
    kinds.push_back(
        {per == Granularity::Channel ? "binary_c" : "binary_t", {{}, {Scheme::Binary, 1, per, 0}}});
  kinds.push_back(
      {"binary_pruned", {{PruneMode::Sparsity, 0.5}, {Scheme::Binary, 1, Granularity::Channel, 0}}});
  return kinds;
}

/// Big models take a few kinds only: the arithmetic of the others is the same.
bool worthRunning(const Subject& subject, const Kind& kind) {
  if (subject.name == "lenet5") return true;
  return kind.edit.quantize.scheme == Scheme::None || kind.edit.quantize.scheme == Scheme::Binary ||
         (kind.edit.quantize.granularity == Granularity::Channel && (kind.edit.quantize.bits % 4) == 0);
}

class Interop : public testing::TestWithParam<Subject> {};

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

  const TemporaryFolder folder;
  std::vector<JudgeJob> jobs;
  std::vector<core::Tensor> ours;
  std::vector<std::string> names;
  for (const Kind& kind : exportKinds()) {
    if (!worthRunning(subject, kind)) continue;
    core::Recipe recipe;
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
  }

  const std::vector<Judgement> judged = judge(jobs, folder.path());
  for (std::size_t i = 0; i < judged.size(); ++i) {
    ASSERT_EQ(judged[i].error, "") << names[i];
    const core::ClassScores a = core::classScores(std::span(&ours[i], 1));
    const core::ClassScores b = core::classScores(std::span(judged[i].outputs).first(1));
    ASSERT_EQ(a.samples, b.samples) << names[i];
    double range = 0, difference = 0;
    for (std::size_t k = 0; k < a.values.size(); ++k) {
      range = std::max(range, std::abs(double{b.values[k]}));
      difference = std::max(difference, std::abs(double{a.values[k]} - double{b.values[k]}));
    }
    EXPECT_LE(difference, 1e-3 * std::max(range, 1.0)) << names[i];
    for (std::size_t k = 0; k < a.samples; ++k)
      if (a.top1(k) != b.top1(k)) {
        EXPECT_NEAR(a.row(k)[static_cast<std::size_t>(a.top1(k))],
                    a.row(k)[static_cast<std::size_t>(b.top1(k))], 2e-3 * std::max(range, 1.0))
            << names[i] << ": another answer for sample " << k << " that is not a tie";
      }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, Interop, testing::ValuesIn(subjects),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace lapidary::tests
