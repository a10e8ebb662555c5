// SPDX-License-Identifier: GPL-3.0-or-later
// Kept in the settings.
#include "ui/files/recent_files.h"

#include <QFileInfo>

#include "ui/look/settings.h"

namespace lapidary::ui::recent_files {

namespace {
constexpr qsizetype kept = 8;
const auto key = QStringLiteral("recentFiles");
}  // namespace

QStringList list() {
  QStringList paths;
  for (const auto& path : settings::value(key).toStringList())
    if (QFileInfo::exists(path)) paths << path;
  return paths;
}

void add(const QString& path) {
  const QString absolute = QFileInfo(path).absoluteFilePath();
  QStringList paths = settings::value(key).toStringList();
  paths.removeAll(absolute);
  paths.prepend(absolute);
  settings::setValue(key, paths.mid(0, kept));
}

}  // namespace lapidary::ui::recent_files
