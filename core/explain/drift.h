// SPDX-License-Identifier: GPL-3.0-or-later
// Saliency drift: how much of the maps before a change is left in the maps after it.
#pragma once

#include <vector>

#include "core/analyze/saliency_drift.h"
#include "core/data/dataset.h"
#include "core/explain/map/saliency.h"
#include "core/model/model.h"
#include "core/run/executor.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// A model, what runs it, and its samples.
struct ExplainedModel {
  const Model& model;
  const Executor& executor;
  const Dataset& data;
};

/// The samples that drift is looked at on: the first of the stratified order.
std::vector<std::size_t> driftSamples(const Dataset& data, std::size_t count);

/// One map a sample, on up to `workers` threads, which give the same maps in any number. `targets`: the class
/// that each map explains; empty: what the model answers. Throws Error(Unsupported) where the method does not
/// fit the model, Cancelled.
std::vector<SaliencyMap> saliencyMaps(const ExplainedModel& explained, std::span<const std::size_t> samples,
                                      SaliencyMethod method, std::span<const std::int64_t> targets,
                                      unsigned workers, const Progress& progress);

/// The three measures of two maps of one sample; 1 each of equal ones, 0 each where a value is no number.
struct MapSimilarity {
  double rank = 1, ssim = 1, top = 1;
};
MapSimilarity similarityOf(const SaliencyMap& before, const SaliencyMap& after, double topShare);

/// Means over the pairs. Pairs of different sizes (of another model's input) are left out: `samples` tells
/// how many were compared, and means of none are 1.
SaliencyDrift driftBetween(const std::vector<SaliencyMap>& before, const std::vector<SaliencyMap>& after,
                           const DriftOptions& options);

/// Of a model that is the same: 1 each, over so many samples.
SaliencyDrift noDrift(std::size_t samples, const DriftOptions& options);

}  // namespace lapidary::core
