// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/changes/trust_json.h"

#include <nlohmann/json.hpp>

#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) { return jsonText(json, {.replaceBadText = true}); }

Json figureJson(const KeptFigure& figure) {
  return {{"mean", figure.mean}, {"low", figure.interval.low}, {"high", figure.interval.high}};
}

KeptFigure figureFrom(const Json& json) {
  const KeptFigure figure{json.at("mean").get<double>(),
                          {json.at("low").get<double>(), json.at("high").get<double>()}};
  if (!(figure.mean >= -1 && figure.mean <= 1))
    throw Error(ErrorKind::InvalidInput, "a similarity lies between -1 and 1");
  return figure;
}

void put(Json& json, const std::string& key, double value, const Interval& interval) {
  json[key] = value;
  json[key + "_low"] = interval.low;
  json[key + "_high"] = interval.high;
}

Json binJson(const ReliabilityBin& bin) {
  Json json{{"low", bin.low},
            {"high", bin.high},
            {"samples", bin.samples},
            {"right", bin.right},
            {"confidence", bin.confidence}};
  put(json, "accuracy", bin.accuracy, bin.interval);
  return json;
}

}  // namespace

std::string toJson(const SaliencyDrift& drift) {
  return dumped({{"method", drift.options.method},
                 {"samples", drift.samples},
                 {"samples_asked", drift.options.samples},
                 {"top_share", drift.options.topShare},
                 {"rank", figureJson(drift.rank)},
                 {"ssim", figureJson(drift.ssim)},
                 {"top", figureJson(drift.top)}});
}

SaliencyDrift driftFromJson(const std::string& text) {
  try {
    const Json json = parseOrderedJson(text);
    SaliencyDrift drift;
    drift.options.method = json.at("method").get<std::string>();
    drift.options.samples = json.at("samples_asked").get<std::size_t>();
    drift.options.topShare = json.at("top_share").get<double>();
    drift.samples = json.at("samples").get<std::size_t>();
    drift.rank = figureFrom(json.at("rank"));
    drift.ssim = figureFrom(json.at("ssim"));
    drift.top = figureFrom(json.at("top"));
    return drift;
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::InvalidInput, std::string("these are no figures of drift: ") + error.what());
  }
}

std::string toJson(const Reliability& reliability) {
  Json json{{"samples", reliability.samples}};
  put(json, "ece", reliability.ece, reliability.eceInterval);
  json["ece_adaptive"] = reliability.adaptiveEce;
  json["confidence"] = reliability.confidence;
  json["accuracy"] = reliability.accuracy;
  json["bins"] = Json::array();
  for (const ReliabilityBin& bin : reliability.bins) json["bins"].push_back(binJson(bin));
  return dumped(json);
}

std::string toJson(std::span<const ClassChange> classes, const std::vector<std::string>& names) {
  Json rows = Json::array();
  for (const ClassChange& row : classes) {
    Json json{{"class", row.cls}};
    if (static_cast<std::size_t>(row.cls) < names.size())
      json["name"] = names[static_cast<std::size_t>(row.cls)];
    json["samples"] = row.samples;
    put(json, "top1_before", row.before, row.beforeInterval);
    put(json, "top1_after", row.after, row.afterInterval);
    put(json, "change", row.change, row.changeInterval);
    json["lost"] = row.lost;
    json["gained"] = row.gained;
    rows.push_back(std::move(json));
  }
  return dumped(rows);
}

}  // namespace lapidary::core
