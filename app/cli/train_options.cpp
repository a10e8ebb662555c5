// SPDX-License-Identifier: GPL-3.0-or-later
#include "train_options.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "core/data/data_split.h"
#include "core/support/error.h"

namespace lapidary::cli {
namespace {

using namespace core;

const std::map<std::string, OptimizerKind> optimizers{
    {"sgd", OptimizerKind::Sgd}, {"adam", OptimizerKind::Adam}, {"adamw", OptimizerKind::AdamW}};
const std::map<std::string, RateSchedule> schedules{{"constant", RateSchedule::Constant},
                                                    {"cosine", RateSchedule::Cosine},
                                                    {"one-cycle", RateSchedule::OneCycle},
                                                    {"step", RateSchedule::Step}};

template <class Value>
std::vector<std::string> wordsOf(const std::map<std::string, Value>& table) {
  std::vector<std::string> words;
  for (const auto& [word, value] : table) words.push_back(word);
  return words;
}

void addSteps(CLI::App& command, TrainOptions& options) {
  command.add_option("--epochs", options.settings.epochs, "Passes over the data at most")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
      ->capture_default_str();
  command.add_option("--batch", options.settings.batch, "Samples a step")
      ->check(CLI::Range(std::size_t{1}, std::size_t{65'536}))
      ->capture_default_str();
  command.add_option("--rate", options.rate, "Learning rate")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--optimizer", options.optimizer, "How weights follow their gradients")
      ->check(CLI::IsMember(wordsOf(optimizers)))
      ->capture_default_str();
  command.add_option("--schedule", options.schedule, "How the rate changes")
      ->check(CLI::IsMember(wordsOf(schedules)))
      ->capture_default_str();
  command
      .add_option("--every", options.settings.rate.every, "Schedule step: steps after which the rate falls")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
      ->capture_default_str();
  command
      .add_option("--factor", options.settings.rate.factor, "Schedule step: what it falls to, of what it was")
      ->check(CLI::Range(1e-6, 1.0))
      ->capture_default_str();
  command
      .add_option("--warm-up", options.settings.rate.warmUp, "First steps, in which the rate rises evenly")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1'000'000'000}))
      ->capture_default_str();
  command.add_option("--patience", options.patience, "Epochs without a better one before it ends")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
      ->capture_default_str();
}

/// Adds the options of what is done to samples, weights and statistics on the way.
void addWays(CLI::App& command, TrainOptions& options) {
  TrainSettings& settings = options.settings;
  command
      .add_option("--clip", settings.mostNorm, "Norm that the gradient of a step is cut down to; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_option("--weight-decay", settings.optimizer.weightDecay, "Of every step")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_option("--smoothing", options.loss.smoothing, "Share of the labels spread over all classes")
      ->check(CLI::Range(0.0, 0.99))
      ->capture_default_str();
  command.add_flag("--flip", settings.augmentation.flip, "Change left and right of half of the images");
  command.add_option("--shift", settings.augmentation.shift, "Pixels that images are moved by at most")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command
      .add_option("--crop", settings.augmentation.crop, "Share of width and height that is cut away at most")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  command.add_flag_callback(
      "--batch-statistics", [&settings] { settings.normStatistics = NormStatistics::Batch; },
      "Normalise by each batch's own mean and variance");
}

}  // namespace

void addTraining(CLI::App& command, TrainOptions& options, const std::string& teacher) {
  command.add_option("--test", options.test, "Other data that the figures come from")->type_name("DATA");
  command
      .add_option("--holdout", options.holdout,
                  "Without --test: share of --data that teaches nothing and the figures come from")
      ->check(CLI::Range(0.01, 0.99))
      ->capture_default_str();
  addSteps(command, options);
  addWays(command, options);
  command
      .add_option("--teacher", options.loss.teacher, "Share of the loss that is distillation from " + teacher)
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--temperature", options.loss.temperature, "Of that distillation")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--seed", options.settings.seed, "Of all that is drawn at random")
      ->capture_default_str();
}

TrainSettings settingsOf(const TrainOptions& options, unsigned workers) {
  TrainSettings settings = options.settings;
  settings.optimizer.kind = optimizers.at(options.optimizer);
  settings.rate.schedule = schedules.at(options.schedule);
  settings.rate.base = options.rate;
  settings.workers = workers;
  return settings;
}

std::pair<SharedData, SharedData> trainingParts(const TrainOptions& options, const Opened& opened) {
  const Model& model = opened.session->model();
  if (!options.test.empty())
    return {opened.session->sharedData(),
            std::make_shared<const Dataset>(openData(options.test), opened.preprocess->preprocess, model,
                                            opened.preprocess->origin)};
  const DataSplit split = splitData(*opened.session->data(), model, options.holdout, 0);
  return {split.choosing, split.reporting};
}

void addCheckpoint(CLI::App& command, std::string& path) {
  command
      .add_option("--checkpoint", path, "File to go on from after an interruption, written after every epoch")
      ->type_name("FILE");
}

void requireCheckpoint(const std::string& path, const std::string& model, const std::string& out) {
  namespace fs = std::filesystem;
  const fs::path file(path);
  if (file.empty()) return;
  std::error_code ignored;
  if (file == fs::path(out) || fs::equivalent(file, model, ignored))
    throw Error(ErrorKind::Usage,
                "--checkpoint: " + path + " is the model or what is written at the end: choose another name");
  if (file.has_parent_path() && !fs::is_directory(file.parent_path(), ignored))
    throw Error(ErrorKind::Usage, "--checkpoint: there is no folder " + file.parent_path().string());
  if (fs::exists(file, ignored)) note("going on from the checkpoint " + path);
}

void noteForecast(const TrainingForecast& forecast, std::size_t epochs) {
  note("forecast: about " + numberText(forecast.seconds) + " s for " + std::to_string(epochs) +
       " epochs on this machine, " + numberText(forecast.perEpoch) +
       " s each; it ends sooner where none is better for a while");
}

OnTrainedEpoch noteEpochs(std::size_t epochs) {
  using Clock = std::chrono::steady_clock;
  return [epochs, start = Clock::now()](const TrainedEpoch& epoch) mutable {
    std::string text = "epoch " + std::to_string(epoch.epoch) + ": ";
    if (epoch.epoch > 0) text += "loss " + numberText(epoch.loss) + ", ";
    text += percentText(epoch.quality) + " of the validation samples";
    if (epoch.epoch == 0) start = Clock::now();
    if (epoch.epoch == 1 && epochs > 1) {
      const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
      text += "; the others take " + numberText(seconds * static_cast<double>(epochs - 1)) + " s at most";
    }
    note(text);
    return true;
  };
}

Json epochsJson(const std::vector<TrainedEpoch>& epochs) {
  Json array = Json::array();
  for (const TrainedEpoch& epoch : epochs)
    array.push_back(
        {{"epoch", epoch.epoch}, {"loss", epoch.loss}, {"held_out", epoch.quality}, {"rate", epoch.rate}});
  return array;
}

}  // namespace lapidary::cli
