// SPDX-License-Identifier: GPL-3.0-or-later
// How long a training of any kind will take, from a few steps of it.
#pragma once

#include <functional>

#include "core/session/session.h"

namespace lapidary::core {

struct TrainingForecast {
  double seconds = 0;   ///< of all epochs; less where none is better for a while
  double perEpoch = 0;  ///< seconds, the measurement on the validation samples included
};

/// A training that is tried on few samples for one epoch.
struct TriedTraining {
  std::size_t batch = 1, epochs = 1;
  double heldOut = 0;       ///< share of the samples that teaches nothing
  std::size_t further = 0;  ///< samples besides those of the session, which are not tried
  /// Trains on the session's data, tells `watched` of every step and `onEpoch` of every epoch, 0 being before
  /// the first.
  std::function<void(const Session& few, const Progress& watched,
                     const std::function<void(std::size_t epoch)>& onEpoch)>
      run;
};

/// Tries it with a few batches of the session's data and multiplies. Throws as `run` does, and Cancelled.
TrainingForecast forecastTraining(const Session& session, const TriedTraining& tried,
                                  const Progress& progress);

}  // namespace lapidary::core
