// SPDX-License-Identifier: GPL-3.0-or-later
// What the strip's figures say of figures that have no tile of their own.
#include "ui/look/figure_text.h"

#include <gmock/gmock.h>

#include <QFile>

#include "core/session/measurements.h"
#include "tests/ui/demo.h"
#include "ui/look/number_text.h"

namespace lapidary::ui {
namespace {

TEST(FigureText, TheTipOfTheQualityNamesEveryFigureWithItsInterval) {
  static constexpr core::FigureWords told{"told_again", "Told again", core::FigureUnit::Share};
  core::Outcome outcome;
  outcome.quality = core::Quality{};
  outcome.quality->agreement = 0.75;
  outcome.figures = {core::Figure{&told, 0.25, {0.2, 0.31}, 1200}};
  const QString tip = qualityFigure(*demoSession(), outcome).tip;
  const QString expected = QStringLiteral("Told again: %1 (%2 … %3)")
                               .arg(percentText(0.25, 2), percentText(0.2, 2), percentText(0.31, 2));
  EXPECT_TRUE(tip.contains(expected)) << tip.toStdString();
}

TEST(FigureText, EveryTitleOfAFigureHasItsTranslation) {
  QFile file(QStringLiteral(LAPIDARY_SOURCE_DIR "/translations/lapidary_zh_CN.ts"));
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  const QString text = QString::fromUtf8(file.readAll());
  for (const core::FigureWords* words : core::wordsOfAnswers()) {
    const QString title = QString::fromUtf8(words->title.data(), static_cast<qsizetype>(words->title.size()));
    EXPECT_TRUE(text.contains("<source>" + title.toHtmlEscaped() + "</source>")) << title.toStdString();
  }
}

}  // namespace
}  // namespace lapidary::ui
