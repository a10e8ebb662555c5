// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/html_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace lapidary::core {
namespace {

constexpr const char* originalColor = "#64748B";
constexpr const char* cutColor = "#0F766E";

std::string bar(double y, double width, const char* color) {
  return "<rect x='180' y='" + coordinate(y) + "' width='" + coordinate(std::max(width, 1.0)) +
         "' height='7' fill='" + color + "'/>";
}

/// A line over the interval with a dot at the value.
std::string whisker(double low, double middle, double high, double y, const char* color) {
  return "<line x1='" + coordinate(low) + "' x2='" + coordinate(high) + "' y1='" + coordinate(y) + "' y2='" +
         coordinate(y) + "' stroke='" + color + "' stroke-width='2'/><circle cx='" + coordinate(middle) +
         "' cy='" + coordinate(y) + "' r='5' fill='" + color + "'/>";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string base64(std::span<const std::byte> bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      text += i + k > bytes.size() ? '=' : digits[(group >> (18 - 6 * k)) & 63];
  }
  return text;
}

std::string coordinate(double value) {
  std::array<char, 64> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 1).ptr;
  const std::string_view text(digits.data(), end);
  return std::string(text.ends_with(".0") ? text.substr(0, text.size() - 2) : text);
}

std::string svgText(double x, double y, std::string_view words, const char* anchor) {
  return "<text x='" + coordinate(x) + "' y='" + coordinate(y) + "' text-anchor='" + anchor + "'>" +
         escaped(words) + "</text>";
}

std::string embeddedImage(const Picture& picture, std::string_view description) {
  return "<img alt='" + escaped(description) + "' title='" + escaped(description) + "' width='" +
         std::to_string(std::clamp(picture.width, 128, 190)) + "' src='data:image/png;base64," +
         base64(encodePng(picture)) + "'>";
}

std::string percent(double share) { return withTrueMinus(percentText(share)); }
std::string points(double shareDifference) { return withTrueMinus(pointsText(shareDifference)); }
std::string grouped(std::int64_t count) { return withTrueMinus(countText(count)); }
std::string significant(double value) { return withTrueMinus(significantText(value)); }

std::string bytesPerLayerChart(const std::vector<LayerBar>& bars) {
  std::uint64_t largest = 1;
  for (const LayerBar& layer : bars) largest = std::max({largest, layer.before, layer.after});
  const double scale = 420.0 / static_cast<double>(largest);
  const int height = static_cast<int>(bars.size()) * 26 + 6;
  std::string svg = "<svg role='img' aria-label='Bytes per layer' viewBox='0 0 760 " +
                    std::to_string(height) + "' width='760'>";
  double y = 4;
  for (const LayerBar& layer : bars) {
    svg += svgText(172, y + 12, layer.name, "end");
    svg += bar(y, static_cast<double>(layer.before) * scale, originalColor);
    svg += bar(y + 9, static_cast<double>(layer.after) * scale, cutColor);
    svg += svgText(610, y + 12, bytesText(layer.before) + " \u2192 " + bytesText(layer.after));
    y += 26;
  }
  return svg + "</svg>";
}

std::string intervalChart(double original, const Interval& originalInterval, double cut,
                          const Interval& cutInterval) {
  const double low = std::min(originalInterval.low, cutInterval.low);
  const double high = std::max({originalInterval.high, cutInterval.high, low + 1e-6});
  const auto x = [&](double share) { return 180 + 420 * (share - low) / (high - low); };
  std::string svg =
      "<svg role='img' aria-label='Accuracy with its interval' viewBox='0 0 760 66' width='760'>";
  svg += svgText(172, 18, "original", "end") +
         whisker(x(originalInterval.low), x(original), x(originalInterval.high), 14, originalColor);
  svg +=
      svgText(172, 42, "cut", "end") + whisker(x(cutInterval.low), x(cut), x(cutInterval.high), 38, cutColor);
  svg += svgText(180, 62, percent(low)) + svgText(600, 62, percent(high), "end");
  return svg + "</svg>";
}

}  // namespace lapidary::core
