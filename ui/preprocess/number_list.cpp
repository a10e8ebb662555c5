// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers are read with a decimal point in every language, as in the JSON document.
#include "ui/preprocess/number_list.h"

#include <QLocale>
#include <QRegularExpression>
#include <QStringList>
#include <cmath>

namespace lapidary::ui {

std::optional<std::vector<double>> numbersFrom(const QString& text) {
  static const QRegularExpression separators(QStringLiteral("[\\s,;]+"));
  std::vector<double> numbers;
  for (const QString& part : text.split(separators, Qt::SkipEmptyParts)) {
    bool ok = false;
    const double number = QLocale::c().toDouble(part, &ok);
    if (!ok || !std::isfinite(number)) return std::nullopt;
    numbers.push_back(number);
  }
  return numbers;
}

std::optional<double> scaleFrom(const QString& text) {
  if (text.trimmed().isEmpty()) return 1;
  const QStringList parts = text.split(QLatin1Char('/'));
  const auto numerator = numbersFrom(parts.front());
  const auto denominator = parts.size() == 2 ? numbersFrom(parts.back()) : std::vector<double>{1};
  if (parts.size() > 2 || !numerator || !denominator || numerator->size() != 1 || denominator->size() != 1 ||
      denominator->front() == 0)
    return std::nullopt;
  return numerator->front() / denominator->front();
}

QString textOf(const std::vector<double>& numbers) {
  QStringList parts;
  for (const double number : numbers) parts << QString::number(number, 'g', 10);
  return parts.join(QStringLiteral(", "));
}

}  // namespace lapidary::ui
