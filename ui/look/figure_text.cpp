// SPDX-License-Identifier: GPL-3.0-or-later
// Composes the texts of the strip of figures.
#include "ui/look/figure_text.h"

#include <QCoreApplication>
#include <cmath>

#include "core/analyze/sizes/footprint.h"
#include "ui/look/number_text.h"

namespace lapidary::ui {

namespace {

struct FigureTr {
  Q_DECLARE_TR_FUNCTIONS(Figures)
};

QString decibelText(double value) {
  return std::isinf(value) ? FigureTr::tr("exact") : significantText(value, 3) + QStringLiteral(" dB");
}

QString samplesNote(const core::Quality& quality) {
  return FigureTr::tr("%1 of %2 samples")
      .arg(countText(static_cast<std::int64_t>(quality.samples)),
           countText(static_cast<std::int64_t>(quality.total)));
}

QString halfWidthText(const core::Interval& interval) {
  return QStringLiteral("± ") + pointsText((interval.high - interval.low) / 2).remove(QLatin1Char('+'));
}

Role changeRole(double change) { return change < 0 ? Role::Loss : change > 0 ? Role::Gain : Role::Muted; }

QString valueText(double value, core::FigureUnit unit) {
  switch (unit) {
    case core::FigureUnit::Share:
      return percentText(value, 2);
    case core::FigureUnit::Seconds:
      return millisecondsText(value);
    case core::FigureUnit::Bytes:
      return bytesText(static_cast<std::uint64_t>(value));
    case core::FigureUnit::Similarity:
    case core::FigureUnit::None:
      break;
  }
  return fixedText(value, 3);
}

/// The titles that the core knows figures by, for lupdate to find.
[[maybe_unused]] constexpr const char* figureTitles[] = {
    QT_TRANSLATE_NOOP("Figures", "Flipped answers"),
};

/// The core's title in the person's language.
QString titleOf(const core::FigureWords& words) {
  return QCoreApplication::translate("Figures", std::string(words.title).c_str());
}

QString figureLine(const core::Figure& figure) {
  const core::FigureUnit unit = figure.words->unit;
  return FigureTr::tr("%1: %2 (%3 … %4)")
      .arg(titleOf(*figure.words), valueText(figure.value, unit), valueText(figure.interval.low, unit),
           valueText(figure.interval.high, unit));
}

QString qualityTip(const core::Quality& quality, const std::vector<core::Figure>& figures) {
  QStringList lines;
  const auto interval = [](const core::Interval& i) {
    return QStringLiteral(" (%1 … %2)").arg(percentText(i.low, 2), percentText(i.high, 2));
  };
  if (quality.top1)
    lines << FigureTr::tr("Top-1: %1").arg(percentText(*quality.top1, 2)) +
                 (quality.top1Interval ? interval(*quality.top1Interval) : QString());
  if (quality.originalTop1)
    lines << FigureTr::tr("Original on the same samples: %1").arg(percentText(*quality.originalTop1, 2));
  if (quality.top5) lines << FigureTr::tr("Top-5: %1").arg(percentText(*quality.top5, 2));
  if (quality.loss)
    lines << FigureTr::tr("Loss (mean cross-entropy): %1 nats").arg(significantText(*quality.loss, 3));
  if (quality.agreement)
    lines << FigureTr::tr("Agreement with the original: %1").arg(percentText(*quality.agreement, 2)) +
                 (quality.agreementInterval ? interval(*quality.agreementInterval) : QString());
  if (quality.outputSnrDb)
    lines << FigureTr::tr("Signal-to-noise of the output: %1").arg(decibelText(*quality.outputSnrDb));
  for (const core::Figure& figure : figures) lines << figureLine(figure);
  lines << FigureTr::tr("Intervals hold the true value 95 times in 100.");
  return lines.join(QLatin1Char('\n'));
}

void fillAccuracy(FigureText& text, const core::Outcome& outcome, const core::Quality& quality) {
  text.figure = percentText(*quality.top1, 2);
  if (quality.top1Interval) text.aside = halfWidthText(*quality.top1Interval);
  if (outcome.recipe.empty()) {
    text.notes << FigureTr::tr("the original, uncut");
  } else if (quality.change) {
    text.strong = FigureTr::tr("%1 points").arg(pointsText(*quality.change));
    text.strongRole = changeRole(*quality.change);
    if (quality.changeInterval)
      text.strong += QStringLiteral("\x1f") + QStringLiteral(" (%1 … %2)")
                                                  .arg(pointsText(quality.changeInterval->low),
                                                       pointsText(quality.changeInterval->high));
  }
  text.notes << samplesNote(quality);
}

void fillAgreement(FigureText& text, const core::Outcome& outcome, const core::Quality& quality) {
  text.figure = percentText(*quality.agreement, 2);
  if (quality.agreementInterval) text.aside = halfWidthText(*quality.agreementInterval);
  text.notes << (outcome.recipe.empty() ? FigureTr::tr("the original, uncut")
                                        : FigureTr::tr("data without labels"));
  text.notes << samplesNote(quality);
}

void fillNoise(FigureText& text, const core::Outcome& outcome, const core::Quality& quality) {
  text.figure = quality.outputSnrDb ? decibelText(*quality.outputSnrDb) : FigureTr::tr("exact");
  if (quality.onData) {
    text.notes << FigureTr::tr("of the outputs, which are not scores of classes") << samplesNote(quality);
    return;
  }
  text.notes << (outcome.recipe.empty() ? FigureTr::tr("the original, uncut")
                                        : FigureTr::tr("of the output, on noise inputs"));
  text.notes << FigureTr::tr("File ▸ Open data… gives accuracy");
}

/// A file that cannot run still tells how far its weights moved: the layer that moved furthest.
void fillWeights(FigureText& text, const core::Session& session, const core::Outcome& outcome) {
  const core::LayerFootprint* worst = nullptr;
  for (const auto& layer : outcome.footprint.layers)
    if (layer.snrDb && (worst == nullptr || *layer.snrDb < *worst->snrDb)) worst = &layer;
  const auto& obstacles = session.obstacles();
  const QString reason = session.model().runnable() && !obstacles.empty()
                             ? FigureTr::tr("cannot run: %1").arg(QString::fromStdString(obstacles.front()))
                             : FigureTr::tr("weights without a graph cannot run");
  text.label = FigureTr::tr("Signal-to-noise, worst layer");
  text.figure = worst != nullptr ? decibelText(*worst->snrDb) : FigureTr::tr("exact");
  if (worst != nullptr) text.notes << QString::fromStdString(session.model().layer(worst->layer).name);
  text.notes << reason;
  QStringList all;
  for (const auto& obstacle : obstacles) all << QString::fromStdString(obstacle);
  text.tip = all.join(QLatin1Char('\n'));
}

bool cannotRun(const core::Session& session) {
  return !session.model().runnable() || !session.obstacles().empty();
}

QString keptRange(const core::KeptFigure& kept) {
  return QStringLiteral("± ") + fixedText((kept.interval.high - kept.interval.low) / 2, 2);
}

QString keptText(const core::KeptFigure& kept) {
  return QStringLiteral("%1 (%2 … %3)")
      .arg(fixedText(kept.mean, 3), fixedText(kept.interval.low, 3), fixedText(kept.interval.high, 3));
}

QString topShareText(const core::SaliencyDrift& drift) {
  return significantText(drift.options.topShare * 100, 3);
}

QString waitingNote(const core::Session& session) {
  return cannotRun(session) ? FigureTr::tr("needs a model that can run")
                            : FigureTr::tr("follows once the samples are through");
}

}  // namespace

QString qualityName(core::QualityKind kind) {
  switch (kind) {
    case core::QualityKind::Accuracy:
      return FigureTr::tr("Accuracy, top-1");
    case core::QualityKind::Agreement:
      return FigureTr::tr("Agreement with the original");
    case core::QualityKind::Noise:
      return FigureTr::tr("Signal-to-noise");
  }
  return {};
}

std::optional<QualityValue> qualityValue(const core::Outcome& outcome) {
  if (!outcome.quality) return std::nullopt;
  const auto& quality = *outcome.quality;
  const auto share = [](double value, const std::optional<core::Interval>& interval) {
    return QualityValue{value, interval.value_or(core::Interval{value, value}), false};
  };
  if (quality.top1) return share(*quality.top1, quality.top1Interval);
  if (quality.kind == core::QualityKind::Agreement && quality.agreement)
    return share(*quality.agreement, quality.agreementInterval);
  if (quality.outputSnrDb && std::isfinite(*quality.outputSnrDb))
    return QualityValue{*quality.outputSnrDb, {*quality.outputSnrDb, *quality.outputSnrDb}, true};
  return std::nullopt;
}

QString qualityValueText(const QualityValue& value) {
  return value.decibel ? decibelText(value.value) : percentText(value.value, 2);
}

FigureText qualityFigure(const core::Session& session, const core::Outcome& outcome) {
  FigureText text;
  text.label = qualityName(session.qualityKind());
  if (cannotRun(session)) {
    fillWeights(text, session, outcome);
  } else if (!outcome.quality) {
    text.figure = QStringLiteral("–");
    text.known = false;
    text.notes << FigureTr::tr("running the first samples");
  } else {
    const auto& quality = *outcome.quality;
    text.tip = qualityTip(quality, outcome.figures);
    if (quality.top1)
      fillAccuracy(text, outcome, quality);
    else if (quality.agreement)
      fillAgreement(text, outcome, quality);
    else if (quality.kind == core::QualityKind::Noise)
      fillNoise(text, outcome, quality);
  }
  return text;
}

FigureText sizeFigure(const core::Session& session, const core::Outcome& outcome) {
  const auto& size = outcome.footprint;
  FigureText text;
  text.label = FigureTr::tr("Size on disk");
  text.figure = bytesText(size.fileAfter);
  if (!outcome.recipe.empty()) {
    text.aside = FigureTr::tr("from %1").arg(bytesText(size.fileBefore));
    const double factor = static_cast<double>(size.fileBefore) /
                          static_cast<double>(std::max<std::uint64_t>(1, size.fileAfter));
    text.strong = significantText(factor, 3) + QStringLiteral("×\x1f ") + FigureTr::tr("smaller");
    text.strongRole = Role::Cut;
  }
  const QString format =
      QString::fromUtf8(core::sizeFormat(session.model()).name.data(),
                        static_cast<qsizetype>(core::sizeFormat(session.model()).name.size()));
  // Beside the saving there is no room for the format; the tip names it.
  if (outcome.recipe.empty() || !size.forms) text.notes << FigureTr::tr("as %1").arg(format);
  if (size.forms) {
    text.notes << FigureTr::tr("zip %1").arg(bytesText(size.forms->total.zipped))
               << FigureTr::tr(".lapidary %1").arg(bytesText(size.forms->total.lapidary));
  }
  text.tip = FigureTr::tr("Exact bytes of the %1 file that Export writes: %2; the original: %3.")
                 .arg(format, countText(static_cast<std::int64_t>(size.fileAfter)),
                      countText(static_cast<std::int64_t>(size.fileBefore)));
  return text;
}

FigureText zerosFigure(const core::Outcome& outcome) {
  const auto& size = outcome.footprint;
  FigureText text;
  text.label = FigureTr::tr("Zeros");
  text.figure = percentText(
      static_cast<double>(size.zeros) / static_cast<double>(std::max<std::int64_t>(1, size.parameters)), 1);
  text.notes << FigureTr::tr("%1 of %2 weights").arg(countText(size.zeros), countText(size.parameters));
  text.tip = FigureTr::tr("Share of the weights in layers that are exactly zero.");
  return text;
}

FigureText latencyFigure(const core::Session& session, const core::Outcome& outcome) {
  FigureText text;
  text.label = FigureTr::tr("Latency, 1 sample");
  if (!outcome.latency) {
    text.figure = QStringLiteral("–");
    text.known = false;
    text.notes << waitingNote(session);
    return text;
  }
  text.figure = millisecondsText(outcome.latency->seconds);
  if (!outcome.recipe.empty())
    text.aside = FigureTr::tr("from %1").arg(millisecondsText(outcome.latency->original));
  text.notes << FigureTr::tr("measured here, 1 thread");
  text.tip = FigureTr::tr("Median of %1 runs of one sample on one thread of this machine; the original: %2.")
                 .arg(outcome.latency->runs)
                 .arg(millisecondsText(outcome.latency->original));
  return text;
}

FigureText saliencyFigure(const core::Session& session, const core::Outcome& outcome) {
  FigureText text;
  text.label = FigureTr::tr("Saliency kept");
  if (!outcome.drift) {
    text.figure = QStringLiteral("–");
    text.known = false;
    text.notes << (session.data() == nullptr && !cannotRun(session)
                       ? FigureTr::tr("needs data: File ▸ Open data…")
                       : waitingNote(session));
    return text;
  }
  const core::SaliencyDrift& drift = *outcome.drift;
  text.figure = fixedText(drift.rank.mean, 2);
  if (!outcome.recipe.empty()) text.aside = keptRange(drift.rank);
  text.notes << FigureTr::tr("SSIM %1").arg(fixedText(drift.ssim.mean, 2))
             << FigureTr::tr("top %1 %: %2").arg(topShareText(drift), fixedText(drift.top.mean, 2));
  text.tip =
      FigureTr::tr(
          "How far the model still looks at the same positions: maps of %n sample(s) before and after the "
          "cut, 1 is unchanged.",
          nullptr, static_cast<int>(drift.samples)) +
      QLatin1Char('\n') + FigureTr::tr("Spearman's rank correlation: %1").arg(keptText(drift.rank)) +
      QLatin1Char('\n') + FigureTr::tr("Structural similarity (SSIM): %1").arg(keptText(drift.ssim)) +
      QLatin1Char('\n') +
      FigureTr::tr("Overlap of the top %1 %: %2").arg(topShareText(drift), keptText(drift.top));
  return text;
}

}  // namespace lapidary::ui
