// SPDX-License-Identifier: GPL-3.0-or-later
// The checkpoint from which an interrupted training goes on: a file, written anew after every epoch.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/finetune/validation.h"
#include "core/train/trainer.h"

namespace lapidary::core {

struct SavedTraining {
  std::size_t stage = 0;  ///< of a repair; of a distillation always 0
  TrainState state;
  std::vector<TrainedEpoch> epochs;
  std::size_t best = 0;
  using Weights = std::map<ValueId, Tensor>;
  Weights bestWeights;       ///< of the best epoch, those that training changes
  Weights startWeights;      ///< of the stage, likewise
  bool bestLearned = false;  ///< whether that epoch learned grids
};

/// The weights of `model` that are not those of `base`.
SavedTraining::Weights changedWeights(const Model& model, const Model& base);
/// `base` with these in place of its own. Throws Error(InvalidInput) where it has none of that id and shape.
Model withWeights(const Model& base, const SavedTraining::Weights& weights);

/// A NumPy archive of plain arrays; nothing of it is ever run.
class Checkpoint {
 public:
  /// `subject` tells this training from all others. An empty path: nothing is written or read.
  Checkpoint(std::string path, std::string subject)
      : m_path(std::move(path)), m_subject(std::move(subject)) {}

  bool wanted() const { return !m_path.empty(); }
  /// "reading the checkpoint FILE", with the cure, for errors of what it holds.
  std::string place() const;
  /// Nothing where there is no file. Throws Error(InvalidInput) for damage, and for the file of another
  /// training.
  std::optional<SavedTraining> load() const;
  /// Replaces the file as a whole. Throws Error(CannotWrite).
  void save(const SavedTraining& saved) const;
  /// After the end.
  void remove() const;

 private:
  std::string m_path, m_subject;
};

}  // namespace lapidary::core
