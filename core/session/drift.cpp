// SPDX-License-Identifier: GPL-3.0-or-later
// Saliency drift of a recipe, against maps of the original that are computed once.
#include "core/explain/drift.h"

#include "core/explain/saliency_methods.h"
#include "core/session/state.h"

namespace lapidary::core {

/// Computed once; whoever comes meanwhile computes them too and gets the same.
std::shared_ptr<const std::vector<SaliencyMap>> Session::State::originalMaps(SaliencyMethod method,
                                                                             const Progress& progress) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_originalMaps) return m_originalMaps;
  }
  const auto samples = driftSamples(*data, options.drift.samples);
  auto made = std::make_shared<const std::vector<SaliencyMap>>(
      saliencyMaps({original(), *executor, *data}, samples, method, {}, memory.workers, progress));
  const std::lock_guard lock(m_mutex);
  if (!m_originalMaps) m_originalMaps = std::move(made);
  return m_originalMaps;
}

std::optional<SaliencyDrift> Session::State::driftOf(const RunnableCut& cut, const Progress& progress) {
  const SaliencyMethod method = saliencyMethodNamed(options.drift.method);
  if (!canRun() || !data || data->size() == 0 || !classAnswers || options.drift.samples == 0)
    return std::nullopt;
  {
    const std::lock_guard lock(m_mutex);
    if (m_noSaliency) return std::nullopt;
  }
  try {
    const auto before = originalMaps(method, progress);
    if (sameWeights(original(), cut.model)) return noDrift(before->size(), options.drift);
    std::vector<std::int64_t> targets;
    for (const SaliencyMap& map : *before) targets.push_back(map.targetClass);
    return driftBetween(
        *before,
        saliencyMaps({cut.model, *cut.executor, *data}, driftSamples(*data, options.drift.samples), method,
                     targets, memory.workers, progress),
        options.drift);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unsupported) throw;
    const std::lock_guard lock(m_mutex);
    m_noSaliency = true;
    return std::nullopt;
  }
}

}  // namespace lapidary::core
