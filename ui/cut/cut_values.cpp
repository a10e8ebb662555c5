// Reads edits and statistics for the cut panel.
#include "ui/cut/cut_values.h"

#include <algorithm>

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

CutValues cutValues(const core::Session& session, const core::Recipe& recipe,
                    std::span<const core::LayerId> layers) {
  Common<core::PruneMode> mode;
  Common<core::Scheme> scheme;
  Common<core::Granularity> granularity;
  Common<int> bits, dropped;
  Common<core::ActivationMode> activations;
  Common<core::RangeMethod> range;
  for (const auto layer : layers) {
    const auto edit = recipe.editOf(session.model().layer(layer).name);
    mode.add(edit.prune.mode);
    scheme.add(edit.quantize.scheme);
    granularity.add(edit.quantize.granularity);
    bits.add(edit.quantize.bits);
    dropped.add(edit.quantize.droppedPlanes);
    activations.add(edit.activations.mode);
    range.add(edit.activations.range);
  }
  return {mode.get(),    scheme.get(),      granularity.get(), bits.get(),
          dropped.get(), activations.get(), range.get()};
}

PruneReadout pruneReadout(const core::Session& session, const core::Recipe& recipe,
                          std::span<const core::LayerId> layers) {
  PruneReadout readout;
  Common<double> target, threshold;
  bool byTarget = true;
  for (const auto layer : layers) {
    const auto& statistics = session.cutter().statistics(layer);
    const auto prune = recipe.editOf(session.model().layer(layer).name).prune;
    const double limit = session.cutter().threshold(recipe, layer);
    threshold.add(limit);
    byTarget = byTarget && prune.mode != core::PruneMode::Threshold;
    target.add(prune.mode == core::PruneMode::Global ? recipe.globalSparsity
               : prune.mode == core::PruneMode::None ? 0.0
                                                     : prune.value);
    readout.largestMagnitude = std::max(readout.largestMagnitude, statistics.largestMagnitude());
    readout.zeros += session.cutter().prunedZeros(recipe, layer);
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
  switch (mode) {
    case core::PruneMode::Threshold:
      return {mode, session.cutter().threshold(recipe, layer)};
    case core::PruneMode::Sparsity: {
      const auto prune = recipe.editOf(session.model().layer(layer).name).prune;
      if (prune.mode == core::PruneMode::None) return {mode, 0};
      return {mode,
              share(session.cutter().prunedZeros(recipe, layer), session.cutter().statistics(layer).count())};
    }
    default:
      return {mode, 0};
  }
}

}  // namespace lapidary::ui
