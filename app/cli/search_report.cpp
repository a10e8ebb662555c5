// SPDX-License-Identifier: GPL-3.0-or-later
#include "search_report.h"

#include <nlohmann/json.hpp>

#include "core/support/json_text.h"
#include "runtime_check.h"
#include "terminal/warnings.h"
#include "trust_output.h"

namespace lapidary::cli {

using namespace core;

namespace {

const char* endName(SearchEnd end) {
  switch (end) {
    case SearchEnd::Patience:
      return "patience";
    case SearchEnd::Candidates:
      return "candidates";
    case SearchEnd::Time:
      return "time";
    case SearchEnd::Stopped:
      return "stopped";
  }
  return "";
}

const char* endText(SearchEnd end) {
  switch (end) {
    case SearchEnd::Patience:
      return "nothing better was found for a while";
    case SearchEnd::Candidates:
      return "the number of candidates was reached";
    case SearchEnd::Time:
      return "the time was up";
    case SearchEnd::Stopped:
      return "it was stopped";
  }
  return "";
}

Json candidateJson(const Candidate& candidate) {
  Json json{{"bytes", candidate.bytes},
            {"drop", candidate.drop},
            {"drop_low", candidate.dropInterval.low},
            {"drop_high", candidate.dropInterval.high},
            {"expected_drop", candidate.expectedDrop},
            {"samples", candidate.trial.samples}};
  if (const auto kl = candidate.trial.meanDivergence()) json["kl"] = *kl;
  if (candidate.latency) json["latency"] = *candidate.latency;
  if (candidate.drift) json["saliency"] = driftJson(candidate.drift);
  json["recipe"] = parseOrderedJson(toJson(candidate.recipe, -1));
  return json;
}

std::string points(double share) { return numberText(share * 100) + " points"; }

std::string dropText(double drop, const Interval& interval) {
  return points(drop) + " (95 %: " + numberText(interval.low * 100) + " to " +
         numberText(interval.high * 100) + ")";
}

std::string sampleText(std::size_t samples, const std::string& where) {
  return countText(static_cast<std::int64_t>(samples)) + " samples of " + where;
}

}  // namespace

Json jsonOf(const SearchReport& report) {
  const SearchResult& result = report.result;
  Json json{{"bytes_in", report.bytesIn}, {"bytes_before", result.bytesBefore}};
  json["found"] = result.found();
  json["bytes_out"] = report.saved ? Json(report.saved->bytes) : Json();
  json["top1_before"] =
      report.quality && report.quality->originalTop1 ? Json(*report.quality->originalTop1) : Json();
  json["top1_after"] = report.quality && report.quality->top1 ? Json(*report.quality->top1) : Json();
  json["evaluated"] = result.evaluated;
  json["singles"] = result.singles;
  json["resumed"] = result.resumed;
  json["end"] = endName(result.end);
  json["complete"] = report.complete;
  json["seconds"] = result.seconds;
  json["learned_on"] = {{"samples", report.learning}};
  json["chosen_on"] = {{"data", report.chosenOn}, {"samples", report.choosing - result.leftOut.samples}};
  json["reported_on"] = {{"data", report.reportedOn}, {"samples", report.reporting - report.unreported}};
  if (report.quality) addQuality(json, *report.quality);
  if (report.drift) json["saliency"] = driftJson(report.drift);
  json["best"] = result.best ? candidateJson(*result.best) : Json();
  json["front"] = Json::array();
  for (const Candidate& candidate : result.front) json["front"].push_back(candidateJson(candidate));
  if (report.saved) {
    json["out"] = report.saved->path, json["sha256"] = report.saved->sha256;
    addRuntimeCheck(json, *report.saved);
  }
  return json;
}

void printText(const SearchReport& report, const Model& model) {
  const SearchResult& result = report.result;
  printLine(std::to_string(result.evaluated) + " joint recipes measured, " + std::to_string(result.singles) +
            " single layers before, in " + numberText(result.seconds) + " s; " + endText(result.end));
  printLine("chosen on " + sampleText(report.choosing - result.leftOut.samples, report.chosenOn) +
            "; reported on " + sampleText(report.reporting - report.unreported, report.reportedOn));
  std::vector<std::vector<std::string>> rows{{"front: bytes", "drop where chosen"}};
  for (const Candidate& candidate : result.front)
    rows.push_back({countText(static_cast<std::int64_t>(candidate.bytes)),
                    dropText(candidate.drop, candidate.dropInterval)});
  if (rows.size() > 1) printTable(rows);
  if (!result.found()) return printLine(nothingFoundText(report));
  rows = {{"best recipe", "prune", "quantize"}};
  for (const Layer& layer : model.layers) {
    const LayerEdit edit = result.best->recipe.editOf(layer.name);
    rows.push_back(
        {layer.name, edit.prune.mode == PruneMode::None ? "-" : numberText(edit.prune.value * 100) + " %",
         edit.quantize.scheme == Scheme::None
             ? "-"
             : std::to_string(edit.quantize.bits) + " bit " + std::string(name(edit.quantize.scheme))});
  }
  printTable(rows);
  if (report.saved)
    printLine(report.saved->path + ": " + bytesText(report.saved->bytes) + " (" +
              numberText(static_cast<double>(report.bytesIn) / static_cast<double>(report.saved->bytes)) +
              " times smaller than " + bytesText(report.bytesIn) + ")");
  if (report.saved) printRuntimeCheck(*report.saved);
  printLine("where it was chosen it loses " + dropText(result.best->drop, result.best->dropInterval));
  if (result.best->drift) printLine("and keeps of its saliency: " + driftText(*result.best->drift));
  if (report.quality) {
    printLine("on samples that no choice has seen:");
    printQuality(*report.quality);
    if (report.drift) printLine("saliency kept: " + driftText(*report.drift));
  }
}

std::string textOf(const SearchForecast& forecast, double checking) {
  if (!forecast.complete)
    return "forecast: the model is too slow to be timed within the time that is given; at the latest " +
           numberText(forecast.seconds) + " s";
  return "forecast: " + std::to_string(forecast.singles) + " single layers, first joint plan after about " +
         numberText(forecast.firstPlan) + " s, then " + numberText(forecast.perCandidate) +
         " s a candidate at most" +
         (forecast.perDrift > 0 ? " (" + numberText(forecast.perDrift) + " s of it for saliency)" : "") +
         "; at the latest " + numberText(forecast.seconds) + " s, then " + numberText(checking) +
         " s to check the best; " + bytesText(forecast.memoryBytes) + " besides the weights";
}

std::string nothingFoundText(const SearchReport& report) {
  const SearchResult& result = report.result;
  const std::string what = result.best ? "no cut was found that is better than the uncut model"
                                       : "no cut was found that keeps within what was asked for";
  if (result.end == SearchEnd::Time)
    return what +
           " before the time was up: give more --minutes, fewer samples or more threads; nothing is "
           "written";
  return what + ": allow a larger drop, more bytes or a lower similarity; nothing is written";
}

void warnOfLeftOut(const SearchReport& report, double minutes) {
  const SearchLeftOut& out = report.result.leftOut;
  const std::string within = "; " + numberText(minutes) + " minutes were too few for it";
  const auto count = [](std::size_t number) { return countText(static_cast<std::int64_t>(number)); };
  if (out.learning) warn("search-no-learning", "cuts that learn from samples were not tried" + within);
  if (out.samples > 0)
    warn("search-fewer-samples", "choices were made on " + count(report.choosing - out.samples) + " of " +
                                     count(report.choosing) + " samples" + within);
  if (out.edits > 0)
    warn("search-edits-unseen", count(out.edits) + " cuts of single layers were not looked at" + within);
  if (out.singles > 0)
    warn("search-singles-guessed",
         "the damage of " + count(out.singles) + " cuts of single layers was guessed, not measured" + within);
  if (out.plan) warn("search-plan-unfinished", "the first joint plan was not measured to its end" + within);
  if (report.unreported > 0)
    warn("search-fewer-reported", "the figures come from " + count(report.reporting - report.unreported) +
                                      " of " + count(report.reporting) + " samples that were kept for them" +
                                      within);
}

}  // namespace lapidary::cli
