// SPDX-License-Identifier: GPL-3.0-or-later
// detector: fits a detector of tampered inputs and says how well it tells; detect: uses it on new inputs.
#include "core/session/detector.h"

#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>

#include "attack_options.h"
#include "commands.h"
#include "core/robust/robust_json.h"
#include "core/support/json_text.h"
#include "cut_options.h"
#include "evaluation_warnings.h"
#include "terminal/output.h"
#include "terminal/signal_watch.h"

namespace lapidary::cli {
namespace {

using namespace core;

Json jsonOf(const DetectorReport& report, bool complete) {
  Json json = parseOrderedJson(toJson(report));
  json["complete"] = complete;
  return json;
}

std::string rangeText(double value, const Interval& interval) {
  return numberText(value) + " (" + numberText(interval.low) + " to " + numberText(interval.high) + ")";
}

void printText(const DetectorReport& report) {
  const InputDetector& detector = report.detector;
  std::string squeezers;
  for (const Squeezer& squeezer : detector.squeezers)
    squeezers += (squeezers.empty() ? "" : ", ") + textOf(squeezer);
  printLine("squeezing: " + (squeezers.empty() ? "none leaves the clean answers as they are" : squeezers) +
            "; features: " + detector.features + ", " + std::to_string(detector.gaussians.width) + " wide");
  printLine("fitted on " + std::to_string(detector.fittedOn) + ", thresholds from " +
            std::to_string(detector.thresholdsFrom) + " others, judged on " +
            std::to_string(report.judgedOn) + " others; false alarms chosen " +
            percentText(detector.falseAlarms));
  std::vector<std::vector<std::string>> table{{"score", "threshold", "false alarms"}};
  for (std::size_t k = 0; k < report.falseAlarms.size(); ++k)
    table.push_back({std::string(name(detectorScores[k])), numberText(detector.thresholds[k]),
                     rangeText(report.falseAlarmShare(detectorScores[k]), report.falseAlarmInterval[k])});
  printTable(table);
  table = {{"attack", "strength", "score", "area under ROC", "caught", "misled", "area, of those"}};
  for (const DetectorTrial& trial : report.trials)
    for (std::size_t k = 0; k < trial.all.size(); ++k) {
      const DetectorCurve& curve = trial.all[k];
      table.push_back(
          {k == 0 ? std::string(name(trial.method)) : "", k == 0 ? numberText(trial.strength) : "",
           std::string(name(curve.score)), rangeText(curve.area, curve.areaInterval),
           percentText(trial.caughtShare(curve.score)), k == 0 ? std::to_string(trial.misled) : "",
           trial.ofMisled.empty() ? "-" : rangeText(trial.ofMisled[k].area, trial.ofMisled[k].areaInterval)});
    }
  printTable(table);
}

struct DetectorCommand {
  CommonOptions common;
  DataOptions data;
  CutOptions cut;
  AttackOptions attack;
  double falseAlarms = 0.05;
  std::string out;

  void run() {
    blockSignals({SIGINT}, true);
    const Opened opened = openSession(common, data);
    warnOfLabels(*opened.session);
    const Recipe recipe = recipeOf(cut, *opened.session);
    DetectorReport report;
    const bool complete = ranToEnd("judging", [&](const Progress& progress) {
      report = measureDetector(*opened.session, recipe, attack.read(), falseAlarms, progress,
                               [&](const DetectorReport& soFar) { report = soFar; });
    });
    if (!out.empty() && !report.detector.model.empty()) writeText(out, toJson(report.detector));
    common.json ? print(jsonOf(report, complete)) : printText(report);
  }
};

struct DetectCommand {
  CommonOptions common;
  DataOptions data;
  CutOptions cut;
  std::string detector;

  void run() const {
    const InputDetector read = detectorFromJson(readText(detector));
    const Opened opened = openSession(common, data);
    warnOfTriedLabels(opened);
    const auto judged =
        detectTampered(*opened.session, recipeOf(cut, *opened.session), read, terminalProgress("detecting"));
    common.json ? printJson(*opened.session, judged) : printText(*opened.session, judged, read);
  }

 private:
  static std::size_t count(const std::vector<JudgedSample>& judged) {
    return static_cast<std::size_t>(
        std::ranges::count_if(judged, [](const JudgedSample& s) { return s.suspicious; }));
  }

  static void printJson(const Session& session, const std::vector<JudgedSample>& judged) {
    Json json{{"samples", judged.size()}, {"suspicious", count(judged)}};
    json["scores"] = Json::array();
    for (std::size_t i = 0; i < judged.size(); ++i) {
      Json entry{{"sample", i}, {"name", session.data()->source().sampleName(i)}, {"class", judged[i].top1}};
      for (const DetectorScore score : detectorScores)
        entry[std::string(name(score))] = judged[i].scores[static_cast<std::size_t>(score)];
      entry["suspicious"] = judged[i].suspicious;
      json["scores"].push_back(entry);
    }
    print(json);
  }

  static void printText(const Session& session, const std::vector<JudgedSample>& judged,
                        const InputDetector& detector) {
    std::vector<std::vector<std::string>> table{{"suspicious sample", "class", "squeezing", "distance"}};
    for (std::size_t i = 0; i < judged.size(); ++i)
      if (judged[i].suspicious)
        table.push_back({session.data()->source().sampleName(i), std::to_string(judged[i].top1),
                         numberText(judged[i].scores[0]), numberText(judged[i].scores[1])});
    if (table.size() > 1) printTable(table);
    printLine(std::to_string(count(judged)) + " of " + std::to_string(judged.size()) +
              " samples are suspicious; of clean ones " + percentText(detector.falseAlarms) + " would be");
  }
};

}  // namespace

void addDetector(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "detector", "Fit a detector of tampered inputs to clean ones and judge it on attacked ones");
  const auto detector = std::make_shared<DetectorCommand>();
  detector->attack.request.samples = 1000;
  addCommon(*command, detector->common);
  addData(*command, detector->data)->required();
  addCut(*command, detector->cut);
  addAttack(*command, detector->attack);
  command
      ->add_option("--false-alarms", detector->falseAlarms,
                   "Share of clean inputs that may be called suspicious")
      ->check(CLI::Range(0.001, 0.5))
      ->capture_default_str();
  command->add_option("-o,--out", detector->out, "JSON file for the detector")->type_name("FILE");
  command->footer(
      "Examples:\n  lapidary-cli detector model.onnx --data test.npz --attack pgd --strengths 8,16 -o "
      "detector.json\n"
      "  lapidary-cli detect model.onnx --data new.npz --detector detector.json");
  command->callback([detector] { detector->run(); });
}

void addDetect(CLI::App& program) {
  CLI::App* command = program.add_subcommand("detect", "Say which inputs look tampered with");
  const auto detect = std::make_shared<DetectCommand>();
  addCommon(*command, detect->common);
  addData(*command, detect->data)->required();
  addCut(*command, detect->cut);
  command->add_option("--detector", detect->detector, "JSON file that the command detector wrote")
      ->type_name("FILE")
      ->required();
  command->footer(
      "Example:\n  lapidary-cli detect model.onnx --data new.npz --detector detector.json --json");
  command->callback([detect] { detect->run(); });
}

}  // namespace lapidary::cli
