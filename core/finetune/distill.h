// SPDX-License-Identifier: GPL-3.0-or-later
// Distillation: a student learns what the session's model, its teacher, answers (Hinton, Vinyals, Dean 2015).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/finetune/class_loss.h"
#include "core/finetune/feature_match.h"
#include "core/finetune/validation.h"
#include "core/session/session.h"
#include "core/student/student_task.h"
#include "core/train/trainer.h"

namespace lapidary::core {

/// Tells what a student has to take and to give. Runs one sample. Throws Error(Usage) without data,
/// Error(Unsupported) where outputs are no scores of classes or the teacher insists on a number of samples at
/// once.
StudentTask studentTask(const Session& teacher);

/// The samples of the data as a student takes them, in the same numbering. `preprocess`: none: as for the
/// teacher. Throws Error(InvalidInput) where they cannot feed it.
std::shared_ptr<const Dataset> studentData(const Dataset& data, const Model& student,
                                           const std::optional<Preprocess>& preprocess = {});

/// The document beside the file that a student was read from; nothing where there is none.
std::optional<Preprocess> preprocessBeside(const Model& student, const DataSource& data);

struct DistillRequest {
  TrainSettings train;
  ClassLossSettings loss;  ///< a share of 0 is a training without the teacher, of 1 one without labels
  FeatureMatch features;
  /// Further samples, which the teacher alone speaks of, whatever labels they have; null for none. They are
  /// prepared as the session's data are.
  std::shared_ptr<const DataSource> unlabelled;
  std::optional<Preprocess> preprocess;  ///< of the student's inputs; none: the teacher's
  double heldOut =
      0.1;  ///< share of the session's data that decides which epoch was best, and teaches nothing
  std::size_t patience = 5;  ///< epochs without a better one before it ends
  /// File that is written after every epoch, and from which an interrupted distillation of the same student
  /// with the same teacher, data and settings goes on, with the same bits; removed at the end. Empty: none.
  std::string checkpoint = {};
};

struct Distilled {
  Model model;
  std::vector<TrainedEpoch> epochs;
  std::size_t best = 0;  ///< the epoch whose weights these are
};

/// Trains a student (see makeStudent) on the session's data. `onEpoch` hears of every epoch and may end it
/// (false), `onStep` of every step; a stop ends it too: the best so far is returned. The same bits for any
/// number of workers. Throws as studentTask does, and Error(InvalidInput) where the student's classes are not
/// the teacher's, Error(Unsupported) where it has no weights to train or a node has no gradient.
Distilled distill(const Session& teacher, const Model& student, const DistillRequest& request,
                  const Progress& progress, const OnTrainedEpoch& onEpoch = {},
                  const std::function<void(const StepNews&)>& onStep = {});

}  // namespace lapidary::core
