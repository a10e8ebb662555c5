// SPDX-License-Identifier: GPL-3.0-or-later
// robustness: accuracy against the strength of attacks and noise, original and cut.
#include "core/session/robustness.h"

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

std::string shareText(const RobustShare& share) {
  const Interval interval = share.interval();
  return percentText(share.value()) + " (" + numberText(interval.low * 100) + " to " +
         numberText(interval.high * 100) + ")";
}

Json jsonOf(const RobustnessReport& report, bool complete) {
  Json json = parseOrderedJson(toJson(report));
  json["complete"] = complete;
  return json;
}

std::string headingOf(const RobustnessReport& report) {
  std::string per;
  for (const float units : report.perUnit)
    per += (per.empty() ? "" : ", ") + numberText(static_cast<double>(units));
  const std::string unit = report.unit == StrengthUnit::Pixel
                               ? "levels of 0 to 255 (one is " + per + " of the model's input)"
                               : "units of the model's input";
  return std::to_string(report.samples) + " samples; strength in " + unit + ", " +
         std::string(name(report.norm)) + (report.clipped ? ", clipped to what pixels can be" : "");
}

void printText(const RobustnessReport& report) {
  if (report.rows.empty()) return;
  printLine(headingOf(report));
  const RobustnessRow& first = report.rows.front();
  std::vector<std::vector<std::string>> table{{"attack", "strength", "original"}};
  if (first.cut) table[0].insert(table[0].end(), {"cut", "change in points"});
  if (first.cutOnOriginal) table[0].insert(table[0].end(), {"original on cut's", "cut on original's"});
  for (const RobustnessRow& row : report.rows) {
    table.push_back({std::string(name(row.method)), numberText(row.strength), shareText(row.original)});
    if (row.cut)
      table.back().insert(table.back().end(),
                          {shareText(*row.cut), numberText((row.cut->value() - row.original.value()) * 100) +
                                                    " (" + numberText(row.change->low * 100) + " to " +
                                                    numberText(row.change->high * 100) + ")"});
    if (row.cutOnOriginal)
      table.back().insert(table.back().end(), {shareText(*row.originalOnCut), shareText(*row.cutOnOriginal)});
  }
  printTable(table);
  if (!report.labelled)
    printLine("without labels: the share that is answered as the original answers the clean sample");
}

struct RobustnessCommand {
  CommonOptions common;
  DataOptions data;
  CutOptions cut;
  AttackOptions attack;

  void run() {
    const RobustnessRequest request = attack.read();
    blockSignals({SIGINT}, true);
    const Opened opened = openSession(common, data);
    warnOfLabels(*opened.session);
    const Recipe recipe = recipeOf(cut, *opened.session);
    RobustnessReport report;
    const bool complete = ranToEnd("attacking", [&](const Progress& progress) {
      report = measureRobustness(*opened.session, recipe, request, progress,
                                 [&](const RobustnessReport& soFar) { report = soFar; });
    });
    common.json ? print(jsonOf(report, complete)) : printText(report);
  }
};

}  // namespace

void addRobustness(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "robustness", "Measure accuracy against the strength of attacks and noise, before and after a cut");
  const auto robustness = std::make_shared<RobustnessCommand>();
  addCommon(*command, robustness->common);
  addData(*command, robustness->data)->required();
  addCut(*command, robustness->cut);
  addAttack(*command, robustness->attack);
  command->add_flag("--transfer", robustness->attack.request.transfer,
                    "Also try each attack on the other model");
  command->footer(
      "Examples:\n  lapidary-cli robustness model.onnx --data test.npz --bits 4\n"
      "  lapidary-cli robustness model.onnx --data test.npz --recipe cut.json --attack pgd --strengths 2,4,8 "
      "--transfer --json");
  command->callback([robustness] { robustness->run(); });
}

}  // namespace lapidary::cli
