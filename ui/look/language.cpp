// SPDX-License-Identifier: GPL-3.0-or-later
// Holds the installed translator.
#include "ui/look/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include "ui/look/settings.h"

namespace lapidary::ui::language {

namespace {

QString& installed() {
  static QString code;
  return code;
}

QTranslator& translator(bool ofQt) {
  static QTranslator ours, qts;
  return ofQt ? qts : ours;
}

}  // namespace

QString current() {
  if (!installed().isEmpty()) return installed();
  const QString system = QLocale::system().language() == QLocale::Chinese ? "zh_CN" : "en";
  return settings::value("language", system).toString();
}

void use(const QString& code) {
  settings::setValue("language", code);
  install(code);
}

void install(const QString& code) {
  installed() = code == "zh_CN" ? code : QStringLiteral("en");
  const bool chinese = installed() == "zh_CN";
  QLocale::setDefault(chinese ? QLocale(QLocale::Chinese, QLocale::China)
                              : QLocale(QLocale::English, QLocale::UnitedStates));
  for (const bool ofQt : {true, false}) QCoreApplication::removeTranslator(&translator(ofQt));
  // English plural forms are a translation, too.
  if (translator(false).load(QStringLiteral(":/translations/lapidary_%1.qm").arg(installed())))
    QCoreApplication::installTranslator(&translator(false));
  if (chinese && translator(true).load(QStringLiteral("qtbase_zh_CN"),
                                       QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
    QCoreApplication::installTranslator(&translator(true));
}

}  // namespace lapidary::ui::language
