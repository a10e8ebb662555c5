// Reads edits and statistics for the cut panel.
#include "ui/cut/cut_values.h"

#include <algorithm>

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

PruneReadout pruneReadout(const core::Session& session, const core::Recipe& recipe,
                          std::span<const core::LayerId> layers) {
  PruneReadout readout;
  Common<double> target, threshold;
  bool byTarget = true;
  const core::ReducedCut edited = editedWeights(session, recipe);
  for (const auto layer : layers) {
    const auto& statistics = edited.cutter->statistics(layer);
    const auto prune = recipe.editOf(session.model().layer(layer).name).prune;
    const double limit = edited.cutter->threshold(edited.rest, layer);
    threshold.add(limit);
    byTarget = byTarget && prune.mode != core::PruneMode::Threshold;
    target.add(prune.mode == core::PruneMode::Global ? recipe.globalSparsity
               : hasShare(prune.mode)                ? prune.value
                                                     : 0.0);
    readout.largestMagnitude = std::max(readout.largestMagnitude, statistics.largestMagnitude());
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

core::Prune converted(const core::Session& session, const core::Recipe& recipe, core::LayerId layer,
                      core::PruneMode mode) {
  core::Prune prune = recipe.editOf(session.model().layer(layer).name).prune;
  const bool nothing = prune.mode == core::PruneMode::None;
  if (!goTogether(mode, prune.criterion)) prune.criterion = {};
  const core::ReducedCut edited = editedWeights(session, recipe);
  if (mode == core::PruneMode::Threshold) return {mode, edited.cutter->threshold(edited.rest, layer)};
  if (!hasShare(mode)) return {mode, 0, prune.criterion, prune.keep, prune.of, prune.rows, prune.columns};
  // Removed channels and zeroed weights are different things: no share of one is the same cut of the other.
  if (core::removes(mode) || core::removes(prune.mode))
    prune.value = 0;
  else if (prune.mode == core::PruneMode::Pattern)
    prune.value = 1 - static_cast<double>(prune.keep) / prune.of;
  else if (!hasShare(prune.mode))
    prune.value = nothing ? 0
                          : share(edited.cutter->prunedZeros(edited.rest, layer),
                                  edited.cutter->statistics(layer).count());
  prune.mode = mode;
  return prune;
}

}  // namespace lapidary::ui
