// repair: cut a model, train what is left, and write the cut of the trained weights.
#include <csignal>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/analyze/data_split.h"
#include "core/session_repair.h"
#include "core/support/error.h"
#include "cut_options.h"
#include "output.h"
#include "signal_watch.h"

namespace lapidary::cli {
namespace {

using namespace core;

const std::map<std::string, OptimizerKind> optimizers{
    {"sgd", OptimizerKind::Sgd}, {"adam", OptimizerKind::Adam}, {"adamw", OptimizerKind::AdamW}};
const std::map<std::string, RateSchedule> schedules{{"constant", RateSchedule::Constant},
                                                    {"cosine", RateSchedule::Cosine},
                                                    {"one-cycle", RateSchedule::OneCycle}};

template <class Value>
std::vector<std::string> wordsOf(const std::map<std::string, Value>& table) {
  std::vector<std::string> words;
  for (const auto& [word, value] : table) words.push_back(word);
  return words;
}

struct RepairCommand {
  CommonOptions common;
  DataOptions data;
  CutOptions asked;
  std::string out, test, optimizer = "adam", schedule = "cosine";
  double rate = 0.001, holdout = 0.2;
  RepairRequest request;

  void run() {
    blockSignals({SIGINT}, true);
    requireTarget(common.model, out);
    const Opened opened = openSession(common, data);
    if (opened.session->data() == nullptr) throw Error(ErrorKind::Usage, "a repair needs --data");
    const Model& model = opened.session->model();
    const auto [learning, reporting] = parts(opened, model);
    Session::Options options;
    options.workers = common.threads;
    if (common.memory > 0) options.memoryBytes = common.memory << 20;
    options.calibrationData = learning;
    const Session school(model, learning, options), before(model, reporting, options);
    request.recipe = recipeOf(asked, school);
    if (request.recipe.empty()) throw Error(ErrorKind::Usage, "there is nothing to repair: say what to cut");
    const Session::EvaluateOptions qualityOnly{false, false, false, false};
    const auto cut = before.evaluate(request.recipe, qualityOnly, terminalProgress("measuring the cut")).quality;
    const Repaired repaired = train(school);
    const Session after(repaired.model, reporting, options);
    const SavedFile saved = after.save(repaired.recipe, out, terminalProgress("checking"));
    report(model, repaired, *cut, saved, learning->size(), reporting->size());
  }

 private:
  using Data = std::shared_ptr<const Dataset>;

  /// Samples to learn from, and samples that the figures come from.
  std::pair<Data, Data> parts(const Opened& opened, const Model& model) const {
    if (test.empty()) {
      const DataSplit split = splitData(*opened.session->data(), model, holdout, 0);
      return {split.choosing, split.reporting};
    }
    return {opened.session->sharedData(),
            std::make_shared<const Dataset>(openData(test), opened.preprocess->preprocess, model,
                                            opened.preprocess->origin)};
  }

  Repaired train(const Session& school) {
    request.train.optimizer.kind = optimizers.at(optimizer);
    request.train.rate.schedule = schedules.at(schedule);
    request.train.rate.base = rate;
    request.train.workers = school.workers();
    const Progress progress = interruptible();
    return repair(school, request, progress, [](const RepairEpoch& epoch) {
      note("epoch " + std::to_string(epoch.epoch) +
           (epoch.epoch == 0 ? "" : ": loss " + numberText(epoch.loss)) + (epoch.epoch == 0 ? ": " : ", ") +
           percentText(epoch.quality) + " of the held-out samples");
      return true;
    });
  }

  void report(const Model& model, const Repaired& repaired, const Quality& cut, const SavedFile& saved,
              std::size_t learned, std::size_t reported) const {
    const auto top1 = [](const std::optional<Quality>& quality) {
      return quality && quality->top1 ? Json(*quality->top1) : Json();
    };
    if (common.json) {
      Json epochs = Json::array();
      for (const RepairEpoch& epoch : repaired.epochs)
        epochs.push_back({{"epoch", epoch.epoch}, {"loss", epoch.loss}, {"held_out", epoch.quality},
                          {"rate", epoch.rate}});
      return print({{"bytes_in", model.source.fileBytes},
                    {"bytes_out", saved.bytes},
                    {"top1_before", cut.originalTop1 ? Json(*cut.originalTop1) : Json()},
                    {"top1_cut", top1(cut)},
                    {"top1_after", top1(saved.quality)},
                    {"best_epoch", repaired.best},
                    {"learned_on", learned},
                    {"reported_on", reported},
                    {"epochs", std::move(epochs)},
                    {"out", saved.path},
                    {"sha256", saved.sha256}});
    }
    printLine(saved.path + ": " + bytesText(saved.bytes) + " (" + bytesText(model.source.fileBytes) +
              " before)");
    if (cut.top1 && cut.originalTop1 && saved.quality && saved.quality->top1)
      printLine("top-1 on " + countText(static_cast<std::int64_t>(reported)) + " samples that taught nothing: " +
                percentText(*cut.originalTop1) + " uncut, " + percentText(*cut.top1) + " cut, " +
                percentText(*saved.quality->top1) + " repaired (epoch " + std::to_string(repaired.best) + ")");
  }
};

}  // namespace

void addRepair(CLI::App& program) {
  CLI::App* command = program.add_subcommand("repair", "Cut a model and train what is left of it");
  const auto repair = std::make_shared<RepairCommand>();
  addCommon(*command, repair->common);
  addData(*command, repair->data)->required();
  addCut(*command, repair->asked);
  command->add_option("-o,--output", repair->out, "File to write; the ending picks the format");
  command->add_option("--test", repair->test, "Other data that the figures come from");
  command
      ->add_option("--holdout", repair->holdout,
                   "Without --test: share of --data that teaches nothing and the figures come from")
      ->check(CLI::Range(0.01, 0.99))
      ->capture_default_str();
  command->add_option("--epochs", repair->request.train.epochs, "Passes over the data at most")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
      ->capture_default_str();
  command->add_option("--batch", repair->request.train.batch, "Samples a step")
      ->check(CLI::Range(std::size_t{1}, std::size_t{65'536}))
      ->capture_default_str();
  command->add_option("--rate", repair->rate, "Learning rate")->check(CLI::PositiveNumber)->capture_default_str();
  command->add_option("--optimizer", repair->optimizer, "How weights follow their gradients")
      ->check(CLI::IsMember(wordsOf(optimizers)))
      ->capture_default_str();
  command->add_option("--schedule", repair->schedule, "How the rate changes")
      ->check(CLI::IsMember(wordsOf(schedules)))
      ->capture_default_str();
  command->add_option("--teacher", repair->request.loss.teacher,
                      "Share of the loss that is distillation from the uncut model")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--temperature", repair->request.loss.temperature, "Of that distillation")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--patience", repair->request.patience, "Epochs without a better one before it ends")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
      ->capture_default_str();
  command->add_option("--seed", repair->request.train.seed, "Of the order of the samples")->capture_default_str();
  command->callback([repair] { repair->run(); });
}

}  // namespace lapidary::cli
