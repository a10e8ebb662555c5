// SPDX-License-Identifier: GPL-3.0-or-later
// The table of figures and their words.
#include "ui/document/trade_off_axis.h"

#include <QCoreApplication>

#include "ui/look/number_text.h"

namespace lapidary::ui {

namespace {

struct AxisTr {
  Q_DECLARE_TR_FUNCTIONS(TradeOffAxis)
};

std::optional<QualityValue> keptOf(const core::Outcome& outcome, core::DriftMeasure measure) {
  if (!outcome.drift) return std::nullopt;
  const core::KeptFigure& kept = outcome.drift->of(measure);
  return QualityValue{kept.mean, kept.interval, false};
}

std::optional<QualityValue> errorOf(const core::Outcome& outcome) {
  if (!outcome.reliability) return std::nullopt;
  return QualityValue{outcome.reliability->ece, outcome.reliability->eceInterval, false};
}

std::optional<QualityValue> attackedOf(const core::Outcome& outcome) {
  if (!outcome.attacked) return std::nullopt;
  return QualityValue{outcome.attacked->share, outcome.attacked->interval, false};
}

constexpr TradeOffFigure tradeOffRows[] = {
    {TradeOffAxis::Quality, "quality", true, false, -1e300, 1, qualityValue},
    {TradeOffAxis::RankCorrelation, "saliency_rank", false, false, -1, 1,
     [](const core::Outcome& outcome) { return keptOf(outcome, core::DriftMeasure::RankCorrelation); }},
    {TradeOffAxis::Ssim, "saliency_ssim", false, false, -1, 1,
     [](const core::Outcome& outcome) { return keptOf(outcome, core::DriftMeasure::Ssim); }},
    {TradeOffAxis::TopOverlap, "saliency_top", false, false, 0, 1,
     [](const core::Outcome& outcome) { return keptOf(outcome, core::DriftMeasure::TopOverlap); }},
    {TradeOffAxis::CalibrationError, "ece", true, true, 0, 1, errorOf},
    {TradeOffAxis::Attacked, "attacked", true, false, 0, 1, attackedOf},
};

}  // namespace

std::span<const TradeOffFigure> tradeOffFigures() { return tradeOffRows; }

const TradeOffFigure& figureOf(TradeOffAxis axis) { return tradeOffRows[static_cast<std::size_t>(axis)]; }

QString axisName(TradeOffAxis axis, core::QualityKind kind) {
  switch (axis) {
    case TradeOffAxis::Quality:
      return qualityName(kind);
    case TradeOffAxis::RankCorrelation:
      return AxisTr::tr("Saliency kept, rank correlation");
    case TradeOffAxis::Ssim:
      return AxisTr::tr("Saliency kept, SSIM");
    case TradeOffAxis::TopOverlap:
      return AxisTr::tr("Saliency kept, top-k overlap");
    case TradeOffAxis::CalibrationError:
      return AxisTr::tr("Calibration error, ECE");
    case TradeOffAxis::Attacked:
      return AxisTr::tr("Accuracy under attack, FGSM");
  }
  return {};
}

QString axisTip(TradeOffAxis axis) {
  switch (axis) {
    case TradeOffAxis::Quality:
      return AxisTr::tr("What the model answers");
    case TradeOffAxis::RankCorrelation:
      return AxisTr::tr(
          "Whether the model weighs the positions of an input in the same order as before: 1 is unchanged");
    case TradeOffAxis::Ssim:
      return AxisTr::tr("Whether the pattern of its saliency maps is the same as before: 1 is unchanged");
    case TradeOffAxis::TopOverlap:
      return AxisTr::tr("Share of the most important positions that still are so: 1 is unchanged");
    case TradeOffAxis::CalibrationError:
      return AxisTr::tr("How far its probabilities are from how often it is right: 0 is best");
    case TradeOffAxis::Attacked:
      return AxisTr::tr(
          "How often it is still right on the first 200 samples when each was moved against it in one step "
          "of "
          "4 levels of its pixels, or of 0.04 where they are none: measured in quiet moments");
  }
  return {};
}

QString axisValueText(TradeOffAxis axis, const QualityValue& value) {
  if (axis == TradeOffAxis::Quality) return qualityValueText(value);
  return figureOf(axis).percent ? percentText(value.value, 2) : fixedText(value.value, 3);
}

}  // namespace lapidary::ui
