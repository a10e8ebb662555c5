// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/robust_json.h"

#include <nlohmann/json.hpp>

#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;

Json shareJson(const RobustShare& share) {
  const Interval interval = share.interval();
  return {{"accuracy", share.value()}, {"low", interval.low}, {"high", interval.high}};
}

Json rowJson(const RobustnessRow& row) {
  Json json{{"attack", name(row.method)}, {"strength", row.strength}, {"original", shareJson(row.original)}};
  if (!row.cut) return json;
  json["cut"] = shareJson(*row.cut);
  json["change"] = row.cut->value() - row.original.value();
  json["change_low"] = row.change->low;
  json["change_high"] = row.change->high;
  if (!row.cutOnOriginal) return json;
  json["original_on_cut"] = shareJson(*row.originalOnCut);
  json["cut_on_original"] = shareJson(*row.cutOnOriginal);
  return json;
}

Json curveJson(const DetectorCurve& curve, std::size_t samples) {
  Json json{{"auc", curve.area},
            {"auc_low", curve.areaInterval.low},
            {"auc_high", curve.areaInterval.high},
            {"caught", samples == 0 ? 0 : static_cast<double>(curve.caught) / static_cast<double>(samples)},
            {"caught_low", curve.caughtInterval.low},
            {"caught_high", curve.caughtInterval.high}};
  json["roc"] = Json::array();
  for (const RocPoint& point : curve.points) json["roc"].push_back({point.falseAlarms, point.caught});
  return json;
}

Json trialJson(const DetectorTrial& trial) {
  Json entry{{"attack", name(trial.method)},
             {"strength", trial.strength},
             {"samples", trial.samples},
             {"misled", trial.misled}};
  for (const DetectorCurve& curve : trial.all)
    entry["all"][std::string(name(curve.score))] = curveJson(curve, trial.samples);
  for (const DetectorCurve& curve : trial.ofMisled)
    entry["misled_only"][std::string(name(curve.score))] = curveJson(curve, trial.misled);
  return entry;
}

}  // namespace

const char* name(StrengthUnit unit) { return unit == StrengthUnit::Pixel ? "pixel" : "input"; }

std::string textOf(const Squeezer& squeezer) {
  const std::string value = std::to_string(squeezer.value);
  if (squeezer.kind == Squeezer::Kind::Depth) return value + (squeezer.value == 1 ? " bit" : " bits");
  return "median " + value + "x" + value;
}

std::string toJson(const RobustnessReport& report) {
  Json json{{"unit", name(report.unit)}, {"norm", name(report.norm)},       {"steps", report.steps},
            {"seed", report.seed},       {"samples", report.samples},       {"labelled", report.labelled},
            {"clipped", report.clipped}, {"input_per_unit", report.perUnit}};
  json["rows"] = Json::array();
  for (const RobustnessRow& row : report.rows) json["rows"].push_back(rowJson(row));
  return jsonText(json);
}

std::string toJson(const DetectorReport& report) {
  Json json{{"unit", name(report.unit)},
            {"norm", name(report.norm)},
            {"false_alarms_chosen", report.detector.falseAlarms},
            {"fitted_on", report.detector.fittedOn},
            {"thresholds_from", report.detector.thresholdsFrom},
            {"judged_on", report.judgedOn}};
  json["squeezers"] = Json::array();
  for (const Squeezer& squeezer : report.detector.squeezers) json["squeezers"].push_back(textOf(squeezer));
  for (const DetectorScore score : detectorScores) {
    const auto k = static_cast<std::size_t>(score);
    if (k >= report.falseAlarms.size()) continue;
    json["false_alarms"][std::string(name(score))] = {{"threshold", report.detector.thresholds[k]},
                                                      {"share", report.falseAlarmShare(score)},
                                                      {"low", report.falseAlarmInterval[k].low},
                                                      {"high", report.falseAlarmInterval[k].high}};
  }
  json["trials"] = Json::array();
  for (const DetectorTrial& trial : report.trials) json["trials"].push_back(trialJson(trial));
  return jsonText(json);
}

}  // namespace lapidary::core
