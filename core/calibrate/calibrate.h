// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges of the activations that layers read, from the first samples of a dataset, in constant memory.
#pragma once

#include "core/calibrate/calibration.h"
#include "core/data/dataset.h"
#include "core/run/executor.h"

namespace lapidary::core {

/// Runs the model over the first `samples` (at most all) of the dataset's order. The activations are those
/// of the model as given, in 32-bit floats. The results are the same for any number of workers. Memory: one
/// histogram a layer and worker, and `calibrationPoints` ranges, whatever the number of samples. Throws
/// Error(Unsupported) naming a layer that reads values that are not finite.
Calibration calibrate(const Model& model, const Executor& executor, const Dataset& data, std::size_t samples,
                      unsigned workers, const Progress& progress);

}  // namespace lapidary::core
