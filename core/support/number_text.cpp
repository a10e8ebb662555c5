// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace lapidary::core {
namespace {

constexpr int figuresOfBytes = 3;

/// Not by printf: its point follows the system's language, once a window has been opened.
std::string printed(double value, std::chars_format format, int precision) {
  std::array<char, 512> text{};  // the largest double has 309 digits before its point
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value, format, precision).ptr};
}

/// Puts a comma before every third digit from the point, or the end.
std::string grouped(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = std::min(digits.find('.'), digits.size()); at > first + 3; at -= 3)
    digits.insert(at - 3, ",");
  return digits;
}

/// The power of ten of the first figure, once the value is rounded to so many.
int exponentOf(double value, int figures) {
  const std::string text = printed(value, std::chars_format::scientific, figures - 1);
  return std::atoi(text.c_str() + text.find('e') + 1);
}

/// Rounds to three figures: exactly, as no division of floating point would.
std::uint64_t roundedBytes(std::uint64_t bytes) {
  std::uint64_t step = 1;
  while (bytes / step >= 1000) step *= 10;
  return (bytes / step + (bytes % step >= step - step / 2 ? 1 : 0)) * step;
}

/// Without zeros that say nothing after a point, and without a point that nothing follows.
std::string trimmed(const std::string& number) {
  const std::size_t end = std::min(number.find('e'), number.size());
  if (number.find('.') >= end) return number;
  std::size_t last = number.find_last_not_of('0', end - 1);
  if (number[last] == '.') --last;
  return number.substr(0, last + 1) + number.substr(end);
}

}  // namespace

std::string fixedText(double value, int decimals) {
  std::string text = printed(value, std::chars_format::fixed, decimals);
  if (text.find_first_of("123456789") == std::string::npos && text.starts_with('-')) text.erase(0, 1);
  return grouped(std::move(text));
}

std::string bytesText(std::uint64_t bytes) {
  static constexpr std::array<const char*, 7> units{" B", " kB", " MB", " GB", " TB", " PB", " EB"};
  if (bytes < 1000) return std::to_string(bytes) + units[0];
  auto value = static_cast<double>(roundedBytes(bytes));
  std::size_t unit = 0;
  for (; value >= 1000; ++unit) value /= 1000;
  const int decimals = figuresOfBytes - 1 - exponentOf(value, figuresOfBytes);
  return fixedText(value, decimals) + units[unit];
}

std::string countText(std::int64_t count) { return grouped(std::to_string(count)); }

std::string shortCountText(std::int64_t count) {
  static constexpr std::array<const char*, 4> units{" k", " M", " G", " T"};
  if (count > -1000 && count < 1000) return countText(count);
  double value = static_cast<double>(count) / 1000;
  std::size_t unit = 0;
  for (; std::abs(value) >= 999.95 && unit + 1 < units.size(); ++unit) value /= 1000;
  return fixedText(value, 1) + units[unit];
}

std::string percentText(double share, int decimals) { return fixedText(share * 100, decimals) + " %"; }

std::string pointsText(double shareDifference) {
  const std::string text = fixedText(shareDifference * 100, 2);
  return shareDifference > 0 && text != fixedText(0, 2) ? "+" + text : text;
}

std::string significantText(double value, int figures) {
  if (std::isnan(value)) return "\u2013";
  if (std::isinf(value)) return value > 0 ? "\u221e" : "-\u221e";
  const double magnitude = std::abs(value);
  if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e9))
    return printed(value, std::chars_format::scientific, figures - 1);
  return fixedText(value, std::max(0, figures - 1 - exponentOf(value, figures)));
}

std::string shortText(double value, int figures) { return trimmed(significantText(value, figures)); }

std::string withTrueMinus(const std::string& number) {
  std::string text;
  for (const char c : number) text += c == '-' ? std::string("\u2212") : std::string(1, c);
  return text;
}

}  // namespace lapidary::core
