// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy against strength: the clean figure at 0, the same for any number of workers, words where it cannot
// be.
#include "core/robust/robustness.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/analyze/answers/predictions.h"
#include "core/analyze/answers/predictor.h"
#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/support/demo_digits.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

class DigitsUnderAttack : public ::testing::Test {
 protected:
  RobustnessReport report(RobustnessRequest request, const Model* other = nullptr) const {
    return robustness(model, other, *data, request, {});
  }
  static RobustnessRequest small() {
    RobustnessRequest request;
    request.samples = 100;
    request.steps = 5;
    request.strengths = {8, 48};
    return request;
  }

  Model model = readModel(demo + "lenet300.onnx");
  std::shared_ptr<const Dataset> data = digits(model);
  Model cut =
      Cutter(model).apply(uniformRecipe(model, {0, false, {Scheme::Symmetric, 2, Granularity::Channel, 0}}));
};

TEST_F(DigitsUnderAttack, StrengthZeroIsTheCleanAccuracy) {
  const RobustnessReport found = report(small(), &cut);
  ASSERT_EQ(found.rows.size(), 9u);
  for (const auto& [which, share] :
       {std::pair(&model, found.rows[0].original), std::pair(&cut, *found.rows[0].cut)}) {
    const Executor executor(*which, {});
    Predictions clean;
    Predictor(*which, executor, *data, 1, {}).extend(*which, 100, clean, {});
    std::size_t right = 0;
    for (std::size_t i = 0; i < 100; ++i)
      right += clean.samples[i].top1 == data->source().label(data->order()[i]);
    EXPECT_EQ(share.right, right);
    EXPECT_EQ(share.samples, 100u);
  }
  for (const std::size_t row : {0u, 3u, 6u}) {
    EXPECT_EQ(found.rows[row].strength, 0);
    EXPECT_EQ(found.rows[row].original.right, found.rows[0].original.right);
  }
}

TEST_F(DigitsUnderAttack, AttacksHurtMoreThanNoiseAndMoreWithStrength) {
  const auto rows = report(small()).rows;
  const auto at = [&](std::size_t method, std::size_t strength) {
    return rows[method * 3 + strength].original.right;
  };
  EXPECT_EQ(rows[1].method, AttackMethod::Fgsm);
  EXPECT_EQ(rows[4].method, AttackMethod::Pgd);
  EXPECT_GE(at(0, 0), at(0, 1));
  EXPECT_GT(at(0, 1), at(0, 2));
  EXPECT_LE(at(1, 2), at(0, 2));  // many steps against one
  EXPECT_LT(at(0, 2) + 20, at(2, 2)) << "noise of the same strength";
  EXPECT_FALSE(rows[0].cut);
  const Interval interval = rows[2].original.interval();
  EXPECT_LT(interval.low, rows[2].original.value());
  EXPECT_GT(interval.high, rows[2].original.value());
}

TEST_F(DigitsUnderAttack, WorkersChangeNothing) {
  RobustnessRequest request = small();
  request.transfer = true;
  const auto one = report(request, &cut).rows;
  request.workers = 3;
  const auto three = report(request, &cut).rows;
  ASSERT_EQ(one.size(), three.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].original.right, three[i].original.right);
    EXPECT_EQ(one[i].cut->right, three[i].cut->right);
    EXPECT_EQ(one[i].originalOnCut->right, three[i].originalOnCut->right);
    EXPECT_EQ(one[i].cutOnOriginal->right, three[i].cutOnOriginal->right);
  }
}

TEST_F(DigitsUnderAttack, TransferIsWeakerThanTheAttackItself) {
  RobustnessRequest request = small();
  request.methods = {AttackMethod::Pgd};
  request.strengths = {32};
  request.transfer = true;
  const RobustnessRow row = report(request, &cut).rows.at(1);
  EXPECT_GT(row.originalOnCut->right, row.original.right);
  EXPECT_GT(row.cutOnOriginal->right, row.cut->right);
  EXPECT_LT(row.change->low, row.change->high);
}

TEST_F(DigitsUnderAttack, OneModelAsBothHasNoChange) {
  RobustnessRequest request = small();
  request.transfer = true;
  for (const RobustnessRow& row : report(request, &model).rows) {
    EXPECT_EQ(row.original.right, row.cut->right);
    EXPECT_EQ(row.original.right, row.cutOnOriginal->right);
    EXPECT_LE(row.change->low, 0);
    EXPECT_GE(row.change->high, 0);
  }
}

TEST_F(DigitsUnderAttack, NumbersOutOfRangeAreRefused) {
  const auto refuses = [&](auto change) {
    RobustnessRequest request = small();
    change(request);
    EXPECT_THROW(report(request), Error);
  };
  refuses([](RobustnessRequest& request) { request.strengths = {-1}; });
  refuses([](RobustnessRequest& request) { request.strengths = {std::numeric_limits<double>::infinity()}; });
  refuses([](RobustnessRequest& request) { request.steps = 0; });
  refuses([](RobustnessRequest& request) { request.samples = 0; });
  refuses([](RobustnessRequest& request) { request.methods.clear(); });
}

TEST_F(DigitsUnderAttack, StopsWhenAsked) {
  std::stop_source stop;
  Progress progress;
  progress.stop = stop.get_token();
  progress.onStep = [&](std::size_t, std::size_t) { stop.request_stop(); };
  EXPECT_THROW(robustness(model, nullptr, *data, small(), progress), Cancelled);
}

TEST(RobustnessOfOthers, TokensAreRefusedWithAReason) {
  const std::string assets = LAPIDARY_ASSETS_DIR "/sms/";
  if (!std::filesystem::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(assets + "sms_bert.onnx");
  const auto source = openData(assets + "sms_test.npz");
  const Dataset data(source, choosePreprocess(model, *source).preprocess, model);
  try {
    robustness(model, nullptr, data, {}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Unsupported);
    EXPECT_NE(std::string(error.what()).find("tokens"), std::string::npos) << error.what();
  }
}

TEST(RobustnessOfOthers, SpectrogramsAreMeasuredInUnitsOfTheInput) {
  const std::string assets = LAPIDARY_ASSETS_DIR "/digits-audio/";
  if (!std::filesystem::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(assets + "fsdd_cnn.onnx");
  const auto source = openData(assets + "fsdd_test.npz");
  const Dataset data(source, choosePreprocess(model, *source).preprocess, model);
  RobustnessRequest request;
  request.samples = 40;
  request.methods = {AttackMethod::Fgsm};
  request.strengths = {0.5};
  const RobustnessReport found = robustness(model, nullptr, data, request, {});
  EXPECT_EQ(found.unit, StrengthUnit::Input);
  EXPECT_FALSE(found.clipped);
  EXPECT_LT(found.rows.at(1).original.right, found.rows.at(0).original.right);
  request.unit = StrengthUnit::Pixel;
  EXPECT_THROW(robustness(model, nullptr, data, request, {}), Error);
}

}  // namespace
}  // namespace lapidary::core
