// SPDX-License-Identifier: GPL-3.0-or-later
// Probabilities of an output, strips of one-dimensional input, answer bars.
#include <gtest/gtest.h>

#include <QImage>
#include <cmath>

#include "ui/look/theme.h"
#include "ui/saliency/answer_bars.h"
#include "ui/saliency/class_shares.h"
#include "ui/saliency/strip_view.h"

namespace lapidary::ui {
namespace {

TEST(ClassShares, SoftmaxOfLogitsNeverOverflows) {
  const std::vector<float> logits{1000, 1001, 999};
  const std::vector<double> shares = probabilitiesOf(logits);
  const double total = 1 + std::exp(-1) + std::exp(-2);
  EXPECT_NEAR(shares[1], 1 / total, 1e-9);
  EXPECT_NEAR(shares[0], std::exp(-1) / total, 1e-9);
  EXPECT_NEAR(shares[2], std::exp(-2) / total, 1e-9);
}

TEST(ClassShares, ProbabilitiesStayAsTheyAre) {
  const std::vector<double> shares = probabilitiesOf(std::vector<float>{0.25F, 0.75F});
  EXPECT_NEAR(shares[0], 0.25, 1e-7);
  EXPECT_NEAR(shares[1], 0.75, 1e-7);
  EXPECT_TRUE(probabilitiesOf({}).empty());
}

TEST(ClassShares, TheLikeliestComeFirstAndEqualOnesByClass) {
  const std::vector<double> shares{0.1, 0.4, 0.1, 0.4};
  EXPECT_EQ(likeliest(shares, 3), (std::vector<ClassShare>{{1, 0.4}, {3, 0.4}, {0, 0.1}}));
  EXPECT_EQ(likeliest(shares, 9).size(), 4U);
}

TEST(StripView, TokensFlowInLinesAndKeepTheirColours) {
  StripView strip;
  QStringList tokens;
  std::vector<float> saliency;
  for (int i = 0; i < 60; ++i) {
    tokens << QString::number(1000 + i);
    saliency.push_back(i == 0 ? 1.0F : 0.0F);
  }
  strip.setContent(saliency, {ColorMap::Sequential, 1}, tokens, {});
  EXPECT_GT(strip.heightForWidth(200), strip.heightForWidth(2000));
  strip.resize(400, strip.heightForWidth(400));
  const QImage image = strip.grab().toImage();
  EXPECT_EQ(image.pixel(2, 22), Theme::instance().sequential(1));
}

TEST(StripView, ASignalIsDrawnAsBars) {
  StripView strip;
  strip.resize(200, 120);
  strip.setContent({0, 1}, {ColorMap::Sequential, 1}, {}, {0.5F, 1.0F});
  const QImage image = strip.grab().toImage();
  EXPECT_EQ(image.pixel(150, 60), Theme::instance().sequential(1));
  EXPECT_EQ(image.pixel(50, 80), Theme::instance().sequential(0));
}

TEST(AnswerBars, AreReadAloud) {
  AnswerBars bars(Role::Cut);
  bars.setRows({{"seven", 0.94, true}, {"one", 0.05, false}});
  EXPECT_TRUE(bars.accessibleName().contains("seven"));
  EXPECT_TRUE(bars.accessibleName().contains("94"));
}

}  // namespace
}  // namespace lapidary::ui
