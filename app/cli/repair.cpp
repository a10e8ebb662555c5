// SPDX-License-Identifier: GPL-3.0-or-later
// repair: cut a model, train what is left, and write the cut of the trained weights.
#include "core/finetune/repair.h"

#include <csignal>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/finetune/repair_forecast.h"
#include "core/support/error.h"
#include "cut_options.h"
#include "evaluation_warnings.h"
#include "idle_settings.h"
#include "runtime_check.h"
#include "terminal/output.h"
#include "terminal/signal_watch.h"
#include "train_options.h"

namespace lapidary::cli {
namespace {

using namespace core;

struct RepairCommand {
  const CLI::App* command = nullptr;
  CommonOptions common;
  DataOptions data;
  CutOptions asked;
  std::string out;
  TrainOptions training;
  RepairRequest request;

  void run() {
    blockSignals({SIGINT}, true);
    requireTarget(out);
    requireCheckpoint(request.checkpoint, common.model, out);
    const Opened opened = openSession(common, data);
    if (opened.session->data() == nullptr) throw Error(ErrorKind::Usage, "a repair needs --data");
    const Model& model = opened.session->model();
    warnOfIdleTraining(*command, training, readsImages(model));
    const auto [learning, reporting] = trainingParts(training, opened);
    warnOfLabels(*opened.session);
    Session::Options options;
    options.workers = common.threads;
    if (common.memory > 0) options.memoryBytes = common.memory << 20;
    options.calibrationData = learning;
    const Session learningSession(model, learning, options), before(model, reporting, options);
    request.recipe = recipeOf(asked, learningSession);
    if (request.recipe.empty()) throw Error(ErrorKind::Usage, "there is nothing to repair: say what to cut");
    warnOfIdleRepair(*command, request.recipe);
    const Session::EvaluateOptions qualityOnly{.measure = {}, .keepActivations = false};
    const auto cut =
        before.evaluate(request.recipe, qualityOnly, terminalProgress("measuring the cut")).quality;
    if (!training.test.empty()) warnOfLabels(before);
    const Repaired repaired = train(learningSession);
    const Session after(repaired.model, reporting, options);
    const SavedFile saved = after.save(repaired.recipe, out, terminalProgress("checking"));
    warnOfRuntime(saved);
    report(model, repaired, *cut, saved, learning->size(), reporting->size());
  }

 private:
  Repaired train(const Session& learningSession) {
    request.train = settingsOf(training, learningSession.workers());
    request.loss = training.loss;
    request.patience = training.patience;
    if (request.checkpoint.empty() || !std::filesystem::exists(request.checkpoint))
      noteForecast(forecastRepair(learningSession, request, {}), request.train.epochs);
    return repair(learningSession, request, interruptible(), noteEpochs(request.train.epochs));
  }

  void report(const Model& model, const Repaired& repaired, const Quality& cut, const SavedFile& saved,
              std::size_t learned, std::size_t reported) const {
    const auto top1 = [](const std::optional<Quality>& quality) {
      return quality && quality->top1 ? Json(*quality->top1) : Json();
    };
    if (common.json) {
      Json json{{"bytes_in", model.source.fileBytes},
                {"bytes_out", saved.bytes},
                {"top1_before", cut.originalTop1 ? Json(*cut.originalTop1) : Json()},
                {"top1_cut", top1(cut)},
                {"top1_after", top1(saved.quality)},
                {"best_epoch", repaired.best},
                {"learned_on", learned},
                {"reported_on", reported},
                {"epochs", epochsJson(repaired.epochs)},
                {"out", saved.path},
                {"sha256", saved.sha256}};
      addRuntimeCheck(json, saved);
      return print(json);
    }
    printLine(saved.path + ": " + bytesText(saved.bytes) + " (" + bytesText(model.source.fileBytes) +
              " before)");
    printRuntimeCheck(saved);
    if (cut.top1 && cut.originalTop1 && saved.quality && saved.quality->top1)
      printLine("top-1 on " + countText(static_cast<std::int64_t>(reported)) +
                " samples that taught nothing: " + percentText(*cut.originalTop1) + " uncut, " +
                percentText(*cut.top1) + " cut, " + percentText(*saved.quality->top1) + " repaired (epoch " +
                std::to_string(repaired.best) + ")");
  }
};

}  // namespace

void addRepair(CLI::App& program) {
  CLI::App* command = program.add_subcommand("repair", "Cut a model and train what is left of it");
  const auto repair = std::make_shared<RepairCommand>();
  repair->command = command;
  addCommon(*command, repair->common);
  addData(*command, repair->data, OutputMeans::File)->required();
  addCut(*command, repair->asked);
  command->add_option("-o,--output", repair->out, "File to write; the ending picks the format")
      ->type_name("FILE");
  addTraining(*command, repair->training, "the uncut model");
  command
      ->add_option("--ramp", repair->request.ramp,
                   "Share of the epochs over which pruning grows; 0: all at once")
      ->check(CLI::Range(0.0, 0.99))
      ->capture_default_str();
  addCheckpoint(*command, repair->request.checkpoint);
  command->add_flag_callback(
      "--round-anew", [repair] { repair->request.learnGrids = false; },
      "Round to a new grid in every step, in place of learning steps and codebooks");
  command->callback([repair] { repair->run(); });
}

}  // namespace lapidary::cli
