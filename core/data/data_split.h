// SPDX-License-Identifier: GPL-3.0-or-later
// Divides data into samples to learn from, to choose on and to report on.
#pragma once

#include <memory>

#include "core/data/dataset.h"

namespace lapidary::core {

/// Methods fit the samples that they learn from better than others: a choice made on the same samples would
/// believe too much of it.
struct LearningSplit {
  std::shared_ptr<const Dataset> calibration, choosing;
};

/// Keeps a quarter of every class apart to learn from, `most` samples in all at most; with the same data the
/// same samples always. Both parts are all of the data where there are fewer than four samples.
LearningSplit splitForLearning(const std::shared_ptr<const Dataset>& data, const Model& model,
                               std::size_t most);

struct DataSplit {
  std::shared_ptr<const Dataset> calibration, choosing, reporting;
};

/// `holdout`, in (0, 1), is the share of every class that is left for the report, the rest is split as above;
/// with the same data the same samples always. Throws Error(Usage) where the report or the rest would be
/// empty.
DataSplit splitData(const Dataset& data, const Model& model, double holdout, std::size_t mostCalibration);

/// The first so many samples of the order, which holds the classes in about their share.
std::shared_ptr<const Dataset> firstSamples(const Dataset& data, const Model& model, std::size_t count);

}  // namespace lapidary::core
