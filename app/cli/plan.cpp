// SPDX-License-Identifier: GPL-3.0-or-later
// plan: how a model would run on several workers, foretold and measured.
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "evaluation_warnings.h"
#include "terminal/output.h"

namespace lapidary::cli {
namespace {

using namespace core;

std::string milliseconds(double seconds) { return numberText(seconds * 1e3) + " ms"; }

std::string sharesText(const std::vector<double>& shares) {
  std::string text;
  for (const double share : shares) text += (text.empty() ? "" : " + ") + percentText(share);
  return text;
}

struct PlanCommand {
  CommonOptions common;
  DataOptions data;
  std::string recipe;
  ParallelRequest request;

  void run() const {
    const Recipe cut = readRecipe(recipe);
    const Opened opened = openSession(common, data);
    warnOfTriedLabels(opened);
    const ParallelFigures figures = opened.session->plan(cut, request, terminalProgress("measuring"));
    const Model& model = opened.session->model();
    common.json ? print(jsonOf(figures, model)) : printText(figures, model);
  }

  static std::vector<std::string> layerNames(const StageFigures& stage, const Model& model) {
    std::vector<std::string> names;
    for (const LayerId id : stage.layers) names.push_back(model.layer(id).name);
    return names;
  }

  static Json jsonOf(const ParallelFigures& figures, const Model& model) {
    Json json = Json::object();
    json["batch"] = figures.batch;
    json["processors"] = figures.processors;
    for (const char* key : {"stages", "pipeline", "workers", "splits"}) json[key] = Json::array();
    for (const StageFigures& stage : figures.stages)
      json["stages"].push_back({{"first", stage.firstNode},
                                {"last", stage.lastNode},
                                {"steps", stage.steps},
                                {"layers", layerNames(stage, model)},
                                {"seconds", stage.seconds},
                                {"share", stage.share},
                                {"busy", stage.busy},
                                {"weight_bytes", stage.weightBytes},
                                {"activation_bytes", stage.activationBytes},
                                {"entering_bytes", stage.enteringBytes}});
    json["pipeline"] = {{"predicted", figures.predicted}, {"measured", figures.measured}};
    for (const WorkerFigures& workers : figures.workers)
      json["workers"].push_back({{"workers", workers.workers},
                                 {"predicted", workers.predicted},
                                 {"measured", workers.measured},
                                 {"share", workers.share}});
    for (const SplitFigures& split : figures.splits)
      json["splits"].push_back({{"node", split.node},
                                {"channels", split.channels},
                                {"parts", split.parts},
                                {"whole_seconds", split.wholeSeconds},
                                {"predicted_seconds", split.predictedSeconds},
                                {"split_seconds", split.splitSeconds}});
    return json;
  }

  static void printText(const ParallelFigures& figures, const Model& model) {
    printLine("batches of " + std::to_string(figures.batch) + " samples, " +
              std::to_string(figures.processors) + " processors");
    printLine("");
    printStages(figures, model);
    printLine("");
    printWorkers(figures);
    if (figures.splits.empty()) return;
    printLine("");
    std::vector<std::vector<std::string>> rows{
        {"layer in parts", "channels", "parts", "whole", "predicted", "measured"}};
    for (const SplitFigures& split : figures.splits)
      rows.push_back({split.node, std::to_string(split.channels), std::to_string(split.parts),
                      milliseconds(split.wholeSeconds), milliseconds(split.predictedSeconds),
                      milliseconds(split.splitSeconds)});
    printTable(rows);
  }

  static void printStages(const ParallelFigures& figures, const Model& model) {
    std::vector<std::vector<std::string>> rows{
        {"stage", "time", "share", "busy", "weights", "activations", "handed in"}};
    std::size_t number = 0;
    for (const StageFigures& stage : figures.stages)
      rows.push_back({std::to_string(++number), milliseconds(stage.seconds), percentText(stage.share),
                      percentText(stage.busy), bytesText(stage.weightBytes), bytesText(stage.activationBytes),
                      bytesText(stage.enteringBytes)});
    printTable(rows);
    number = 0;
    for (const StageFigures& stage : figures.stages) {
      std::string names;
      for (const std::string& name : layerNames(stage, model)) names += (names.empty() ? "" : ", ") + name;
      printLine("stage " + std::to_string(++number) + ": " + stage.firstNode + " to " + stage.lastNode +
                (names.empty() ? "" : "; layers " + names));
    }
    printLine("pipeline of " + std::to_string(number) + ": predicted " + numberText(figures.predicted) +
              " samples/s, measured " + numberText(figures.measured));
  }

  static void printWorkers(const ParallelFigures& figures) {
    std::vector<std::vector<std::string>> rows{{"workers", "predicted/s", "measured/s", "shares"}};
    for (const WorkerFigures& workers : figures.workers)
      rows.push_back({std::to_string(workers.workers), numberText(workers.predicted),
                      numberText(workers.measured), sharesText(workers.share)});
    printTable(rows);
  }
};

}  // namespace

void addPlan(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("plan", "Plan and measure a model in stages, by samples and by channels");
  const auto plan = std::make_shared<PlanCommand>();
  addCommon(*command, plan->common);
  addData(*command, plan->data);
  addRecipe(*command, plan->recipe);
  command->add_option("--stages", plan->request.stages, "Stages of the pipeline (default: 2)")
      ->check(CLI::Range(1u, 64u));
  command->add_option("--workers", plan->request.workers, "Workers at most (default: all processors)")
      ->check(CLI::Range(1u, 256u));
  command
      ->add_option("--parts", plan->request.parts,
                   "Parts of a large layer's output channels (default: as many as workers)")
      ->check(CLI::Range(1u, 256u));
  command->add_option("--batch", plan->request.batch, "Samples of a batch (default: 20)")
      ->check(CLI::Range(1, 4096));
  command->footer(
      "Examples:\n  lapidary-cli plan model.onnx --stages 3\n"
      "  lapidary-cli plan model.onnx --data test.npz --workers 4 --json");
  command->callback([plan] { plan->run(); });
}

}  // namespace lapidary::cli
