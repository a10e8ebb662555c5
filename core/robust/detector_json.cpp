// SPDX-License-Identifier: GPL-3.0-or-later
// The detector as a file: strict reading, for a detector may come from anybody.
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/files/strict_json.h"
#include "core/robust/detector.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;
using Read = nlohmann::json;

constexpr std::size_t mostNumbers = std::size_t{1} << 22;
constexpr const char* format = "lapidary-detector";

[[noreturn]] void refuse(const std::string& key, const std::string& expected) {
  throw Error(ErrorKind::InvalidInput, "detector, key '" + key + "': expected " + expected);
}

const Read& need(const Read& json, const std::string& key) {
  if (!json.is_object() || !json.contains(key))
    throw Error(ErrorKind::InvalidInput, "detector: key '" + key + "' is missing");
  return json.at(key);
}

double numberOf(const Read& json, const std::string& key, double low, double high) {
  const Read& value = need(json, key);
  if (!value.is_number() || !(value.get<double>() >= low && value.get<double>() <= high))
    refuse(key, "a number between " + std::to_string(low) + " and " + std::to_string(high));
  return value.get<double>();
}

std::string textOf(const Read& json, const std::string& key) {
  const Read& value = need(json, key);
  if (!value.is_string()) refuse(key, "a text");
  return value.get<std::string>();
}

template <class Number>
std::vector<Number> numbersOf(const Read& value, const std::string& key, std::size_t most) {
  if (!value.is_array() || value.size() > most) refuse(key, "a list of numbers");
  std::vector<Number> numbers;
  for (const Read& each : value) {
    if (!each.is_number() || !std::isfinite(each.get<double>())) refuse(key, "finite numbers");
    numbers.push_back(each.get<Number>());
  }
  return numbers;
}

std::vector<std::vector<float>> rowsOf(const Read& json, const std::string& key, std::size_t width) {
  const Read& value = need(json, key);
  if (!value.is_array() || value.size() * width > mostNumbers) refuse(key, "a list of rows");
  std::vector<std::vector<float>> rows;
  for (const Read& each : value) {
    rows.push_back(numbersOf<float>(each, key, width));
    if (rows.back().size() != width) refuse(key, "rows of " + std::to_string(width) + " numbers");
  }
  return rows;
}

ClassGaussians gaussiansOf(const Read& json) {
  ClassGaussians made;
  made.width = static_cast<std::size_t>(numberOf(json, "width", 1, 1 << 20));
  made.means = rowsOf(json, "means", made.width);
  made.directions = rowsOf(json, "directions", made.width);
  made.variances = numbersOf<double>(need(json, "variances"), "variances", mostNumbers);
  if (made.variances.size() != made.directions.size()) refuse("variances", "one for every direction");
  for (const double variance : made.variances)
    if (!(variance > 0)) refuse("variances", "numbers above 0");
  made.otherVariance = numberOf(json, "other_variance", 1e-300, 1e300);
  if (made.means.empty()) refuse("means", "at least one");
  return made;
}

std::vector<Squeezer> squeezersOf(const Read& value) {
  if (!value.is_array() || value.size() > 16) refuse("squeezers", "a list of at most 16");
  std::vector<Squeezer> made;
  for (const Read& each : value) {
    const std::string kind = textOf(each, "kind");
    if (kind != "depth" && kind != "median") refuse("kind", "'depth' or 'median'");
    const bool depth = kind == "depth";
    made.push_back({depth ? Squeezer::Kind::Depth : Squeezer::Kind::Median,
                    static_cast<int>(numberOf(each, "value", 1, depth ? 16 : 5))});
  }
  return made;
}

Json jsonOf(const ClassGaussians& gaussians) {
  return {{"width", gaussians.width},
          {"means", gaussians.means},
          {"directions", gaussians.directions},
          {"variances", gaussians.variances},
          {"other_variance", gaussians.otherVariance}};
}

}  // namespace

std::string toJson(const InputDetector& detector) {
  Json json{{"format", format},
            {"version", 1},
            {"model", detector.model},
            {"false_alarms", detector.falseAlarms},
            {"fitted_on", detector.fittedOn},
            {"thresholds_from", detector.thresholdsFrom},
            {"low", detector.low},
            {"high", detector.high}};
  json["squeezers"] = Json::array();
  for (const Squeezer& squeezer : detector.squeezers)
    json["squeezers"].push_back(
        {{"kind", squeezer.kind == Squeezer::Kind::Depth ? "depth" : "median"}, {"value", squeezer.value}});
  for (const DetectorScore score : detectorScores)
    json["thresholds"][std::string(name(score))] = detector.thresholds[static_cast<std::size_t>(score)];
  json["features"] = detector.features;
  json["gaussians"] = jsonOf(detector.gaussians);
  return jsonText(json, {.replaceBadText = true});
}

InputDetector detectorFromJson(const std::string& text) {
  const Read json = parseStrictJson(text, "the detector", 8);
  if (!json.is_object() || json.value("format", Read()) != format)
    refuse("format", std::string("'") + format + "'");
  if (need(json, "version") != 1) refuse("version", "1");
  InputDetector made;
  made.model = textOf(json, "model");
  made.falseAlarms = numberOf(json, "false_alarms", 0, 1);
  made.fittedOn = static_cast<std::size_t>(numberOf(json, "fitted_on", 0, 1e15));
  made.thresholdsFrom = static_cast<std::size_t>(numberOf(json, "thresholds_from", 0, 1e15));
  made.low = numbersOf<float>(need(json, "low"), "low", 1 << 16);
  made.high = numbersOf<float>(need(json, "high"), "high", 1 << 16);
  made.squeezers = squeezersOf(need(json, "squeezers"));
  const Read& thresholds = need(json, "thresholds");
  for (const DetectorScore score : detectorScores)
    made.thresholds[static_cast<std::size_t>(score)] =
        numberOf(thresholds, std::string(name(score)), 0, 1e300);
  made.features = textOf(json, "features");
  made.gaussians = gaussiansOf(need(json, "gaussians"));
  return made;
}

}  // namespace lapidary::core
