// SPDX-License-Identifier: GPL-3.0-or-later
// The preprocess that a model was trained with is found again; where nothing tells, the guess stays.
#include "core/analyze/answers/preprocess_search.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictor.h"
#include "core/analyze/quality/accuracy.h"
#include "core/data/sample_subset.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/support/demo_files.h"

namespace lapidary::core {
namespace {

const std::string assets = LAPIDARY_ASSETS_DIR;

double accuracy(const Model& model, const std::shared_ptr<const DataSource>& source,
                const Preprocess& preprocess) {
  const Dataset data(source, preprocess, model);
  const Executor executor(model, {true, nullptr});
  Predictions predictions;
  Predictor(model, executor, data, 2, Remembering{}).extend(model, data.size(), predictions, {});
  return qualityOf(data, predictions, predictions).top1.value();
}

/// A source with its labels taken away.
class Unlabelled : public SampleSubset {
 public:
  explicit Unlabelled(const std::shared_ptr<const DataSource>& source)
      : SampleSubset(source, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, 0) {}
  bool labelled() const override { return false; }
};

TEST(PreprocessSearch, FindsThatOfResNet20) {
  if (!std::filesystem::exists(assets + "/cifar10")) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(assets + "/resnet/resnet20_cifar10.onnx");
  const auto data = openData(assets + "/cifar10/test-1000");
  std::size_t steps = 0, total = 0;
  Progress progress;
  progress.onStep = [&](std::size_t done, std::size_t all) { steps = done, total = all; };
  const PreprocessChoice found = findPreprocess(model, data, 2, progress);
  EXPECT_EQ(found.origin, PreprocessOrigin::Tried);
  EXPECT_EQ(found.triedForms, 6u);
  EXPECT_GE(found.triedSamples, 20u);  // 100, unless the machine is very busy
  EXPECT_LE(found.triedSamples, 100u);
  EXPECT_EQ(steps, total);
  EXPECT_GE(accuracy(model, data, found.preprocess), 0.78);
  EXPECT_LT(accuracy(model, data, guessPreprocess(model, *data)), 0.5);
  const PreprocessChoice again = findPreprocess(model, data, 1, {});
  if (again.triedSamples == found.triedSamples) {
    EXPECT_EQ(again.preprocess, found.preprocess);
  }
}

TEST(PreprocessSearch, KeepsAGuessThatIsRight) {
  Model model = readModel(demo + "lenet5.onnx");
  const auto data = openData(demo + "digits_test.npz");
  EXPECT_EQ(findPreprocess(model, data, 2, {}).origin, PreprocessOrigin::BesideModel);
  model.source.path.clear();
  const PreprocessChoice found = findPreprocess(model, data, 2, {});
  EXPECT_EQ(found.origin, PreprocessOrigin::Guessed);
  EXPECT_EQ(found.preprocess, guessPreprocess(model, *data));
  EXPECT_EQ(found.triedForms, 0u);
}

TEST(PreprocessSearch, KeepsTheGuessWithoutLabels) {
  if (!std::filesystem::exists(assets + "/cifar10")) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(assets + "/resnet/resnet20_cifar10.onnx");
  const auto data = std::make_shared<const Unlabelled>(openData(assets + "/cifar10/test-1000"));
  const PreprocessChoice found = findPreprocess(model, data, 2, {});
  EXPECT_EQ(found.origin, PreprocessOrigin::Guessed);
  EXPECT_EQ(found.preprocess, guessPreprocess(model, *data));
}

TEST(PreprocessSearch, KeepsTheGuessWhereTheLabelsAreNoClasses) {
  if (!std::filesystem::exists(assets + "/cifar10")) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(demo + "lenet5.onnx");  // gray digits
  Model elsewhere = model;
  elsewhere.source.path.clear();
  const auto data = openData(assets + "/cifar10/test-1000");
  EXPECT_NO_THROW(findPreprocess(elsewhere, data, 2, {}));
}

TEST(PreprocessSearch, StopsWhenAsked) {
  if (!std::filesystem::exists(assets + "/cifar10")) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(assets + "/resnet/resnet20_cifar10.onnx");
  std::stop_source stop;
  Progress progress{stop.get_token(), [&](std::size_t, std::size_t) { stop.request_stop(); }};
  EXPECT_THROW(findPreprocess(model, openData(assets + "/cifar10/test-1000"), 2, progress), Cancelled);
}

TEST(SampleSubset, PicturesAreThoseOfTheSource) {
  const auto data = openData(demo + "digits_test.npz");
  for (const std::size_t budget : {std::size_t{0}, std::size_t{1} << 20}) {
    const SampleSubset some(data, {7, 3}, budget);
    ASSERT_EQ(some.size(), 2u);
    EXPECT_EQ(some.label(0), data->label(7));
    for (int again = 0; again < 2; ++again) EXPECT_EQ(some.picture(1).pixels, data->picture(3).pixels);
  }
}

}  // namespace
}  // namespace lapidary::core
