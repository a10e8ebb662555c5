// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/files/file_filters.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStringList>
#include <span>

#include "core/io/common/data_format.h"
#include "core/io/common/format.h"
#include "core/io/numpy/idx.h"

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

/// IDX files have no ending: their names end in what they hold, or their first bytes tell. A folder's name
/// tells nothing of the files in it.
bool isIdx(const QString& path) {
  static const QRegularExpression name(QStringLiteral("[-._]idx[0-9]?([-._]u?byte)?$"),
                                       QRegularExpression::CaseInsensitiveOption);
  const QFileInfo file(path);
  if (file.fileName().contains(name)) return true;
  QFile content(path);
  if (!file.isFile() || !content.open(QIODevice::ReadOnly)) return false;
  const QByteArray head = content.read(4);
  return head.startsWith('\0') && core::looksLikeIdx(std::as_bytes(
                                      std::span(head.constData(), static_cast<std::size_t>(head.size()))));
}

}  // namespace

QString modelPatterns() { return patternsOf(core::modelEndings()); }
QString graphPatterns() { return patternsOf(core::graphEndings()); }
QString dataPatterns() { return patternsOf(core::dataEndings()); }
QString modelEndingsText() { return QString::fromStdString(core::alternatives(core::modelEndings())); }
QString endingFor(const char* format) { return QString::fromStdString(core::endingFor(format)); }

bool looksLikeData(const QString& path) {
  if (QFileInfo(path).isDir() || isIdx(path)) return true;
  const auto kind = core::dataKindForPath(path.toStdString());
  return kind == core::DataKind::List || kind == core::DataKind::Packed;
}

bool looksLikeArrays(const QString& path) {
  return core::dataKindForPath(path.toStdString()) == core::DataKind::Arrays;
}

}  // namespace lapidary::ui
