// SPDX-License-Identifier: GPL-3.0-or-later
// The validation of a training: which epoch was best, by samples that taught nothing.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/analyze/answers/class_answers.h"

namespace lapidary::core {

struct TrainedEpoch {
  std::size_t epoch = 0;  ///< 0: before the first step
  double loss = 0;        ///< mean over the training samples; of epoch 0 not measured
  double quality = 0;     ///< on the validation samples: top-1, without labels agreement with the teacher
  double rate = 0;
  double validationLoss = 0;  ///< mean cross-entropy on the validation samples, in nats
};

/// Hears of every epoch, and may end the training (false).
using OnTrainedEpoch = std::function<bool(const TrainedEpoch&)>;

/// The class of every sample of labelled data.
std::vector<std::int64_t> labelsOf(const Dataset& data);

/// The validation samples that a training is validated on, and the classes that are right for them.
class Validation {
 public:
  /// Where there are no labels, the teacher's answers count. Throws Cancelled.
  Validation(const std::shared_ptr<const Dataset>& heldOut, const Model& teacher, unsigned workers,
             const std::stop_token& stop)
      : Validation(heldOut, teacher, heldOut, workers, stop) {}
  /// `seen`: the same samples, as the models that are validated take them.
  Validation(const std::shared_ptr<const Dataset>& heldOut, const Model& teacher,
             std::shared_ptr<const Dataset> seen, unsigned workers, const std::stop_token& stop);

  /// Sets quality and validationLoss of the epoch. Throws Cancelled.
  TrainedEpoch measured(TrainedEpoch epoch, const Model& model, const std::stop_token& stop) const;

 private:
  std::shared_ptr<const Dataset> m_seen;
  std::vector<std::int64_t> m_wanted;
  unsigned m_workers;
};

/// Whether a training is to go on.
enum class Verdict {
  GoOn,
  NoBetter,  ///< for too many epochs
  Unwanted,  ///< whoever hears of it has had enough
};

/// Keeps the model of the best epoch (of equal qualities the one of least loss on the validation samples),
/// and ends a training that no longer gets better.
class BestEpoch {
 public:
  /// `patience`: epochs without a better one before it ends.
  BestEpoch(std::size_t patience, OnTrainedEpoch onEpoch)
      : m_patience(patience), m_onEpoch(std::move(onEpoch)) {}

  /// Epochs come in order, from 0.
  Verdict tell(const TrainedEpoch& epoch, const Model& model);

  /// As if these had been told; `model` is the best one's.
  void restore(std::vector<TrainedEpoch> epochs, std::size_t best, Model model) {
    m_epochs = std::move(epochs);
    m_best = best;
    m_model = std::move(model);
  }

  /// Whether the last epoch that was told ended the training.
  bool exhausted() const { return !m_epochs.empty() && m_epochs.back().epoch - m_best >= m_patience; }

  const Model& model() const { return m_model; }
  const std::vector<TrainedEpoch>& epochs() const { return m_epochs; }
  std::size_t best() const { return m_best; }

 private:
  std::size_t m_patience, m_best = 0;
  OnTrainedEpoch m_onEpoch;
  std::vector<TrainedEpoch> m_epochs;
  Model m_model;
};

}  // namespace lapidary::core
