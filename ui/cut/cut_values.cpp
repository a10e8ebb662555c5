// SPDX-License-Identifier: GPL-3.0-or-later
// Reads edits and statistics for the cut panel.
#include "ui/cut/cut_values.h"

#include <algorithm>

#include "ui/cut/refusals.h"
#include "ui/document/document.h"
#include "ui/document/edited_weights.h"

namespace lapidary::ui {

namespace {

/// The value that all have in common.
template <class T>
class Common {
 public:
  void add(const T& value) {
    m_mixed = m_mixed || (m_value && *m_value != value);
    m_value = value;
  }
  std::optional<T> get() const { return m_mixed ? std::nullopt : m_value; }

 private:
  std::optional<T> m_value;
  bool m_mixed = false;
};

double share(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

}  // namespace

SelectedEdits::SelectedEdits(const Document& document) {
  if (!document.session()) return;
  for (const auto layer : document.selection())
    m_edits.push_back(document.shownRecipe().editOf(document.session()->model().layer(layer).name));
}

bool hasThreshold(const core::Prune& prune) {
  switch (prune.mode) {
    case core::PruneMode::None:
    case core::PruneMode::Threshold:
      return true;
    case core::PruneMode::Sparsity:
    case core::PruneMode::Global:
      // Squares rank single weights as magnitudes do.
      return prune.criterion == core::Criterion::Magnitude || prune.criterion == core::Criterion::Squares;
    default:
      return false;
  }
}

bool goTogether(core::PruneMode mode, core::Criterion criterion) {
  core::LayerEdit edit;
  edit.prune.mode = mode;
  edit.prune.criterion = criterion;
  try {
    core::validate(edit);
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

bool hasShare(core::PruneMode mode) {
  return mode == core::PruneMode::Sparsity || mode == core::PruneMode::Blocks || core::removes(mode);
}

double shareOf(const core::Recipe& recipe, const core::Prune& prune) {
  if (prune.mode == core::PruneMode::Global) return recipe.globalSparsity;
  return hasShare(prune.mode) ? prune.value : 0;
}

namespace {

core::Prune pruneOf(const core::Session& session, const core::Recipe& recipe, core::LayerId layer) {
  return recipe.editOf(session.model().layer(layer).name).prune;
}

std::vector<Refusal> refusalsAmong(const core::Session& session, const core::Recipe& recipe,
                                   std::span<const core::LayerId> layers) {
  std::vector<Refusal> refusals;
  for (const auto layer : layers) {
    const auto mode = pruneOf(session, recipe, layer).mode;
    if (const QString obstacle = obstacleTo(mode, session, recipe, layer); !obstacle.isEmpty())
      refusals.push_back({QString::fromStdString(session.model().layer(layer).name), obstacle});
  }
  return refusals;
}

/// The values that the sliders are set to. Where single weights have a threshold, also what lies below it:
/// that has to look at what the whole recipe makes of the model.
PruneReadout computedReadout(const core::Session& session, const core::Recipe& recipe,
                             std::span<const core::LayerId> layers) {
  PruneReadout readout;
  Common<double> target, threshold;
  bool byTarget = true;
  const bool byMagnitude = std::ranges::all_of(
      layers, [&](core::LayerId layer) { return hasThreshold(pruneOf(session, recipe, layer)); });
  const core::ReducedCut edited = editedWeights(session, recipe);
  for (const auto layer : layers) {
    const auto& statistics = edited.cutter->statistics(layer);
    const auto prune = pruneOf(session, recipe, layer);
    byTarget = byTarget && prune.mode != core::PruneMode::Threshold;
    target.add(shareOf(recipe, prune));
    readout.largestMagnitude = std::max(readout.largestMagnitude, statistics.largestMagnitude());
    if (!byMagnitude) continue;
    const double limit = edited.cutter->threshold(edited.rest, layer);
    threshold.add(limit);
    readout.zeros += edited.cutter->prunedZeros(edited.rest, layer);
    readout.weights += statistics.count();
    readout.l1 += statistics.l1();
    readout.l1Kept += statistics.l1Kept(limit);
  }
  readout.threshold = threshold.get();
  // A common threshold leaves different shares: their mean over all weights is what the slider shows.
  readout.sparsity = byTarget            ? target.get()
                     : readout.threshold ? std::optional(share(readout.zeros, readout.weights))
                                         : std::nullopt;
  return readout;
}

/// The share of the layer's weights that the recipe zeroes.
double zeroedShare(const core::Session& session, const core::Recipe& recipe, core::LayerId layer) {
  const core::ReducedCut edited = editedWeights(session, recipe);
  return share(edited.cutter->prunedZeros(edited.rest, layer), edited.cutter->statistics(layer).count());
}

core::Prune computedPrune(const core::Session& session, const core::Recipe& recipe, core::LayerId layer,
                          core::PruneMode mode) {
  core::Prune prune = pruneOf(session, recipe, layer);
  const bool nothing = prune.mode == core::PruneMode::None;
  if (!goTogether(mode, prune.criterion)) prune.criterion = {};
  if (mode == core::PruneMode::Threshold) {
    const core::ReducedCut edited = editedWeights(session, recipe);
    return {mode, edited.cutter->threshold(edited.rest, layer)};
  }
  if (!hasShare(mode)) return {mode, 0, prune.criterion, prune.keep, prune.of, prune.rows, prune.columns};
  // Removed channels and zeroed weights are different things: no share of one is the same cut of the other.
  if (core::removes(mode) || core::removes(prune.mode))
    prune.value = 0;
  else if (prune.mode == core::PruneMode::Pattern)
    prune.value = 1 - static_cast<double>(prune.keep) / prune.of;
  else if (!hasShare(prune.mode))
    prune.value = nothing ? 0 : zeroedShare(session, recipe, layer);
  prune.mode = mode;
  return prune;
}

}  // namespace

ValueOrReason<PruneReadout> pruneReadout(const core::Session& session, const core::Recipe& recipe,
                                         std::span<const core::LayerId> layers) {
  if (const auto refusals = refusalsAmong(session, recipe, layers); !refusals.empty())
    return ValueOrReason<PruneReadout>::because(refusalText(refusals));
  return valueOrReason([&] { return computedReadout(session, recipe, layers); });
}

ValueOrReason<core::Prune> converted(const core::Session& session, const core::Recipe& recipe,
                                     core::LayerId layer, core::PruneMode mode) {
  if (const QString obstacle = obstacleTo(mode, session, recipe, layer); !obstacle.isEmpty())
    return ValueOrReason<core::Prune>::because(obstacle);
  return valueOrReason([&] { return computedPrune(session, recipe, layer, mode); });
}

}  // namespace lapidary::ui
