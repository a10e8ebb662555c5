// SPDX-License-Identifier: GPL-3.0-or-later
// The values that the controls of the cut panel show for a recipe and a selection, or nothing where they
// differ.
#pragma once

#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "core/session/session.h"
#include "ui/look/value_or_reason.h"

namespace lapidary::ui {

class Document;

/// The edits of the selected layers, and what they have in common. Cheap: reads the edits alone.
class SelectedEdits {
 public:
  explicit SelectedEdits(const Document& document);

  /// Gives what `read` gives for all of them; nothing where they differ.
  template <class Read>
  auto common(Read read) const {
    std::optional<std::decay_t<std::invoke_result_t<Read, const core::LayerEdit&>>> value;
    for (const core::LayerEdit& edit : m_edits) {
      if (value && *value != read(edit)) return decltype(value){};
      value = read(edit);
    }
    return value;
  }

 private:
  std::vector<core::LayerEdit> m_edits;
};

/// The number of a common choice; -1 where there is none.
template <class E>
int idOf(const std::optional<E>& choice) {
  return choice ? static_cast<int>(*choice) : -1;
}

/// The effect of pruning on the selected layers; O(log n) a layer once their statistics are there.
struct PruneReadout {
  std::optional<double> sparsity;   ///< as set, or as the threshold gives it
  std::optional<double> threshold;  ///< in weight units
  double largestMagnitude = 0;
  std::int64_t zeros = 0, weights = 0;
  double l1 = 0, l1Kept = 0;
};

/// The reason names the layer that cannot be cut as the recipe says, which need not be one of these.
ValueOrReason<PruneReadout> pruneReadout(const core::Session& session, const core::Recipe& recipe,
                                         std::span<const core::LayerId> layers);

/// Another mode with as nearly the same effect on the layer as it can have, or why the layer cannot follow
/// it.
ValueOrReason<core::Prune> converted(const core::Session& session, const core::Recipe& recipe,
                                     core::LayerId layer, core::PruneMode mode);

/// Whether the mode zeroes what lies below one magnitude, so that a threshold and a kept L1 norm mean
/// something.
bool hasThreshold(const core::Prune& prune);
/// Whether the mode can rank by the criterion.
bool goTogether(core::PruneMode mode, core::Criterion criterion);
/// Whether the mode has a share of its own to set.
bool hasShare(core::PruneMode mode);
/// The share that the edit asks for, its own or the recipe's; 0 where it asks for none.
double shareOf(const core::Recipe& recipe, const core::Prune& prune);

}  // namespace lapidary::ui
