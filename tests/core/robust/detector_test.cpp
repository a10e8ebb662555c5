// SPDX-License-Identifier: GPL-3.0-or-later
// The detector: its arithmetic against loops, its file there and back, its figures on attacked digits.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/io/common/format.h"
#include "core/robust/detector_report.h"
#include "core/robust/detector_run.h"
#include "tests/support/demo_digits.h"

namespace lapidary::core {
namespace {

TEST(Squeezing, DepthRoundsBetweenTheBounds) {
  InputBox box;
  box.elements = 4;
  box.perUnit = {1}, box.low = {-1}, box.high = {1};
  const Tensor batch = Tensor::from<float>({1, 4}, {-1.0f, -0.2f, 0.2f, 3.0f});
  const Tensor one = squeezed({Squeezer::Kind::Depth, 1}, box, batch),
               two = squeezed({Squeezer::Kind::Depth, 2}, box, batch);
  EXPECT_TRUE(std::ranges::equal(one.as<float>(), std::vector<float>{-1, -1, 1, 1}));
  const std::vector<float> thirds{-1, -1.0f / 3, 1.0f / 3, 1};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(two.as<float>()[i], thirds[i], 1e-6f);
}

TEST(Squeezing, MedianIsThatOfALoop) {
  std::mt19937 random(3);
  InputBox box;
  box.elements = 2 * 5 * 6;
  box.channels = 2, box.channelStride = 30;
  TensorBuilder builder(DType::Float32, {1, 2, 5, 6});
  for (float& value : builder.as<float>()) value = static_cast<float>(random() % 1000);
  const Tensor batch = std::move(builder).build();
  for (const int side : {2, 3}) {
    const Tensor made = squeezed({Squeezer::Kind::Median, side}, box, batch);
    for (int c = 0; c < 2; ++c)
      for (int row = 0; row < 5; ++row)
        for (int column = 0; column < 6; ++column) {
          std::vector<float> window;
          for (int r = row - side / 2; r < row - side / 2 + side; ++r)
            for (int k = column - side / 2; k < column - side / 2 + side; ++k)
              window.push_back(batch.as<float>()[static_cast<std::size_t>(c * 30 + std::clamp(r, 0, 4) * 6 +
                                                                          std::clamp(k, 0, 5))]);
          std::ranges::sort(window);
          EXPECT_EQ(made.as<float>()[static_cast<std::size_t>(c * 30 + row * 6 + column)],
                    window[window.size() / 2]);
        }
  }
}

TEST(FeatureSpace, DistanceIsMahalanobisWhereAllDirectionsAreKept) {
  // Two classes of two features, stretched ten times along the first.
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  FeatureRows rows;
  rows.width = 2;
  std::vector<std::int64_t> classes;
  for (int i = 0; i < 4000; ++i) {
    const bool second = i % 2 != 0;
    classes.push_back(second);
    rows.values.push_back(10 * normal(random) + (second ? 100.0f : 0.0f));
    rows.values.push_back(normal(random));
  }
  const ClassGaussians fitted = fitGaussians(rows, classes);
  ASSERT_EQ(fitted.means.size(), 2u);
  const auto at = [&](float x, float y) { return fitted.distance(std::vector<float>{x, y}); };
  EXPECT_NEAR(at(20, 0), 2, 0.15);
  EXPECT_NEAR(at(0, 3), 3, 0.15);
  EXPECT_NEAR(at(100, 3), 3, 0.15) << "of the nearest class";
  EXPECT_NEAR(at(20, 3), std::sqrt(13.0), 0.2);
}

TEST(FeatureSpace, FewSamplesOfManyFeaturesAreEnough) {
  std::mt19937 random(6);
  std::normal_distribution<float> normal;
  FeatureRows rows;
  rows.width = 200;
  for (int i = 0; i < 60 * 200; ++i) rows.values.push_back(normal(random));
  const ClassGaussians fitted = fitGaussians(rows, std::vector<std::int64_t>(60, 0));
  std::vector<float> near(200), far(200);
  for (float& value : near) value = normal(random);
  for (std::size_t i = 0; i < 200; ++i) far[i] = 2 * near[i];
  EXPECT_TRUE(std::isfinite(fitted.distance(near)));
  EXPECT_GT(fitted.distance(far), fitted.distance(near));
}

TEST(DetectorRoc, AreaIsTheShareOfPairs) {
  const std::vector<double> clean{1, 2, 2, 5}, attacked{2, 3, 9};
  double pairs = 0;
  for (const double c : clean)
    for (const double a : attacked) pairs += a > c ? 1 : a == c ? 0.5 : 0;
  const auto [area, interval] = areaUnderRoc(clean, attacked);
  EXPECT_NEAR(area, pairs / 12, 1e-12);
  EXPECT_LT(interval.low, area);
  EXPECT_GE(interval.high, area);
}

class DigitsDetector : public ::testing::Test {
 protected:
  static const DetectorReport& report() {
    static const DetectorReport made = [] {
      RobustnessRequest request;
      request.samples = 400;
      request.steps = 8;
      request.methods = {AttackMethod::Pgd, AttackMethod::UniformNoise};
      request.strengths = {48};
      request.workers = 2;
      return detectorFor(model(), *data(), request, 0.05, {});
    }();
    return made;
  }
  static const Model& model() {
    static const Model made = readModel(demo + "lenet5.onnx");
    return made;
  }
  static const std::shared_ptr<const Dataset>& data() {
    static const auto made = digits(model());
    return made;
  }
};

TEST_F(DigitsDetector, TellsAttackedInputsFromCleanOnes) {
  ASSERT_EQ(report().trials.size(), 2u);
  EXPECT_EQ(report().judgedOn, 200u);
  const DetectorTrial& pgd = report().trials[0];
  EXPECT_GT(pgd.misled, 20u);
  ASSERT_EQ(pgd.ofMisled.size(), 3u);
  const DetectorCurve& both = pgd.ofMisled[2];
  EXPECT_GT(both.area, 0.8);
  EXPECT_LT(both.areaInterval.low, both.area);
  EXPECT_EQ(both.points.front().caught, 0);
  EXPECT_EQ(both.points.back().caught, 1);
  for (std::size_t i = 1; i < both.points.size(); ++i) {
    EXPECT_GE(both.points[i].caught, both.points[i - 1].caught);
    EXPECT_GE(both.points[i].falseAlarms, both.points[i - 1].falseAlarms);
  }
  for (const Interval& interval : report().falseAlarmInterval) EXPECT_LT(interval.low, 0.06);
}

TEST_F(DigitsDetector, GoesToAFileAndBack) {
  const std::string text = toJson(report().detector);
  const InputDetector read = detectorFromJson(text);
  EXPECT_EQ(toJson(read), text);
  const DetectorRun mine(model(), *data(), report().detector), theirs(model(), *data(), read);
  const std::vector<std::size_t> ids{1, 2, 3};
  const auto inputs = data()->inputs(ids);
  EXPECT_EQ(mine.of(inputs, 3, {}).scores, theirs.of(inputs, 3, {}).scores);
}

TEST_F(DigitsDetector, RefusesAnotherModelAndDamagedFiles) {
  const Model other = readModel(demo + "lenet300.onnx");
  EXPECT_THROW(DetectorRun(other, *digits(other), report().detector), Error);
  const std::string text = toJson(report().detector);
  const auto refuses = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    const auto at = changed.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    EXPECT_THROW(detectorFromJson(changed), Error) << to;
  };
  refuses("lapidary-detector", "another");
  refuses("\"version\":1", "\"version\":2");
  refuses("\"width\":", "\"width\":1e30,\"w\":");
  refuses("\"means\":[[", "\"means\":[[1,");
  refuses("\"other_variance\":", "\"other_variance\":-1,\"o\":");
  refuses("\"kind\":\"depth\"", "\"kind\":\"blur\"");
  EXPECT_THROW(detectorFromJson(text.substr(0, text.size() / 2)), Error);
  EXPECT_THROW(detectorFromJson("[]"), Error);
}

TEST_F(DigitsDetector, WorkersChangeNothing) {
  const std::span order(data()->order());
  EXPECT_EQ(toJson(fitDetector(model(), *data(), order.subspan(0, 80), {0.1, 1}, {})),
            toJson(fitDetector(model(), *data(), order.subspan(0, 80), {0.1, 3}, {})));
}

TEST_F(DigitsDetector, FewSamplesAreRefused) {
  EXPECT_THROW(fitDetector(model(), *data(), std::span(data()->order()).subspan(0, 20), {}, {}), Error);
}

}  // namespace
}  // namespace lapidary::core
