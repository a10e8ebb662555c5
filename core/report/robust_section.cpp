// SPDX-License-Identifier: GPL-3.0-or-later
// The section on what attacks and noise do to original and cut, and how well a detector tells attacked
// inputs.
#include <algorithm>

#include "core/report/html_writer.h"
#include "core/report/trust_sections.h"
#include "core/robust/robust_json.h"

namespace lapidary::core {
namespace {

constexpr const char *originalLine = "var(--muted)", *cutLine = "var(--cut)";

/// A square of shares: x and y in [0, 1], y upwards.
struct Square {
  static constexpr double left = 40, right = 232, top = 10, bottom = 150;
  static double x(double share) { return left + (right - left) * share; }
  static double y(double share) { return bottom - (bottom - top) * share; }
};

std::string frame() {
  std::string svg;
  for (const double share : {0.0, 0.5, 1.0})
    svg += "<line x1='40' x2='232' y1='" + coordinate(Square::y(share)) + "' y2='" +
           coordinate(Square::y(share)) + "' stroke='var(--line)'/>" +
           svgText(36, Square::y(share) + 4, coordinate(share * 100), "end");
  return svg;
}

std::string polyline(const std::vector<std::pair<double, double>>& points, const char* color) {
  std::string svg = "<polyline fill='none' stroke-width='2' stroke='" + std::string(color) + "' points='";
  for (const auto& [x, y] : points) svg += coordinate(Square::x(x)) + "," + coordinate(Square::y(y)) + " ";
  return svg + "'/>";
}

std::string drawing(const std::string& inside, const std::string& caption) {
  return "<figure><svg role='img' aria-label='" + caption + "' viewBox='0 0 244 170' width='244'>" + inside +
         "</svg><figcaption>" + caption + "</figcaption></figure>";
}

std::string shareCells(const RobustShare& share) {
  const Interval interval = share.interval();
  return "<td>" + percent(share.value()) + "<td class='muted'>" + percent(interval.low) + " to " +
         percent(interval.high);
}

std::string rowOf(const RobustnessRow& row) {
  std::string html = "<tr><td>" + std::string(name(row.method)) + "<td>" + significant(row.strength) +
                     shareCells(row.original);
  if (row.cut)
    html += shareCells(*row.cut) + "<td>" + points(row.cut->value() - row.original.value()) +
            "<td class='muted'>" + points(row.change->low) + " to " + points(row.change->high);
  return html + "</tr>";
}

std::string attackChart(const RobustnessReport& report, AttackMethod method) {
  double most = 0;
  for (const RobustnessRow& row : report.rows)
    if (row.method == method) most = std::max(most, row.strength);
  std::vector<std::pair<double, double>> original, cut;
  for (const RobustnessRow& row : report.rows) {
    if (row.method != method) continue;
    const double at = most > 0 ? row.strength / most : 0;
    original.emplace_back(at, row.original.value());
    if (row.cut) cut.emplace_back(at, row.cut->value());
  }
  return drawing(frame() + polyline(original, originalLine) + (cut.empty() ? "" : polyline(cut, cutLine)) +
                     svgText(Square::left, 166, "0", "start") +
                     svgText(Square::right, 166, significant(most), "end"),
                 std::string(name(method)) + ": % right against strength");
}

std::string strengthText(StrengthUnit unit, AttackNorm norm) {
  return std::string(name(norm)) + " in " +
         (unit == StrengthUnit::Pixel ? "levels of 0 to 255" : "units of the model's input");
}

constexpr auto joint = static_cast<std::size_t>(DetectorScore::Both);

std::string trialRow(const DetectorTrial& trial) {
  const DetectorCurve& curve = trial.all.at(joint);
  return "<tr><td>" + std::string(name(trial.method)) + "<td>" + significant(trial.strength) + "<td>" +
         std::to_string(trial.misled) + " of " + std::to_string(trial.samples) + "<td>" +
         significant(curve.area) + "<td class='muted'>" + significant(curve.areaInterval.low) + " to " +
         significant(curve.areaInterval.high) + "<td>" + percent(trial.caughtShare(DetectorScore::Both)) +
         "<td class='muted'>" + percent(curve.caughtInterval.low) + " to " +
         percent(curve.caughtInterval.high) + "</tr>";
}

std::string rocChart(const DetectorTrial& trial) {
  std::vector<std::pair<double, double>> line;
  for (const RocPoint& point : trial.all.at(joint).points) line.emplace_back(point.falseAlarms, point.caught);
  const std::string chance =
      "<line x1='40' y1='150' x2='232' y2='10' stroke='var(--muted)' stroke-dasharray='4 3'/>";
  return drawing(frame() + chance + polyline(line, cutLine) + svgText(Square::left, 166, "0", "start") +
                     svgText(Square::right, 166, "100", "end"),
                 std::string(name(trial.method)) + ", " + significant(trial.strength) +
                     ": % caught against % false alarms");
}

}  // namespace

std::string robustnessBody(const BundleContent& content) {
  if (!content.robustness || content.robustness->rows.empty()) return {};
  const RobustnessReport& report = *content.robustness;
  std::string html = "<p class='muted'>Each model attacked by its own gradients on the first " +
                     std::to_string(report.samples) +
                     " samples; strength: " + strengthText(report.unit, report.norm) + ". " +
                     (report.labelled ? "Right: the label is found."
                                      : "Right: the answer is what the original gives to the clean sample.") +
                     "</p><table><tr><th>Attack<th>Strength<th>Original<th>95 %";
  if (report.rows.front().cut) html += "<th>Cut<th>95 %<th>Change, points<th>95 %";
  html += "</tr>";
  for (const RobustnessRow& row : report.rows) html += rowOf(row);
  html += "</table><div class='maps'>";
  std::vector<AttackMethod> drawn;
  for (const RobustnessRow& row : report.rows) {
    if (std::ranges::find(drawn, row.method) != drawn.end()) continue;
    drawn.push_back(row.method);
    html += attackChart(report, row.method);
  }
  return html +
         "</div><p class='muted'>Slate the original, jade the cut. 95 % intervals: Wilson's, and of the "
         "change paired. An attack that fails proves little: others may succeed.</p>";
}

std::string detectorBody(const BundleContent& content) {
  if (!content.detector) return {};
  const DetectorReport& report = *content.detector;
  std::string html =
      "<p class='muted'>The detector in detector.json belongs to the model of this bundle. It was "
      "fitted to " +
      std::to_string(report.detector.fittedOn) +
      " clean samples, its thresholds "
      "were set on " +
      std::to_string(report.detector.thresholdsFrom) + " others to " + percent(report.detector.falseAlarms) +
      " false alarms, and it was judged on " + std::to_string(report.judgedOn) +
      " others still, of which it called " + percent(report.falseAlarmShare(DetectorScore::Both)) +
      " suspicious (95 % " + percent(report.falseAlarmInterval.at(joint).low) + " to " +
      percent(report.falseAlarmInterval.at(joint).high) +
      "). Strength: " + strengthText(report.unit, report.norm) + ".</p>";
  html += "<table><tr><th>Attack<th>Strength<th>Misled<th>Area under ROC<th>95 %<th>Caught<th>95 %</tr>";
  for (const DetectorTrial& trial : report.trials) html += trialRow(trial);
  html += "</table><div class='maps'>";
  for (const DetectorTrial& trial : report.trials) html += rocChart(trial);
  return html +
         "</div><p class='muted'>An attacker who knows the detector can aim at it too; these did not.</p>";
}

}  // namespace lapidary::core
