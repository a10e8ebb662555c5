// SPDX-License-Identifier: GPL-3.0-or-later
// The values of the colours, the fonts, and how they reach the application.
#include "ui/look/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QStyleFactory>
#include <array>
#include <cmath>

#include "ui/look/settings.h"
#include "ui/look/style_sheet.h"

namespace lapidary::ui {

namespace {

struct Pair {
  QRgb light, dark;
};

Pair colorsOf(Role role) {
  switch (role) {
    case Role::Ground:
      return {0xF4F4F2, 0x1B1D20};
    case Role::Panel:
      return {0xFFFFFF, 0x24272B};
    case Role::Line:
      return {0xE2E2DE, 0x34383D};
    case Role::Text:
      return {0x1F2328, 0xE8E8E6};
    case Role::Muted:
      return {0x6B7280, 0x9CA3AF};
    case Role::Original:
      return {0x64748B, 0x94A3B8};
    case Role::Cut:
      return {0x0F766E, 0x2DD4BF};
    case Role::CutSoft:
      return {0xD5EFEB, 0x143B37};
    case Role::Loss:
      return {0xD55E00, 0xFF8A3D};
    case Role::Gain:
      return {0x0072B2, 0x56B4E9};
  }
  return {0, 0};
}

/// Linear between evenly spaced stops.
template <std::size_t N>
QRgb between(const std::array<QColor, N>& stops, double x) {
  const double position = std::clamp(x, 0.0, 1.0) * static_cast<double>(N - 1);
  const auto low = std::min(static_cast<std::size_t>(position), N - 2);
  const double t = position - static_cast<double>(low);
  const auto mix = [t](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * t)); };
  const QColor &a = stops[low], &b = stops[low + 1];
  return qRgb(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

/// Desktops name their font; without a desktop the generic family says nothing, and Inter is preferred.
QString bodyFamily() {
  const QString system = QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
  const bool generic = system.isEmpty() || system == "Sans Serif" || system == "Sans" ||
                       system == "DejaVu Sans" || system == "Helvetica";
  return generic && QFontDatabase::hasFamily("Inter") ? QStringLiteral("Inter") : system;
}

QFont fontOf(int pixels) {
  static const QString family = bodyFamily();
  QFont font;
  font.setFamilies({family, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "DejaVu Sans"});
  font.setPixelSize(pixels);
  return font;
}

bool systemIsDark() {
  static const bool dark = QApplication::palette().color(QPalette::Window).lightness() < 128;
  return dark;
}

}  // namespace

Theme& Theme::instance() {
  static Theme theme;
  return theme;
}

void Theme::setAppearance(Appearance appearance) {
  settings::setValue("appearance", static_cast<int>(appearance));
  useForThisRun(appearance);
}

void Theme::useForThisRun(Appearance appearance) {
  m_forRun = static_cast<int>(appearance);
  apply();
  emit changed();
}

Appearance Theme::appearance() const {
  static const int remembered = settings::value("appearance", 0).toInt();
  const int stored = m_forRun >= 0 ? m_forRun : remembered;
  return stored == 1 ? Appearance::Light : stored == 2 ? Appearance::Dark : Appearance::System;
}

bool Theme::dark() const {
  const auto wanted = appearance();
  return wanted == Appearance::System ? systemIsDark() : wanted == Appearance::Dark;
}

QColor Theme::color(Role role) const {
  const auto pair = colorsOf(role);
  return QColor(dark() ? pair.dark : pair.light);
}

QFont Theme::body() const { return fontOf(13); }
QFont Theme::caption() const { return fontOf(11); }
QFont Theme::figure() const {
  QFont font = fontOf(25);
  font.setWeight(QFont::DemiBold);
  return font;
}

void Theme::apply() {
  systemIsDark();  // asked before the palette becomes ours
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  QPalette palette;
  palette.setColor(QPalette::Window, color(Role::Ground));
  palette.setColor(QPalette::Base, color(Role::Panel));
  palette.setColor(QPalette::AlternateBase, color(Role::Ground));
  palette.setColor(QPalette::Button, color(Role::Panel));
  palette.setColor(QPalette::ToolTipBase, color(Role::Panel));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
    palette.setColor(role, color(Role::Text));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, color(Role::Muted));
  palette.setColor(QPalette::PlaceholderText, color(Role::Muted));
  palette.setColor(QPalette::Highlight, color(Role::CutSoft));
  palette.setColor(QPalette::HighlightedText, color(Role::Text));
  palette.setColor(QPalette::Link, color(Role::Cut));
  QApplication::setPalette(palette);
  QApplication::setFont(body());
  qApp->setStyleSheet(styleSheet(*this));
}

QRgb Theme::diverging(double x) const {
  static const std::array<QColor, 4> lightBlue{QColor(255, 255, 255), QColor(150, 187, 216),
                                               QColor(62, 120, 174), QColor(5, 52, 110)};
  static const std::array<QColor, 4> lightBrown{QColor(255, 255, 255), QColor(226, 178, 146),
                                                QColor(190, 100, 48), QColor(112, 40, 4)};
  // On a dark ground strength is brightness, so the ends are the light colours.
  static const std::array<QColor, 4> darkBlue{QColor(0x24, 0x27, 0x2B), QColor(24, 74, 122),
                                              QColor(58, 132, 196), QColor(160, 212, 250)};
  static const std::array<QColor, 4> darkBrown{QColor(0x24, 0x27, 0x2B), QColor(110, 56, 22),
                                               QColor(196, 104, 46), QColor(252, 192, 148)};
  if (std::isnan(x)) return color(Role::Line).rgb();
  if (dark()) return between(x < 0 ? darkBlue : darkBrown, std::fabs(x));
  return between(x < 0 ? lightBlue : lightBrown, std::fabs(x));
}

QRgb Theme::sequential(double x) const {
  static const std::array<QColor, 9> stops{QColor(52, 8, 78),    QColor(66, 44, 122),  QColor(58, 80, 140),
                                           QColor(44, 112, 142), QColor(34, 142, 140), QColor(48, 170, 124),
                                           QColor(104, 196, 92), QColor(176, 216, 56), QColor(250, 230, 60)};
  return between(stops, std::isnan(x) ? 0 : x);
}

}  // namespace lapidary::ui
