// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate: accuracy of a model, cut by a recipe or not, on data.
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "evaluate_distributed.h"
#include "evaluation_warnings.h"
#include "terminal/output.h"
#include "trust_output.h"

namespace lapidary::cli {
namespace {

using namespace core;

struct EvaluateCommand {
  CommonOptions common;
  DataOptions data;
  DriftOptions drift;
  std::string recipe;
  bool distributed = false, stages = false;
  std::string journal;

  void run() const {
    if (distributed) return evaluateDistributed(common, data, drift, recipe, {journal, stages});
    if (stages) throw Error(ErrorKind::Usage, "--stages goes with --distributed");
    if (!journal.empty()) throw Error(ErrorKind::Usage, "--journal goes with --distributed");
    const Recipe cut = readRecipe(recipe);
    const Opened opened = openSession(common, data, {}, drift);
    if (!opened.session->obstacles().empty())
      throw Error(ErrorKind::Unsupported, "the model cannot be run: " + opened.session->obstacles().front());
    warnOfKind(*opened.session, cut.empty());
    const auto start = std::chrono::steady_clock::now();
    const Outcome outcome = opened.session->evaluate(cut, {.measure = {}}, terminalProgress("evaluating"));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const TrustFigures trust = trustOf(*opened.session, cut);
    warnOfLabels(*opened.session);
    warnOfLayerNotes(opened.session->model(), outcome.footprint);
    if (common.json) return printJson(opened, outcome, trust, seconds);
    printText(outcome, seconds, cut.empty());
    printTrust(*opened.session, trust, cut.empty());
  }

  static void printJson(const Opened& opened, const Outcome& outcome, const TrustFigures& trust,
                        double seconds) {
    Json json = Json::object();
    if (outcome.quality) addQuality(json, *outcome.quality);
    json["seconds"] = seconds;
    json["bytes"] = outcome.footprint.fileAfter;
    addTrust(json, *opened.session, trust);
    addPreprocess(json, opened);
    print(json);
  }

  /// Without a cut there is nothing to compare with.
  static void printText(const Outcome& outcome, double seconds, bool uncut) {
    if (outcome.quality) {
      Quality quality = *outcome.quality;
      if (uncut) quality.change.reset(), quality.agreement.reset();
      printQuality(quality);
    }
    printLine("took " + numberText(seconds) + " s");
  }
};

}  // namespace

void addEvaluate(CLI::App& program) {
  CLI::App* command = program.add_subcommand("evaluate", "Measure a model on data");
  const auto evaluate = std::make_shared<EvaluateCommand>();
  addCommon(*command, evaluate->common);
  addData(*command, evaluate->data)->required();
  addRecipe(*command, evaluate->recipe);
  addDrift(*command, evaluate->drift);
  command->add_flag("--distributed", evaluate->distributed,
                    "Share the samples over the ranks of mpirun; the figures are those of one process");
  command->add_flag("--stages", evaluate->stages,
                    "With --distributed: share the graph instead, one stage to a rank");
  command
      ->add_option("--journal", evaluate->journal,
                   "With --distributed: file that always holds the figures so far, as JSON")
      ->type_name("FILE");
  command->footer(
      "Examples:\n  lapidary-cli evaluate model.onnx --data test.npz\n"
      "  lapidary-cli evaluate model.onnx --data pictures/ --preprocess model.preprocess.json --recipe "
      "cut.json --json\n"
      "  mpirun -n 4 lapidary-cli evaluate model.onnx --data test.npz --distributed --journal figures.json");
  command->callback([evaluate] { evaluate->run(); });
}

}  // namespace lapidary::cli
