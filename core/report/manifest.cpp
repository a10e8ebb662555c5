// SPDX-License-Identifier: GPL-3.0-or-later
// The manifest: what went in, what came out, and the figures, for programs to read.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/analyze/changes/trust_json.h"
#include "core/report/bundle.h"
#include "core/robust/robust_json.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;

Json intervalJson(const std::optional<Interval>& interval) {
  return interval ? Json{interval->low, interval->high} : Json(nullptr);
}

void putIfKnown(Json& object, const char* key, const std::optional<double>& value) {
  if (value) object[key] = *value;
}

Json qualityJson(const Quality& quality) {
  Json json{{"samples", quality.samples}};
  putIfKnown(json, "top1", quality.top1);
  if (quality.top1Interval) json["top1_interval"] = intervalJson(quality.top1Interval);
  putIfKnown(json, "top5", quality.top5);
  putIfKnown(json, "loss", quality.loss);
  putIfKnown(json, "agreement", quality.agreement);
  if (quality.agreementInterval) json["agreement_interval"] = intervalJson(quality.agreementInterval);
  putIfKnown(json, "original_top1", quality.originalTop1);
  putIfKnown(json, "change", quality.change);
  if (quality.changeInterval) json["change_interval"] = intervalJson(quality.changeInterval);
  putIfKnown(json, "output_snr_db", quality.outputSnrDb);
  if (quality.kind == QualityKind::Noise) json["measured_on"] = quality.onData ? "data" : "noise";
  return json;
}

void put(Json& object, const Figure& figure) {
  const std::string key(figure.words->key);
  object[key] = figure.value;
  object[key + "_interval"] = intervalJson(figure.interval);
}

Json latencyJson(const Latency& latency) {
  return {{"seconds", latency.seconds},
          {"original_seconds", latency.original},
          {"runs", latency.runs},
          {"threads", 1}};
}

Json figuresJson(const BundleContent& content) {
  const Footprint& size = content.outcome.footprint;
  Json json{{"bytes_before", size.fileBefore},
            {"bytes_after", content.modelFile.view.size()},
            {"weights", size.parameters},
            {"zeros", size.zeros}};
  const Outcome& outcome = content.outcome;
  const auto at = [&json](const FigureWords& words, const char* of = "") -> Json& {
    return json[std::string(words.key) + of];
  };
  if (outcome.quality) at(words::quality) = qualityJson(*outcome.quality);
  if (outcome.latency) at(words::latency) = latencyJson(*outcome.latency);
  if (outcome.drift) at(words::saliency) = parseOrderedJson(toJson(*outcome.drift));
  if (outcome.reliability) at(words::reliability) = parseOrderedJson(toJson(*outcome.reliability));
  if (outcome.originalReliability)
    at(words::reliability, "_original") = parseOrderedJson(toJson(*outcome.originalReliability));
  for (const Figure& figure : outcome.figures) put(json, figure);
  if (content.robustness) json["robustness"] = parseOrderedJson(toJson(*content.robustness));
  if (content.detector) json["detector"] = parseOrderedJson(toJson(*content.detector));
  if (!content.classes.empty())
    json["classes"] = parseOrderedJson(toJson(content.classes, content.classNames));
  return json;
}

Json inputJson(const BundleContent& content) {
  const Provenance& source = content.original.source;
  Json json{{"name", std::filesystem::path(source.path).filename().string()},
            {"format", source.format},
            {"bytes", source.fileBytes}};
  if (!content.originalSha256.empty()) json["sha256"] = content.originalSha256;
  return json;
}

/// Says whether samples were copied, and how many.
Json dataJson(const BundleContent& content) {
  Json json = Json::object();
  if (!content.dataName.empty()) json["name"] = content.dataName;
  json["copied"] = !content.samples.empty();
  if (content.dataSha256) json["sha256"] = *content.dataSha256;
  if (!content.samples.empty()) json["copied_samples"] = content.samples.size();
  return json;
}

}  // namespace

std::string manifestJson(const BundleContent& content,
                         const std::vector<std::pair<std::string, std::string>>& memberHashes) {
  Json json{{"format", "lapidary-manifest"},
            {"version", 1},
            {"program", {{"name", "Lapidary"}, {"version", LAPIDARY_VERSION}}},
            {"created", content.createdUtc},
            {"model", inputJson(content)}};
  if (!content.dataName.empty() || !content.samples.empty()) json["data"] = dataJson(content);
  json["recipe"] = parseOrderedJson(toJson(content.recipe));
  json["recipe_fingerprint"] = fingerprint(content.recipe);
  json["figures"] = figuresJson(content);
  json["files"] = Json::array();
  for (const auto& [name, hash] : memberHashes) json["files"].push_back({{"name", name}, {"sha256", hash}});
  return jsonText(json, {.indent = 2, .replaceBadText = true}) + "\n";
}

}  // namespace lapidary::core
