// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/report/html_writer.h"
#include "core/report/trust_sections.h"

namespace lapidary::core {
namespace {

constexpr DriftMeasure measures[] = {DriftMeasure::RankCorrelation, DriftMeasure::Ssim,
                                     DriftMeasure::TopOverlap};

std::string title(DriftMeasure measure, const DriftOptions& options) {
  switch (measure) {
    case DriftMeasure::RankCorrelation:
      return "Rank correlation";
    case DriftMeasure::Ssim:
      return "SSIM";
    case DriftMeasure::TopOverlap:
      return "Overlap of the top " + significant(options.topShare * 100) + " %";
  }
  return {};
}

std::string row(const std::string& name, const KeptFigure& kept) {
  return "<tr><td>" + name + "<td>" + significant(kept.mean) + "<td>" + significant(kept.interval.low) +
         " to " + significant(kept.interval.high) + "</tr>";
}

/// Size from left to right (logarithmic), what is kept upwards.
struct Frame {
  double leftBytes = 1, rightBytes = 2, low = 0;
  static constexpr double left = 44, right = 236, top = 10, bottom = 150;

  double x(std::uint64_t bytes) const {
    const double share = std::log(static_cast<double>(bytes) / leftBytes) / std::log(rightBytes / leftBytes);
    return left + (right - left) * share;
  }
  double y(double kept) const { return bottom - (bottom - top) * (std::max(kept, low) - low) / (1 - low); }
};

std::string axes(const Frame& frame) {
  std::string svg;
  for (const double kept : {frame.low, (1 + frame.low) / 2, 1.0})
    svg += "<line x1='44' x2='236' y1='" + coordinate(frame.y(kept)) + "' y2='" + coordinate(frame.y(kept)) +
           "' stroke='var(--line)'/>" + svgText(40, frame.y(kept) + 4, significant(kept), "end");
  return svg + svgText(Frame::left, 166, bytesText(static_cast<std::uint64_t>(frame.leftBytes)), "start") +
         svgText(Frame::right, 166, bytesText(static_cast<std::uint64_t>(frame.rightBytes)), "end");
}

std::string dot(const Frame& frame, std::uint64_t bytes, const KeptFigure& kept, bool now) {
  const std::string x = coordinate(frame.x(bytes)), color = now ? "var(--cut)" : "var(--muted)";
  std::string svg;
  if (now)
    svg += "<line x1='" + x + "' x2='" + x + "' y1='" + coordinate(frame.y(kept.interval.low)) + "' y2='" +
           coordinate(frame.y(kept.interval.high)) + "' stroke='" + color + "' stroke-width='2'/>";
  return svg + "<circle cx='" + x + "' cy='" + coordinate(frame.y(kept.mean)) + "' r='" + (now ? "5" : "3") +
         "' fill='" + color + "'><title>" + bytesText(bytes) + ", " + significant(kept.mean) +
         "</title></circle>";
}

/// Outcomes whose drift was looked at in the same way.
std::vector<const Outcome*> comparable(const BundleContent& content) {
  std::vector<const Outcome*> shown;
  for (const Outcome& outcome : content.visited)
    if (outcome.drift && outcome.drift->options == content.outcome.drift->options &&
        outcome.recipe != content.recipe)
      shown.push_back(&outcome);
  return shown;
}

std::string chart(const BundleContent& content, DriftMeasure measure) {
  const auto others = comparable(content);
  const std::uint64_t here = content.modelFile.view.size();
  const KeptFigure& kept = content.outcome.drift->of(measure);
  std::uint64_t least = std::min(here, content.outcome.footprint.fileBefore);
  std::uint64_t most = std::max(here, content.outcome.footprint.fileBefore);
  double low = kept.interval.low;
  for (const Outcome* outcome : others) {
    least = std::min(least, outcome->footprint.fileAfter);
    most = std::max(most, outcome->footprint.fileAfter);
    low = std::min(low, outcome->drift->of(measure).mean);
  }
  const Frame frame{static_cast<double>(std::max<std::uint64_t>(1, least)) * 0.9,
                    static_cast<double>(most) * 1.1 + 1,
                    std::max(-1.0, std::min(0.9, std::floor(low * 10) / 10))};
  std::string svg =
      "<svg role='img' aria-label='Saliency kept against size' viewBox='0 0 250 172' width='250'>" +
      axes(frame);
  svg += dot(frame, content.outcome.footprint.fileBefore, {}, false);
  for (const Outcome* outcome : others)
    svg += dot(frame, outcome->footprint.fileAfter, outcome->drift->of(measure), false);
  return "<figure>" + svg + dot(frame, here, kept, true) + "</svg><figcaption>" +
         title(measure, content.outcome.drift->options) + " against size</figcaption></figure>";
}

}  // namespace

std::string driftBody(const BundleContent& content) {
  if (!content.outcome.drift) return {};
  const SaliencyDrift& drift = *content.outcome.drift;
  std::string html =
      "<p class='muted'>Maps by " + escaped(drift.options.method) + " of the first " +
      std::to_string(drift.samples) +
      " samples of a stratified order, before and after the cut, of the class that the original "
      "answers; 1 is unchanged. For SSIM each map is divided by its largest magnitude. Intervals "
      "are of the mean.</p><table><tr><th>Measure<th>Mean<th>95 %</tr>";
  for (const DriftMeasure measure : measures) html += row(title(measure, drift.options), drift.of(measure));
  html += "</table><div class='maps'>";
  for (const DriftMeasure measure : measures) html += chart(content, measure);
  return html +
         "</div><p class='muted'>Jade this cut with its interval, grey the original and the other recipes "
         "that were measured in the same session.</p>";
}

}  // namespace lapidary::core
