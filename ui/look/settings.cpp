// SPDX-License-Identifier: GPL-3.0-or-later
// The user's settings file of this program, apart from the application's own name so that tests share it.
#include "ui/look/settings.h"

#include <QFileInfo>
#include <QSettings>

namespace lapidary::ui::settings {

namespace {
QSettings store() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "lapidary", "lapidary"); }
}  // namespace

QVariant value(const QString& key, const QVariant& fallback) { return store().value(key, fallback); }

QString folder() { return QFileInfo(store().fileName()).absolutePath(); }

void setValue(const QString& key, const QVariant& value) { store().setValue(key, value); }

void remove(const QString& key) { store().remove(key); }

}  // namespace lapidary::ui::settings
