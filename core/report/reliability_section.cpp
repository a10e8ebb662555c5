// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/report/html_writer.h"
#include "core/report/trust_sections.h"

namespace lapidary::core {
namespace {

constexpr double left = 34, top = 8, side = 200;

std::string x(double share) { return coordinate(left + share * side); }
std::string y(double share) { return coordinate(top + (1 - share) * side); }

/// The accuracy of a bin with its interval, at the mean confidence of its answers.
std::string mark(const ReliabilityBin& bin, const char* color) {
  if (bin.samples == 0) return {};
  return std::string("<line x1='") + x(bin.confidence) + "' x2='" + x(bin.confidence) + "' y1='" +
         y(bin.interval.low) + "' y2='" + y(bin.interval.high) + "' stroke='" + color +
         "'/><circle r='4' cx='" + x(bin.confidence) + "' cy='" + y(bin.accuracy) + "' fill='" + color +
         "'><title>" + grouped(static_cast<std::int64_t>(bin.samples)) + " answers given with " +
         percent(bin.confidence) + ", right " + percent(bin.accuracy) + "</title></circle>";
}

std::string diagram(const Reliability& reliability, const char* color, const std::string& caption) {
  std::string svg = "<svg role='img' aria-label='Reliability diagram' viewBox='0 0 250 232' width='250'>";
  svg += "<line x1='" + x(0) + "' y1='" + y(0) + "' x2='" + x(1) + "' y2='" + y(1) +
         "' stroke='var(--muted)' stroke-dasharray='4 3'/>";
  for (const double share : {0.0, 0.5, 1.0}) {
    svg += "<line x1='" + x(0) + "' x2='" + x(1) + "' y1='" + y(share) + "' y2='" + y(share) +
           "' stroke='var(--line)'/>";
    svg += "<text x='30' y='" + y(share) + "' text-anchor='end'>" + coordinate(share * 100) + "</text>";
    svg += "<text x='" + x(share) + "' y='224' text-anchor='middle'>" + coordinate(share * 100) + "</text>";
  }
  for (const ReliabilityBin& bin : reliability.bins) svg += mark(bin, color);
  return "<figure>" + svg + "</svg><figcaption>" + caption + "</figcaption></figure>";
}

std::string row(const std::string& name, const Reliability& r) {
  return "<tr><td>" + name + "<td>" + percent(r.ece) + "<td>" + percent(r.eceInterval.low) + " to " +
         percent(r.eceInterval.high) + "<td>" + percent(r.adaptiveEce) + "<td>" + percent(r.confidence) +
         "<td>" + percent(r.accuracy) + "</tr>";
}

std::string withInterval(double share, const Interval& interval) {
  return "<td>" + percent(share) + "<td class='muted'>" + percent(interval.low) + " to " +
         percent(interval.high);
}

}  // namespace

std::string reliabilityBody(const BundleContent& content) {
  if (!content.outcome.reliability || !content.outcome.originalReliability) return {};
  const Reliability &cut = *content.outcome.reliability, &original = *content.outcome.originalReliability;
  return "<table><tr><th>Model<th>ECE, 15 bins<th>95 %<th>ECE, equal counts<th>Mean "
         "confidence<th>Accuracy</tr>" +
         row("original", original) + row("cut", cut) + "</table><div class='maps'>" +
         diagram(original, "var(--muted)", "original: % right against % confidence") +
         diagram(cut, "var(--cut)", "cut: % right against % confidence") +
         "</div><p class='muted'>On the dashed line probabilities are what they say; below it the model is "
         "too "
         "sure of itself. The interval of the ECE is a bootstrap's, the others are Wilson's.</p>";
}

std::string classesBody(const BundleContent& content) {
  if (content.classes.empty()) return {};
  std::string html =
      "<table><tr><th>Class<th>Samples<th>Before<th>95 %<th>After<th>95 %<th>Change, points<th>95 "
      "%<th>Lost<th>Gained</tr>";
  for (const ClassChange& row : content.classes) {
    const auto cls = static_cast<std::size_t>(row.cls);
    const bool named = cls < content.classNames.size() && !content.classNames[cls].empty();
    html += "<tr><td>" + escaped(named ? content.classNames[cls] : std::to_string(row.cls)) + "<td>" +
            grouped(static_cast<std::int64_t>(row.samples)) + withInterval(row.before, row.beforeInterval) +
            withInterval(row.after, row.afterInterval) + "<td>" + points(row.change) + "<td class='muted'>" +
            points(row.changeInterval.low) + " to " + points(row.changeInterval.high) + "<td>" +
            grouped(static_cast<std::int64_t>(row.lost)) + "<td>" +
            grouped(static_cast<std::int64_t>(row.gained)) + "</tr>";
  }
  return html +
         "</table><p class='muted'>Those that lost most first. Each interval holds its own value 95 times in "
         "100: of many classes a few may seem to change by chance.</p>";
}

}  // namespace lapidary::core
