// SPDX-License-Identifier: GPL-3.0-or-later
// The settings that the program remembers between runs; the one place that knows where it is kept.
#pragma once

#include <QString>
#include <QVariant>

namespace lapidary::ui::settings {

QVariant value(const QString& key, const QVariant& fallback = {});
/// Of the settings file, and of what else is kept between runs.
QString folder();
void setValue(const QString& key, const QVariant& value);
/// From now on `value` gives the fallback.
void remove(const QString& key);

}  // namespace lapidary::ui::settings
