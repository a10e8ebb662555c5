// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/files/file_filters.h"

#include <QFileInfo>
#include <QStringList>

#include "core/io/common/data_format.h"
#include "core/io/common/format.h"

namespace lapidary::ui {

namespace {

QString patternsOf(const std::vector<std::string_view>& endings) {
  QStringList patterns;
  for (const std::string_view ending : endings) {
    const QString text = QString::fromUtf8(ending.data(), static_cast<qsizetype>(ending.size()));
    patterns << QLatin1Char('*') + text << QLatin1Char('*') + text.toUpper();
  }
  return patterns.join(QLatin1Char(' '));
}

}  // namespace

QString modelPatterns() { return patternsOf(core::modelEndings()); }
QString graphPatterns() { return patternsOf(core::graphEndings()); }
QString dataPatterns() { return patternsOf(core::dataEndings()); }
QString modelEndingsText() { return QString::fromStdString(core::alternatives(core::modelEndings())); }
QString endingFor(const char* format) { return QString::fromStdString(core::endingFor(format)); }

bool looksLikeData(const QString& path) {
  if (QFileInfo(path).isDir() || path.contains(QStringLiteral("idx"))) return true;
  const auto kind = core::dataKindForPath(path.toStdString());
  return kind == core::DataKind::List || kind == core::DataKind::Packed;
}

bool looksLikeArrays(const QString& path) {
  return core::dataKindForPath(path.toStdString()) == core::DataKind::Arrays;
}

}  // namespace lapidary::ui
