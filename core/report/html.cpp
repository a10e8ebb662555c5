// SPDX-License-Identifier: GPL-3.0-or-later
// The report: everything measured for one cut on a page that opens alone, without a script.
#include <cmath>
#include <filesystem>

#include "core/analyze/statistics.h"
#include "core/report/bundle.h"
#include "core/report/heatmap.h"
#include "core/report/html_writer.h"
#include "core/report/trust_sections.h"

namespace lapidary::core {
namespace {

constexpr std::string_view style = R"(
:root{--ground:#f4f4f2;--panel:#fff;--line:#e2e2de;--text:#1f2328;--muted:#6b7280;--cut:#0f766e}
@media(prefers-color-scheme:dark){:root{--ground:#1b1d20;--panel:#24272b;--line:#34383d;--text:#e8e8e6;--muted:#9ca3af;--cut:#2dd4bf}}
body{font:14px/1.5 system-ui,sans-serif;background:var(--ground);color:var(--text);margin:0 auto;max-width:860px;padding:32px}
h1{font-size:22px;margin:0}h2{font-size:15px;margin:0 0 12px}
section{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:16px 20px;margin:16px 0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:4px 8px;border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left}
th,.muted,figcaption{color:var(--muted);font-weight:400;font-size:12px}
.figures{display:flex;flex-wrap:wrap;gap:24px}.figure b{display:block;font-size:25px;font-weight:600}
.maps{display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start}figure{margin:0}img{image-rendering:pixelated;border:1px solid var(--line)}
svg text{font:11px system-ui,sans-serif;fill:var(--text)}svg{max-width:100%}
td:not(.muted){white-space:nowrap}pre{overflow:auto;font-size:12px})";

std::string fileNameOf(const std::string& path) {
  return path.empty() ? "embedded model" : std::filesystem::path(path).filename().string();
}

std::string section(const std::string& title, const std::string& body) {
  return "<section><h2>" + title + "</h2>" + body + "</section>\n";
}

/// Nothing where there is nothing to say.
std::string sectionOf(const std::string& title, const std::string& body) {
  return body.empty() ? std::string() : section(title, body);
}

std::string figure(const std::string& name, const std::string& value, const std::string& note) {
  return "<div class='figure'><span class='muted'>" + name + "</span><b>" + value +
         "</b><span class='muted'>" + note + "</span></div>";
}

std::string range(const Interval& interval) {
  return percent(interval.low) + " to " + percent(interval.high);
}

std::string qualityFigures(const Quality& quality) {
  const std::string seen = grouped(static_cast<std::int64_t>(quality.samples)) + " samples";
  std::string html;
  if (quality.top1)
    html += figure("Accuracy, top-1", percent(*quality.top1),
                   (quality.top1Interval ? "95 % " + range(*quality.top1Interval) + ", " : "") + seen);
  if (quality.change && quality.changeInterval)
    html += figure("Change, points", points(*quality.change),
                   points(quality.changeInterval->low) + " to " + points(quality.changeInterval->high) +
                       ", same samples");
  if (quality.agreement)
    html += figure("Agreement with the original", percent(*quality.agreement),
                   quality.agreementInterval ? "95 % " + range(*quality.agreementInterval) : seen);
  if (quality.outputSnrDb)
    html += figure("Output signal-to-noise", significant(*quality.outputSnrDb) + " dB",
                   quality.onData ? seen : "on noise inputs");
  return html;
}

std::string valueText(double value, FigureUnit unit) {
  switch (unit) {
    case FigureUnit::Share:
      return percent(value);
    case FigureUnit::Seconds:
      return significant(value * 1000) + " ms";
    case FigureUnit::Bytes:
      return bytesText(static_cast<std::uint64_t>(value));
    case FigureUnit::Similarity:
    case FigureUnit::None:
      break;
  }
  return significant(value);
}

std::string figureOf(const Figure& each) {
  const FigureUnit unit = each.words->unit;
  return figure(std::string(each.words->title), valueText(each.value, unit),
                "95 % " + valueText(each.interval.low, unit) + " to " + valueText(each.interval.high, unit) +
                    ", " + grouped(static_cast<std::int64_t>(each.samples)) + " samples");
}

std::string figures(const BundleContent& content) {
  const Footprint& size = content.outcome.footprint;
  std::string html = "<div class='figures'>";
  if (content.outcome.quality) html += qualityFigures(*content.outcome.quality);
  html += figure("Size on disk", bytesText(content.modelFile.view.size()),
                 "from " + bytesText(size.fileBefore) + " as ONNX");
  html += figure("Zeros", grouped(size.zeros), "of " + grouped(size.parameters) + " weights");
  if (content.outcome.latency)
    html += figure(std::string(words::latency.title),
                   significant(content.outcome.latency->seconds * 1000) + " ms",
                   "from " + significant(content.outcome.latency->original * 1000) +
                       " ms; one thread of the machine that measured");
  if (content.outcome.drift)
    html += figure(std::string(words::saliency.title), significant(content.outcome.drift->rank.mean),
                   "rank correlation, " + std::to_string(content.outcome.drift->samples) + " samples");
  for (const Figure& each : content.outcome.figures) html += figureOf(each);
  return html + "</div>";
}

std::string accuracyChart(const BundleContent& content) {
  const auto& quality = content.outcome.quality;
  if (!quality || !quality->top1 || !quality->top1Interval || !quality->originalTop1) return {};
  const auto samples = static_cast<double>(quality->samples);
  const Interval original = wilsonInterval(
      static_cast<std::size_t>(std::llround(*quality->originalTop1 * samples)), quality->samples);
  return intervalChart(*quality->originalTop1, original, *quality->top1, *quality->top1Interval);
}

std::string layerTable(const BundleContent& content) {
  std::string html = "<table><tr><th>Layer<th>Shape<th>Weights<th>Zeros<th>Bits<th>Before<th>After</tr>";
  for (const LayerFootprint& row : content.outcome.footprint.layers) {
    const Layer& layer = content.original.layer(row.layer);
    html += "<tr><td>" + escaped(layer.name) + " <span class='muted'>" + escaped(layer.opType) +
            "</span><td>" + toText(layer.shape) + "<td>" + grouped(row.parameters) + "<td>" +
            grouped(row.zeros) + "<td>" + std::to_string(row.bits) + "<td>" + bytesText(row.bytesBefore) +
            "<td>" + bytesText(row.bytesAfter) + "</tr>";
  }
  return html + "</table>";
}

std::string layerChart(const BundleContent& content) {
  std::vector<LayerBar> bars;
  for (const LayerFootprint& row : content.outcome.footprint.layers)
    bars.push_back({content.original.layer(row.layer).name, row.bytesBefore, row.bytesAfter});
  return "<p class='muted'>Bytes per layer: slate the original, jade the cut.</p>" + bytesPerLayerChart(bars);
}

std::string captioned(const std::string& image, const std::string& caption) {
  return "<figure>" + image + "<figcaption>" + escaped(caption) + "</figcaption></figure>";
}

std::string heatmapRow(const BundleContent::Heatmap& maps) {
  const float range = sharedRange(maps.original, maps.cut);
  std::string html = "<p>" + escaped(maps.sampleName);
  if (maps.truth >= 0)
    html += ", truth " + escaped(maps.truthName.empty() ? std::to_string(maps.truth) : maps.truthName);
  html += ", class " + std::to_string(maps.cut.targetClass) + "</p><div class='maps'>";
  html += captioned(embeddedImage(heatmapPicture(maps.original, range), "original"),
                    "original, p = " + significant(maps.original.probability));
  html += captioned(embeddedImage(heatmapPicture(maps.cut, range), "cut"),
                    "cut, p = " + significant(maps.cut.probability));
  html += captioned(embeddedImage(differencePicture(maps.original, maps.cut, range), "difference"),
                    "difference, rank correlation " + significant(rankCorrelation(maps.original, maps.cut)));
  return html + "</div>";
}

std::string heatmaps(const BundleContent& content) {
  std::string html = samplesHtml(content.samples);
  for (const auto& maps : content.heatmaps) html += heatmapRow(maps);
  return html;
}

std::string provenance(const BundleContent& content) {
  const auto row = [](const std::string& name, const std::string& value) {
    return "<tr><td>" + name + "<td><code>" + escaped(value) + "</code></tr>";
  };
  std::string html = "<table>" + row("model", fileNameOf(content.original.source.path));
  if (!content.originalSha256.empty()) html += row("SHA-256 of the model", content.originalSha256);
  if (!content.dataName.empty()) html += row("data", content.dataName);
  if (content.dataSha256) html += row("SHA-256 of the data", *content.dataSha256);
  html += row("recipe", fingerprint(content.recipe));
  return html + "</table><pre>" + escaped(toJson(content.recipe)) + "</pre>";
}

}  // namespace

std::string htmlReport(const BundleContent& content) {
  std::string html =
      "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' "
      "content='width=device-width'>";
  html += "<title>Lapidary report: " + escaped(fileNameOf(content.original.source.path)) + "</title><style>" +
          std::string(style) + "</style>\n";
  html += "<h1>" + escaped(fileNameOf(content.original.source.path)) +
          "</h1><p class='muted'>Cut with Lapidary " LAPIDARY_VERSION ", " + escaped(content.createdUtc) +
          ". Every figure was measured on the model file in this bundle after it was written and read "
          "back.</p>\n";
  html += section("What the cut costs and saves", figures(content) + accuracyChart(content));
  html += sectionOf("What the cut did to the classes", classesBody(content));
  html += sectionOf("How far its confidence can be believed", reliabilityBody(content));
  html += sectionOf("What is left of its reasons", driftBody(content));
  html += sectionOf("How it stands up to attacks and noise", robustnessBody(content));
  html += sectionOf("Whether tampered inputs can be told", detectorBody(content));
  html += section("Layers", layerChart(content) + layerTable(content));
  if (!content.heatmaps.empty()) html += section("What the answer rests on", heatmaps(content));
  html += section("Where this comes from", provenance(content));
  return html + "</html>\n";
}

}  // namespace lapidary::core
