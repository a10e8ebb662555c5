// SPDX-License-Identifier: GPL-3.0-or-later
// Composes the notices on samples.
#include "ui/files/data_warning_text.h"

#include <QCoreApplication>
#include <QStringList>

#include "core/data/data_part.h"
#include "ui/files/part_text.h"

namespace lapidary::ui {

namespace {

struct DataWords {
  Q_DECLARE_TR_FUNCTIONS(DataNotices)
};

/// "test 60, train 30" in the words of the window.
QString partsText(const QString& detail) {
  QStringList parts = detail.split(QStringLiteral(", "));
  for (QString& part : parts) {
    const QString word = part.section(QLatin1Char(' '), 0, 0);
    if (const auto named = core::partNamed(word.toStdString()))
      part.replace(0, word.size(), partText(*named));
  }
  return parts.join(QStringLiteral(", "));
}

}  // namespace

QString dataWarningText(const core::DataWarning& warning) {
  const QString detail = QString::fromStdString(warning.detail), count = QString::number(warning.count);
  switch (warning.kind) {
    case core::DataWarningKind::NoClassFolders:
      return DataWords::tr("Folders that hold no samples are no classes: %1.").arg(detail);
    case core::DataWarningKind::LooseFiles:
      return DataWords::tr("Left out, because they lie beside the class folders (%1): %2.")
          .arg(count, detail);
    case core::DataWarningKind::OtherFiles:
      return DataWords::tr("Left out, because they are no samples of this kind (%1): %2.").arg(count, detail);
    case core::DataWarningKind::OutsideLinks:
      return DataWords::tr("Links that are not followed (%1): %2.").arg(count, detail);
    case core::DataWarningKind::NumberedFolders:
      return DataWords::tr("The class folders are named by numbers, which count as the classes: %1.")
          .arg(detail);
    case core::DataWarningKind::PartFolders:
      return DataWords::tr(
                 "The class folders are named as parts of a data set: %1. Open one of them where they hold "
                 "class folders themselves.")
          .arg(detail);
    case core::DataWarningKind::GuessedSound:
      return DataWords::
          tr("The preprocessing leaves these open, and they were guessed: %1. File ▸ Preprocessing… shows "
             "and changes them.")
              .arg(detail);
    case core::DataWarningKind::GuessedPreprocess:
      return DataWords::
          tr("The preprocessing leaves these open, and they were guessed: %1. File ▸ Preprocessing… shows "
             "and changes them.")
              .arg(detail);
    case core::DataWarningKind::IgnoredKeys:
      return DataWords::tr("Keys of the preprocessing without effect here: %1.").arg(detail);
    case core::DataWarningKind::UnreadablePictures:
      return DataWords::tr(
                 "Pictures are left out, because no reader of their kind is installed: %1. Install Debian's "
                 "qt6-image-formats-plugins, or convert them to PNG.")
          .arg(detail);
    case core::DataWarningKind::DeepPictures:
      return DataWords::tr("Pictures of more than 8 bits a channel are read with 8: %1.").arg(detail);
    case core::DataWarningKind::DimPictures:
      return DataWords::
          tr("Pictures of 16 bits a channel use the low bits alone and become nearly black: %1. Spread their "
             "values over all 16 bits.")
              .arg(detail);
    case core::DataWarningKind::TransparentPictures:
      return DataWords::tr("Pictures may be transparent in places, where they are shown over white: %1.")
          .arg(detail);
    case core::DataWarningKind::InkPictures:
      return DataWords::tr("Pictures of four inks (CMYK) become RGB without their colour profile: %1.")
          .arg(detail);
    case core::DataWarningKind::MoreFrames:
      return DataWords::tr("Pictures hold several frames or pages, of which the first is read: %1.")
          .arg(detail);
    case core::DataWarningKind::ChosenPart:
      return DataWords::
          tr("The data are in parts, of which the first of these is measured, with its samples: %1. Another "
             "is chosen beside the data's name, above.")
              .arg(partsText(detail));
    case core::DataWarningKind::OtherArrays:
      return DataWords::tr("Arrays that feed no input are left out: %1.").arg(detail);
    case core::DataWarningKind::GuessedArrays:
      return DataWords::tr("Arrays without names were taken for samples and labels: %1.").arg(detail);
    case core::DataWarningKind::OtherColumns:
      return DataWords::tr("Columns beside files and labels are left out: %1.").arg(detail);
    case core::DataWarningKind::NoLabelColumn:
      return DataWords::tr(
                 "No column is called as labels are, so the samples have none: %1. Call the column of "
                 "labels “label”.")
          .arg(detail);
    case core::DataWarningKind::TableInFolder:
      return DataWords::tr("The folder was read as its table says: %1.").arg(detail);
    case core::DataWarningKind::SortedClasses:
      return DataWords::tr("Labels that are words were numbered in their sorted order: %1.").arg(detail);
    case core::DataWarningKind::OtherClassCount:
      return DataWords::tr(
                 "The labels are of %1 classes, but the model answers with %2. Check that classes are "
                 "numbered as the model numbers them.")
          .arg(count, detail);
    case core::DataWarningKind::OneClass:
      return DataWords::tr("All %1 samples are labelled %2, so the accuracy is that of one class.")
          .arg(count, detail);
    case core::DataWarningKind::PermutedClasses:
      return DataWords::
          tr("The labels seem to be numbered otherwise than the model's classes: %1 of %2 samples would be "
             "right if the data's classes had these numbers: %3.")
              .arg(count, QString::number(warning.total), detail);
  }
  return detail;
}

}  // namespace lapidary::ui
