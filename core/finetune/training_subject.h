// SPDX-License-Identifier: GPL-3.0-or-later
// What tells one training from all others: its models, its samples and its settings, as a hash.
#pragma once

#include <string>

#include "core/finetune/class_loss.h"
#include "core/session/session.h"
#include "core/train/trainer.h"

namespace lapidary::core {

/// SHA-256 of operators and weights.
std::string digestOf(const Model& model);
/// SHA-256 of the names of the samples, and of some of them as they become inputs.
std::string digestOf(const Dataset& data);

/// SHA-256 of the session's model and data, the settings, and `more`, the words of the kind of training.
std::string trainingSubject(const Session& session, const TrainSettings& train, const ClassLossSettings& loss,
                            const std::string& more);

}  // namespace lapidary::core
