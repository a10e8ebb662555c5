// SPDX-License-Identifier: GPL-3.0-or-later
// Options that were given and change nothing, which a command says.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "train_options.h"

namespace lapidary::cli {

struct IdleSetting {
  const char* option;  ///< "--ramp"
  bool idle;           ///< whether it changes nothing beside what else was asked for
  const char* why;     ///< and the cure: a sentence after a colon
};

/// Warns of those of the options that were given.
void warnOfIdle(const CLI::App& command, const std::vector<IdleSetting>& settings);

/// Whether flips, shifts and crops mean something: the first input has the axes of images.
bool readsImages(const core::Model& model);

/// Of a training: what only some schedules, losses and samples heed.
void warnOfIdleTraining(const CLI::App& command, const TrainOptions& options, bool onImages);

/// Of a training that repairs: what only pruned and what only quantized layers heed.
void warnOfIdleRepair(const CLI::App& command, const core::Recipe& recipe);

}  // namespace lapidary::cli
