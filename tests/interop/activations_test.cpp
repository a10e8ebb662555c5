// SPDX-License-Identifier: GPL-3.0-or-later
// Exports with quantized activations, static and dynamic, run in ONNX Runtime beside our own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/analyze/answers/class_scores.h"
#include "core/compress/quantize/quantize_activations.h"
#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/interop/judge.h"
#include "tests/interop/model_files.h"
#include "tests/interop/subject.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;
using namespace core;

class ActivationExports : public ::testing::TestWithParam<Subject> {};

std::unique_ptr<Session> sessionOf(const Subject& subject) {
  Model model = readModel(subject.model);
  const auto source = openData(subject.data);
  const Preprocess preprocess = preprocessFor(subject, model, *source);
  auto data = std::make_shared<const Dataset>(source, preprocess, model);
  Session::Options options;
  options.calibrationSamples = 64;
  return std::make_unique<Session>(std::move(model), data, options);
}

/// Weights of 7 bits: ONNX Runtime's kernels for processors without VNNI add two products of 8 bits in 16
/// bits, which saturates for weights of 8 bits.
Recipe recipeOf(const Model& model, ActivationMode mode) {
  Recipe recipe;
  for (const Layer& layer : model.layers) {
    if (!quantizableInput(model, layer)) continue;
    recipe.set(layer.name,
               {{}, {Scheme::Symmetric, 7, Granularity::Channel, 0}, {mode, RangeMethod::MinMax}});
  }
  return recipe;
}

std::vector<std::pair<std::string, Tensor>> inputsOf(const Session& session, std::size_t index) {
  const std::size_t one[] = {session.data()->order()[index]};
  const std::vector<Tensor> tensors = session.data()->inputs(one);
  std::vector<std::pair<std::string, Tensor>> inputs;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    inputs.emplace_back(session.model().graph->value(session.model().graph->inputs[i]).name, tensors[i]);
  return inputs;
}

/// Rounding at the edge of two codes goes either way with the order of a sum, and a step of a code is
/// passed on: scores agree to a few steps, and the share of equal top-1 is what counts.
TEST_P(ActivationExports, OnnxRuntimeAgrees) {
  if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
  if (!fs::exists(GetParam().model)) GTEST_SKIP() << "skipped: no ../shared";
  constexpr std::size_t samples = 40;
  const core::testing::TemporaryFolder folder;
  const auto session = sessionOf(GetParam());
  for (const ActivationMode mode : {ActivationMode::Static, ActivationMode::Dynamic}) {
    const Recipe recipe = recipeOf(session->model(), mode);
    const std::string path = folder.path() + "/" + std::string(name(mode)) + ".onnx";
    session->save(recipe, path, {});
    std::vector<JudgeJob> jobs;
    for (std::size_t i = 0; i < samples; ++i) jobs.push_back({path, inputsOf(*session, i)});
    const auto judged = judge(jobs, folder.path());
    std::size_t same = 0;
    double worst = 0;
    for (std::size_t i = 0; i < samples; ++i) {
      ASSERT_TRUE(judged[i].error.empty()) << judged[i].error;
      const Tensor ours = toFloat32(session->run(recipe, inputsOf(*session, i)).front().second);
      const auto a = ours.as<float>(), b = judged[i].outputs.front().as<float>();
      ASSERT_EQ(a.size(), b.size());
      same += std::ranges::max_element(a) - a.begin() == std::ranges::max_element(b) - b.begin();
      double largest = 0, apart = 0;
      for (std::size_t k = 0; k < a.size(); ++k) {
        largest = std::max(largest, std::abs(static_cast<double>(a[k])));
        apart = std::max(apart, std::abs(static_cast<double>(a[k]) - static_cast<double>(b[k])));
      }
      worst = std::max(worst, apart / largest);
    }
    std::printf("%s %s: top-1 equal on %zu of %zu, scores apart by at most %.2g of the largest\n",
                GetParam().name.c_str(), std::string(name(mode)).c_str(), same, samples, worst);
    EXPECT_EQ(same, samples);
    EXPECT_LT(worst, 0.05);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, ActivationExports,
                         ::testing::Values(Subject{"lenet5", demo + "lenet5.onnx", demo + "digits_test.npz"},
                                           Subject{"resnet20", assets + "resnet/resnet20_cifar10.onnx",
                                                   assets + "cifar10/test-1000"},
                                           Subject{"sms", assets + "sms/sms_bert.onnx",
                                                   assets + "sms/sms_test.npz"}),
                         [](const auto& given) { return given.param.name; });

}  // namespace
}  // namespace lapidary::tests
