// SPDX-License-Identifier: GPL-3.0-or-later
// The options of commands that train, the samples they learn from and report on, and what they tell of
// epochs.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/finetune/class_loss.h"
#include "core/finetune/training_forecast.h"
#include "core/finetune/validation.h"
#include "terminal/options.h"
#include "terminal/output.h"

namespace lapidary::cli {

struct TrainOptions {
  std::string optimizer = "adam", schedule = "cosine", test;
  double rate = 0.001, holdout = 0.2;
  std::size_t patience = 3;
  core::TrainSettings settings;
  core::ClassLossSettings loss;
};

/// `teacher`: whom the distillation is from, "the uncut model".
void addTraining(CLI::App& command, TrainOptions& options, const std::string& teacher);

core::TrainSettings settingsOf(const TrainOptions& options, unsigned workers);

using SharedData = std::shared_ptr<const core::Dataset>;
/// Samples to learn from, and samples that the figures come from: of --test, or of the share held out.
std::pair<SharedData, SharedData> trainingParts(const TrainOptions& options, const Opened& opened);

/// --checkpoint FILE, into `path`.
void addCheckpoint(CLI::App& command, std::string& path);
/// Throws Error(Usage) where it could not be written, or is the model or `out`: before hours of training, not
/// after them. Notes where a training goes on from it.
void requireCheckpoint(const std::string& path, const std::string& model, const std::string& out);

/// Notes how long a training will take, before it begins.
void noteForecast(const core::TrainingForecast& forecast, std::size_t epochs);
/// Notes every epoch, and after the first one how long the others would take at most.
core::OnTrainedEpoch noteEpochs(std::size_t epochs);
/// Array of epoch, loss, held_out, rate.
Json epochsJson(const std::vector<core::TrainedEpoch>& epochs);

}  // namespace lapidary::cli
