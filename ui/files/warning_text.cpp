// SPDX-License-Identifier: GPL-3.0-or-later
// Composes the notices.
#include "ui/files/warning_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "ui/files/data_warning_text.h"
#include "ui/look/number_text.h"

namespace lapidary::ui {

namespace {

struct NoticeWords {
  Q_DECLARE_TR_FUNCTIONS(Notices)
};

/// More warnings than this are counted, not listed.
constexpr std::size_t listedWarnings = 3;

QString listText(const std::vector<double>& values) {
  QStringList texts;
  for (const double value : values) texts << significantText(value, 3);
  return texts.join(QStringLiteral(", "));
}

}  // namespace

QString warningText(const core::Warning& warning) {
  const QString detail = QString::fromStdString(warning.detail);
  switch (warning.kind) {
    case core::WarningKind::UnknownOp:
      return NoticeWords::tr(
                 "This program does not know these operators (× counts their nodes): %1. The model can be "
                 "cut, but not run.")
          .arg(detail);
    case core::WarningKind::NoGraph:
      return NoticeWords::tr(
          "The file holds weights without a graph: sizes and weights can be cut, accuracy cannot be "
          "measured.");
    case core::WarningKind::ExternalData:
      return NoticeWords::tr("External data: %1").arg(detail);
    case core::WarningKind::NewerOpset:
      return NoticeWords::tr("The model asks for a newer operator set than this program knows: %1")
          .arg(detail);
    case core::WarningKind::DroppedContent:
      return NoticeWords::tr("Not kept from the file: %1").arg(detail);
    case core::WarningKind::ShapeInference:
      return NoticeWords::tr("Shapes could not be inferred: %1").arg(detail);
    case core::WarningKind::TrainingState:
      return NoticeWords::tr("Left out, as it is kept for training alone: %1").arg(detail);
    case core::WarningKind::AveragedCopy:
      return NoticeWords::tr(
                 "A second copy of the weights, averaged over the training, is left out: %1. To cut it in "
                 "place of the others, save it to a file of its own.")
          .arg(detail);
    case core::WarningKind::TiedWeights:
      return NoticeWords::tr("Several names stand for one weight, which is counted, cut and written once: %1")
          .arg(detail);
    case core::WarningKind::SharedStorage:
      return NoticeWords::tr(
                 "These share a part of their numbers in the file, and are cut and written apart from each "
                 "other: %1")
          .arg(detail);
    case core::WarningKind::KeptTensors:
      return NoticeWords::tr("Kept as they are, in element types that cannot be cut: %1").arg(detail);
    case core::WarningKind::ScalesBeside:
      return NoticeWords::tr(
                 "These are multiplied by scales that stand beside them; their values are shown and cut "
                 "without: %1")
          .arg(detail);
    case core::WarningKind::OneShard:
      return NoticeWords::tr("The file is a part of a model: %1").arg(detail);
    case core::WarningKind::OutsideLayers:
      return NoticeWords::tr("%1 of %2 parameters belong to no layer, and stay as they are: %3")
          .arg(QLocale().toString(qlonglong{warning.count}), QLocale().toString(qlonglong{warning.total}),
               detail);
    case core::WarningKind::NoLayers:
      return NoticeWords::tr("The model has no layer whose weights could be cut.");
    case core::WarningKind::InlinedFunctions:
      return NoticeWords::
          tr("Functions that the file defines were put in the place of their calls, and are written so: %1")
              .arg(detail);
    case core::WarningKind::UnpackedWeights:
      return NoticeWords::tr(
                 "Packed weights were opened as DequantizeLinear and MatMul, so that they can be cut, and "
                 "are written so: %1")
          .arg(detail);
    case core::WarningKind::ScoresOutput:
      return NoticeWords::tr(
                 "Several outputs could be the scores of the classes; taken was %1. Another can be chosen "
                 "where the data are described.")
          .arg(detail);
  }
  return detail;
}

QString preprocessText(const core::Preprocess& p) {
  QStringList parts{p.layout == core::PixelLayout::NCHW ? "NCHW" : "NHWC"};
  parts << (p.channels == core::PixelChannels::RGB   ? "RGB"
            : p.channels == core::PixelChannels::BGR ? "BGR"
                                                     : NoticeWords::tr("gray"));
  if (p.resize) parts << NoticeWords::tr("resize %1").arg(*p.resize);
  if (p.crop) parts << NoticeWords::tr("crop %1").arg(*p.crop);
  if (p.scale != 1) parts << NoticeWords::tr("scale %1").arg(significantText(p.scale, 3));
  if (!p.mean.empty()) parts << NoticeWords::tr("mean %1").arg(listText(p.mean));
  if (!p.std.empty()) parts << NoticeWords::tr("std %1").arg(listText(p.std));
  return parts.join(QStringLiteral(", "));
}

QString noticeText(const OpenedModel& opened) {
  QStringList lines;
  const auto& warnings = opened.warnings;
  for (std::size_t i = 0; i < warnings.size() && i < listedWarnings; ++i) lines << warningText(warnings[i]);
  if (warnings.size() > listedWarnings)
    lines << NoticeWords::tr("and %n more of this kind", nullptr,
                             static_cast<int>(warnings.size() - listedWarnings));
  for (const core::DataWarning& warning : opened.dataWarnings) lines << dataWarningText(warning);
  const bool pictures = opened.session->data() != nullptr && opened.session->data()->source().pictorial();
  if (pictures && opened.preprocessOrigin == core::PreprocessOrigin::Guessed)
    lines << NoticeWords::tr(
                 "The preprocessing was guessed from the model's input: %1. File ▸ Preprocessing… shows and "
                 "changes it.")
                 .arg(preprocessText(opened.session->data()->preprocess()));
  if (opened.session->data() != nullptr && opened.preprocessOrigin == core::PreprocessOrigin::Tried)
    lines << NoticeWords::tr(
                 "The preprocessing is the one of several common forms that answers most of the labelled "
                 "samples right: %1. File ▸ Preprocessing… shows and changes it.")
                 .arg(preprocessText(opened.session->data()->preprocess()));
  return lines.join(QLatin1Char('\n'));
}

}  // namespace lapidary::ui
