// What the controls of the cut panel show for a recipe and a selection: values, or nothing where they differ.
#pragma once

#include <optional>
#include <span>

#include "core/session.h"

namespace lapidary::ui {

struct CutValues {
  std::optional<core::PruneMode> mode;
  std::optional<core::Scheme> scheme;
  std::optional<core::Granularity> granularity;
  std::optional<int> bits;
  std::optional<int> droppedPlanes;
  std::optional<core::ActivationMode> activations;
  std::optional<core::RangeMethod> range;
};

/// Cheap: reads the edits alone.
CutValues cutValues(const core::Session& session, const core::Recipe& recipe,
                    std::span<const core::LayerId> layers);

/// What pruning does to the selected layers; O(log n) a layer once their statistics are there.
struct PruneReadout {
  std::optional<double> sparsity;   ///< as set, or as the threshold gives it
  std::optional<double> threshold;  ///< in weight units
  double largestMagnitude = 0;
  std::int64_t zeros = 0, weights = 0;
  double l1 = 0, l1Kept = 0;
};

PruneReadout pruneReadout(const core::Session& session, const core::Recipe& recipe,
                          std::span<const core::LayerId> layers);

/// Another mode with as nearly the same effect on the layer as it can have.
core::Prune converted(const core::Session& session, const core::Recipe& recipe, core::LayerId layer,
                      core::PruneMode mode);

}  // namespace lapidary::ui
